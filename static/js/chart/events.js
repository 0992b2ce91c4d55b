// Dated events on the daily chart: deadlines to surrender, policies, first days. Told in words beside the marks.
import { rows } from "../api.js";
import { byId, h } from "../dom.js";
import { t } from "../words.js";
import { css } from "./look.js";

/** Read once for a page. An answer that is missing leaves the chart without marks, not without candles. */
export async function readEvents() {
  try {
    return await rows("market-events/");
  } catch {
    return [];
  }
}

const COLOURS = { deadline: "--red", policy: "--tblr-link-color", listing: "--quiet" };

/** One mark a candle: an event on a day without one stands on the next. */
export function markers(events, days) {
  const on = new Map();
  for (const event of events) {
    if (!days.length || event.day < days[0] || event.day > days.at(-1)) continue;
    const day = days.find((each) => each >= event.day);
    on.set(day, [...(on.get(day) ?? []), event]);
  }
  return [...on.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, of]) => ({
    time: day, position: "aboveBar", shape: of[0].kind === "deadline" ? "square" : "circle", size: 0.6,
    color: css(COLOURS[of[0].kind]), text: of[0].short + (of.length > 1 ? ` +${of.length - 1}` : ""),
  }));
}

/** The sentences of the events after one candle's day up to another's. */
export function eventsOn(events, day, before) {
  return events.filter((event) => event.day <= day && (before ? event.day > before : event.day === day)).map((event) => event.what).join(" · ");
}

/** Fills the dialog's table and opens it; coming events first stand out by their date alone. */
export function showEvents(events, today) {
  const row = (event) => h("tr", {},
    h("td", { class: "nowrap" }, event.day), h("td", {}, h("span", { class: `tag ${event.day >= today && event.kind === "deadline" ? "warn" : ""}` }, t(`event.${event.kind}`))),
    h("td", {}, event.what), h("td", { class: "quiet" }, event.document));
  byId("events-rows").replaceChildren(...[...events].reverse().map(row));
  byId("events-empty").hidden = events.length > 0;
  byId("events-dialog").showModal();
}
