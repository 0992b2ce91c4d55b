// One chart in the box: made, loaded, kept up with the trades, and taken away again.
import { call } from "../api.js";
import { library, look } from "./look.js";

const TRY_AGAIN_MS = 5_000;
const SETTLE_MS = 2_500; // longer than the second for which the server lets candles be kept

export class Drawing {
  /** @param {{box: HTMLElement, desk: any, legend: (text: string) => void, note: (...words: string[]) => void, empty: (is: boolean) => void, failed: () => void}} panel */
  constructor(panel) {
    Object.assign(this, { panel, chart: null, points: [], timer: null, gone: false });
  }

  /** Whether the axis has times of day. */
  timeVisible() { return true; }

  async open() {
    try {
      this.library = await library();
    } catch {
      return this.later(() => this.open());
    }
    if (this.gone) return undefined;
    this.chart = this.library.createChart(this.panel.box, { ...look(this.timeVisible()), autoSize: true });
    this.chart.subscribeCrosshairMove((move) => this.say(move?.time));
    this.build();
    return this.load(true);
  }

  /** Reads what is drawn; `fit` moves the view to it. */
  async load(fit = false) {
    clearTimeout(this.timer);
    this.timer = null;
    try {
      const answer = await call(this.address());
      if (this.gone || !this.chart) return;
      const wasEmpty = !this.points.length;
      this.take(answer);
      this.fill();
      if (fit || wasEmpty) this.fit();
    } catch {
      this.later(() => this.load(fit));
    }
  }

  later(act) {
    if (this.gone) return;
    this.panel.failed();
    this.timer = setTimeout(act, TRY_AGAIN_MS);
  }

  /** Something traded: a moment later the server's own figures replace what was reckoned here. */
  reread() {
    this.timer ??= setTimeout(() => this.load(), SETTLE_MS);
  }

  /** In the colours of the moment. */
  restyle() {
    if (!this.chart) return;
    this.chart.applyOptions(look(this.timeVisible()));
    this.build();
    this.fill();
  }

  /** Series are made anew where they exist: their colours are fixed when they are made. */
  replace(series) {
    for (const old of Object.values(this.series ?? {})) this.chart.removeSeries(old);
    this.series = {};
    for (const [name, [kind, options]] of Object.entries(series)) this.series[name] = this.chart.addSeries(kind, options);
  }

  fit() {
    this.chart.timeScale().fitContent();
  }

  trade() {}

  close() {
    this.gone = true;
    clearTimeout(this.timer);
    clearTimeout(this.drawing);
    this.chart?.remove();
    this.chart = null;
  }

  /** Draws soon, once for many trades. */
  fillSoon() {
    this.drawing ??= setTimeout(() => {
      this.drawing = null;
      if (this.chart) this.fill();
    }, 100);
  }
}

/** A listed trade in the last bin, or in a new one; false where it is older than the last. */
export function fold(points, { time, price, qty }, bin) {
  const value = Number(price);
  const last = points.at(-1);
  if (last && last.time > bin) return false;
  if (!last || last.time < bin) points.push({ time: bin, iso: time, open: value, high: value, low: value, close: value, volume: 0, fen: 0n });
  const now = points.at(-1);
  Object.assign(now, { close: value, high: Math.max(now.high, value), low: Math.min(now.low, value), volume: now.volume + qty });
  return true;
}
