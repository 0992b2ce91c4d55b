// A past day step by step: the slider chooses a time, the keys go from step to step. Steps are fetched some at a time.
import { beijingTime } from "./clock.js";
import { byId, h, pageData, setText } from "./dom.js";
import { grouped } from "./money.js";
import { t } from "./words.js";

const STEPS = 50;
const PLAY_MS = 600;
const KEPT = 8; // chunks that are remembered; older ones are fetched again

const page = pageData("replay-data");
const begins = Date.parse(page.begins);
const names = { ...page.names };
/** Steps in order without a gap, and the state before them. `at` is the step shown; -1 is the state before the first. */
const view = { start: page.chunk.start, steps: page.chunk.steps, at_start: page.chunk.at_start, at_end: page.chunk.at_end, at: -1 };
let busy = false;
let player = null;

// --- reading ---------------------------------------------------------------------------------------

async function read(query) {
  const answer = await fetch(`${page.api}?steps=${STEPS}&${query}`, {
    headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang },
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? `HTTP ${answer.status}`);
  Object.assign(names, body.names);
  return body;
}

/** Does one thing at a time; what went wrong is said, and the page stays where it was. */
async function alone(task) {
  if (busy) return;
  busy = true;
  try {
    await task();
  } catch (error) {
    stop();
    setText(byId("now"), t("failed", { reason: error.message }));
  } finally {
    busy = false;
  }
}

async function more() {
  const last = view.steps.at(-1)?.event ?? view.start.event;
  const chunk = await read(`after=${last}`);
  view.steps = view.steps.concat(chunk.steps);
  view.at_end = chunk.at_end;
  const most = KEPT * STEPS;
  if (view.steps.length > most) {
    const gone = view.steps.splice(0, view.steps.length - most);
    const last_gone = gone.at(-1);
    view.start = { event: last_gone.event, book: last_gone.book, quote: last_gone.quote };
    view.at -= gone.length;
    view.at_start = false;
  }
}

async function earlier() {
  const chunk = await read(`before=${view.start.event}`);
  const joined = chunk.steps.concat(view.steps);
  view.at_end = view.at_end && joined.length <= KEPT * STEPS;
  view.steps = joined.slice(0, KEPT * STEPS);
  view.at += chunk.steps.length;
  view.start = chunk.start;
  view.at_start = chunk.at_start;
}

async function jump(query, toEnd = false) {
  const chunk = await read(query);
  Object.assign(view, { start: chunk.start, steps: chunk.steps, at_start: chunk.at_start, at_end: chunk.at_end });
  view.at = toEnd ? chunk.steps.length - 1 : -1;
  show();
}

// --- moving ----------------------------------------------------------------------------------------

function step(count) {
  return alone(async () => {
    let at = view.at + count;
    while (at >= view.steps.length && !view.at_end) {
      await more();
      at = view.at + count;
    }
    while (at < -1 && !view.at_start) {
      await earlier();
      at = view.at + count;
    }
    view.at = Math.max(-1, Math.min(at, view.steps.length - 1));
    if (view.at === view.steps.length - 1 && view.at_end) stop();
    show();
  });
}

const toStart = () => alone(() => jump(`after=${page.chunk.first - 1}`));
const toEnd = () => alone(() => jump(`before=${page.chunk.last}`, true));
const toTime = (time) => alone(() => jump(`at=${time}`));

function stop() {
  clearInterval(player);
  player = null;
  setText(byId("play"), t("play"));
}

function play() {
  if (player) return stop();
  player = setInterval(() => step(1), PLAY_MS);
  setText(byId("play"), t("pause"));
  return undefined;
}

// --- showing ---------------------------------------------------------------------------------------

function member(code) {
  if (code === "") return t("somebody");
  return names[code]?.[page.language] ?? code ?? "";
}

function eventText(event) {
  const values = {
    side: event.side ? t(`side.${event.side}`) : "", qty: grouped(event.qty ?? ""), price: event.price ?? "–",
    order: event.order ?? "", trade: event.trade ?? "", member: member(event.member), other: member(event.other),
    reason: t(`refused.${event.reason}`), phase: t(`phase.${event.reason}`),
  };
  const readable = event.kind === "rejected" && event.side && event.qty && event.price;
  return t(readable ? "event.rejected.order" : `event.${event.kind}`, values);
}

function stepText(one) {
  const texts = one.events.map(eventText);
  if (one.count > one.events.length) texts.push(t("events.more", { n: one.count - one.events.length }));
  return texts.join("; ");
}

function stepHead(one) {
  const who = one.member === null ? "" : `${member(one.member)} · `;
  return `${beijingTime(Date.parse(one.time))} · ${who}${t(`command.${one.command}`)}`;
}

function levelRow(side, level) {
  const holders = level.listings.map((one) => `№ ${one.no} ${member(one.member)} ${grouped(one.qty)}`);
  if (level.count > level.listings.length) holders.push(t("book.more", { n: level.count - level.listings.length }));
  return h("tr", { class: side },
    h("td", { class: "quiet" }, t(`side.${side}`)),
    h("td", { class: `right ${side === "sell" ? "down" : "up"}` }, level.price),
    h("td", { class: "right" }, grouped(level.qty)),
    h("td", { class: "holders" }, holders.join(", ")));
}

function showBook(book) {
  byId("book-sell").replaceChildren(...book.sell.toReversed().map((level) => levelRow("sell", level)));
  byId("book-buy").replaceChildren(...book.buy.map((level) => levelRow("buy", level)));
}

function showQuote(quote) {
  for (const cell of document.querySelectorAll("#quote [data-q]")) {
    const value = quote[cell.dataset.q];
    setText(cell, value === null ? "–" : grouped(value));
  }
  setText(byId("last"), quote.last ?? "–");
}

function showLog() {
  const from = Math.max(0, view.at - 25);
  const rows = view.steps.slice(from, view.at + 26).map((one, offset) => {
    const index = from + offset;
    const isEvidence = page.until !== null && one.event <= page.until && one.event > (page.from ?? 0);
    return h("li", { class: isEvidence ? "evidence" : "", "aria-current": index === view.at ? "step" : null, dataset: { event: one.event } },
      h("button", { type: "button", tabindex: "-1", onclick: () => {
        view.at = index;
        show();
      } }, h("span", { class: "num" }, stepHead(one)), h("small", {}, stepText(one))));
  });
  const log = byId("log");
  log.replaceChildren(...rows);
  const current = log.querySelector("[aria-current]");
  if (current) log.scrollTop = current.offsetTop - log.offsetTop - log.clientHeight / 2;
}

function show() {
  const one = view.at >= 0 ? view.steps[view.at] : null;
  const state = one ?? view.start;
  showBook(state.book);
  showQuote(state.quote);
  showLog();
  const ms = one ? Date.parse(one.time) : view.steps.length ? Date.parse(view.steps[0].time) : Date.parse(page.ends);
  byId("slider").value = Math.round((ms - begins) / 1000);
  const time = beijingTime(ms);
  byId("slider").setAttribute("aria-valuetext", time);
  setText(byId("position"), t("position", { event: state.event, time }));
  setText(byId("now"), one ? `${stepHead(one)}: ${stepText(one)}` : view.at_start ? t("begin") : "");
}

// --- controls --------------------------------------------------------------------------------------

const KEYS = { ArrowLeft: -1, ArrowRight: 1 };
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=range]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in KEYS) step(KEYS[event.key] * (event.shiftKey ? 10 : 1));
  else if (event.key === "Home") toStart();
  else if (event.key === "End") toEnd();
  else if (event.key === " " && !event.target.closest?.("button, a, summary")) play();
  else return;
  event.preventDefault();
});

byId("back").addEventListener("click", () => step(-1));
byId("forward").addEventListener("click", () => step(1));
byId("to-start").addEventListener("click", toStart);
byId("to-end").addEventListener("click", toEnd);
byId("play").addEventListener("click", play);
byId("slider").addEventListener("change", (event) => toTime(beijingTime(begins + Number(event.target.value) * 1000)));
byId("slider").addEventListener("input", (event) => {
  setText(byId("position"), beijingTime(begins + Number(event.target.value) * 1000));
});
byId("go").addEventListener("submit", (event) => {
  event.preventDefault();
  const time = byId("time").value.trim();
  if (byId("time").checkValidity() && time) toTime(time);
  else byId("time").reportValidity();
});

byId("slider").disabled = false;
show();
if (page.from !== null) step(1);
