// The head of the desk: the quote, the phase with its countdown, and the honest badge of the connection.
import { countdown } from "./clock.js";
import { byId, flash, setText } from "./dom.js";
import { directionOf, grouped, parseYuan, percent, signed, yuan } from "./money.js";
import { t } from "./words.js";

const PRICES = ["last", "open", "high", "low", "close", "prev_close", "limit_up", "limit_down"];

function fields(name) {
  return document.querySelectorAll(`[data-q="${name}"]`);
}

function put(name, text) {
  for (const element of fields(name)) setText(element, text);
}

export function showQuote(quote) {
  const last = quote.last ?? quote.prev_close;
  const [now, before] = [parseYuan(last), parseYuan(quote.prev_close)];
  const change = yuan(now - before);
  const direction = directionOf(change);
  for (const name of PRICES) put(name, quote[name] ?? t("none"));
  for (const element of fields("last")) {
    if (setText(element, last ?? t("none"))) flash(element);
  }
  byId("main").classList.toggle("no-trade", !quote.last);
  // Beside the last price stands the last price's change, beside the average so far the average's.
  put("change", signed(change));
  put("change_pct", `(${signed(percent(before, now))} %)`);
  put("close_pct", quote.last ? `${signed(quote.change_pct ?? "0.00")} %` : "");
  put("arrow", { up: "▲", down: "▼", flat: "" }[direction]);
  put("volume", grouped(quote.volume ?? 0));
  put("turnover", grouped(quote.turnover ?? "0.00"));
  for (const element of fields("direction")) element.classList.remove("up", "down");
  if (direction !== "flat") for (const element of fields("direction")) element.classList.add(direction);
  document.title = `${last} ${document.title.replace(/^[\d.]+ /, "")}`;
}

export function showPhase(phase, next = {}) {
  for (const element of fields("phase")) {
    setText(element, t(`phase.${phase}`));
    element.dataset.phase = phase;
  }
  const left = byId("phase-left");
  // A day that was closed early has its timetable's close still before it.
  if (phase === "closed" && next.phase === "closed") next = {};
  left.dataset.at = next.at ?? "";
  left.dataset.text = next.phase ? until(phase, next.phase) : "";
}

function until(phase, next) {
  if (next === "closed" || next === "break") return t(`until.${next}`);
  return t(phase === "break" ? "until.resumes" : "until.opens");
}

export function showState(state) {
  const badge = byId("live");
  badge.dataset.state = state;
  setText(badge.querySelector('[data-role="word"]'), t(`live.${state}`));
  byId("main").dataset.state = state;
}

setInterval(() => {
  const element = byId("phase-left");
  const left = countdown(Date.parse(element.dataset.at));
  setText(element, left && element.dataset.text ? `${element.dataset.text} ${left}` : "");
}, 1000);
