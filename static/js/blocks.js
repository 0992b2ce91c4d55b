// News of negotiations: said in a toast, and whatever of the page shows them is read again.
import { sentenceOf } from "./block-news.js";
import { byId } from "./dom.js";
import { Feed, socketAddress } from "./feed.js";
import { toast } from "./toast.js";

let cursor = "";

function listen() {
  const feed = new Feed(
    () => socketAddress(`/ws/account/${cursor ? `?after=${encodeURIComponent(cursor)}` : ""}`),
    (message) => hear(message),
    // What was missed while the connection was away is on the page after this.
    (state) => state === "live" && changed(),
  );
  feed.onBadRequest = () => (cursor = "");
}

function hear(message) {
  if (message.cursor) cursor = message.cursor;
  if (["heartbeat", "ready", "error"].includes(message.type)) return;
  const sentence = message.type === "block" ? sentenceOf(message) : "";
  if (sentence) toast(sentence);
  changed();
}

function changed() {
  document.body.dispatchEvent(new Event("blocks-changed"));
}

/** A form that answers what is not the last word any more: fresh if nothing was typed, else the reader is told. */
function compare() {
  const actions = byId("actions");
  const terms = byId("terms");
  if (!actions || !terms) return;
  const typed = [...actions.querySelectorAll("input, textarea")].some((field) =>
    field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  const state = byId("state").textContent;
  if (terms.dataset.last === actions.dataset.answering && state === (actions.dataset.state ?? state)) {
    actions.dataset.state = state;
  } else if (typed) {
    byId("moved-on").hidden = false;
  } else {
    location.reload();
  }
}

listen();
if (byId("state")) byId("actions").dataset.state = byId("state").textContent;
document.body.addEventListener("htmx:afterSwap", compare);
