// Auctions: countdowns on the market's clock; a page that waits reads itself again when its auction has moved on.
import { countdown } from "./clock.js";
import { byId } from "./dom.js";

const ASK_MS = 2_000;

const counters = [...document.querySelectorAll("[data-countdown]")].map((element) => ({
  element, at: Date.parse(element.dataset.countdown), left: element.querySelector('[data-role="left"]'),
}));

function tick() {
  for (const { element, at, left } of counters) {
    const text = countdown(at);
    left.textContent = text;
    element.classList.toggle("is-over", !text);
  }
}

/** Asks only once the moment has come: before it nothing can change. */
async function follow(head) {
  const due = counters.find(({ element }) => head.contains(element))?.at ?? 0;
  if (due && countdown(due)) return;
  try {
    const answer = await fetch(head.dataset.stateUrl, { headers: { Accept: "text/plain" } });
    if (answer.ok && (await answer.text()) !== head.dataset.standing) window.location.reload();
  } catch {
    // No connection: it is asked again.
  }
}

tick();
setInterval(tick, 1_000);
const head = byId("auction");
if (head) setInterval(() => follow(head), ASK_MS);
