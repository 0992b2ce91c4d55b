// The market's clock: the server's time, counted on by this machine, set again every half minute.
const SET_AGAIN_MS = 30_000;

let ahead_ms = 0;

/** Milliseconds since 1970 on the market's clock. */
export function marketNow() {
  return Date.now() + ahead_ms;
}

/** "14:18:47", always in Beijing time, whatever this machine's zone. */
export function beijingTime(ms, withSeconds = true) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", ...(withSeconds ? { second: "2-digit" } : {}),
  }).format(ms);
}

/** "00:41:12" until `at`; empty once it has come. */
export function countdown(at, now = marketNow()) {
  const seconds = Math.ceil((at - now) / 1000);
  if (!Number.isFinite(seconds) || seconds <= 0) return "";
  const two = (number) => String(number).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const time = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days ? `${days} d ${time}` : time;
}

export function startClock(element) {
  if (!element) return;
  const part = (role) => element.querySelector(`[data-role="${role}"]`);
  let next_at = Date.parse(element.dataset.nextAt);
  let next_text = element.dataset.nextText ?? "";
  let asked_at = Date.now();

  async function setAgain() {
    asked_at = Date.now();
    try {
      const sent = Date.now();
      const answer = await fetch(element.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const clock = await answer.json();
      ahead_ms = Date.parse(clock.now) - (sent + Date.now()) / 2;
      next_at = Date.parse(clock.next_at);
      next_text = clock.next_text;
      part("phase").textContent = clock.phase_text;
      part("dot").className = `dot phase-${clock.phase}`;
    } catch {
      // No connection: the clock goes on by itself; the page's own badge tells about the connection.
    }
  }

  function tick() {
    const now = marketNow();
    part("time").textContent = beijingTime(now);
    const left = countdown(next_at, now);
    part("countdown").textContent = left && next_text ? `${next_text} ${left}` : "";
    const due = Number.isFinite(next_at) && now >= next_at;
    if (Date.now() - asked_at > (due ? 2_000 : SET_AGAIN_MS)) setAgain();
  }

  ahead_ms = Date.parse(element.dataset.now) - Date.now();
  document.addEventListener("phase-changed", setAgain);
  tick();
  setInterval(tick, 1000);
}
