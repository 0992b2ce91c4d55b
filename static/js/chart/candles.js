// Candles of a minute to a day, with moving averages as the server reckons them, volume, and dated events.
import { grouped, moved, parseYuan } from "../money.js";
import { t } from "../words.js";
import { Drawing, fold } from "./drawing.js";
import { eventsOn, markers } from "./events.js";
import { binOf, clockOf, css, dayOf, scales, upOrDown, VOLUME } from "./look.js";

export const INTERVALS = { "1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": 86_400 };
export const AVERAGES = ["5", "10", "20", "60"];
/** How far back an interval is read, in days; days themselves from the beginning. */
const DAYS_BACK = { "1m": 2, "5m": 10, "15m": 30, "1h": 120 };
const SHOWN = 120;

export class Candles extends Drawing {
  get interval() { return this.panel.settings.interval; }
  get daily() { return this.interval === "1d"; }

  timeVisible() { return !this.daily; }

  address() {
    const from = this.daily ? "" : `&from=${dayBefore(this.panel.desk.day, DAYS_BACK[this.interval])}`;
    return `instruments/${this.panel.desk.code}/candles/?interval=${this.interval}&averages=${AVERAGES.join()}${from}`;
  }

  take({ results }) {
    this.points = results.map((candle) => point(candle, this.daily));
  }

  /** The close of a day is no trade's price, so of days the server's own candle is read again. */
  trade(trade) {
    if (!this.daily && fold(this.points, trade, binOf(trade.time, INTERVALS[this.interval]))) this.fillSoon();
    this.reread();
  }

  build() {
    const { CandlestickSeries, HistogramSeries, LineSeries, createSeriesMarkers } = this.library;
    const [up, down] = [css("--up"), css("--down")];
    const averages = this.panel.settings.averages ? AVERAGES : [];
    this.replace({
      volume: [HistogramSeries, VOLUME],
      ...Object.fromEntries(averages.map((length, place) => [`ma${length}`, [LineSeries, {
        color: css(`--ma-${place + 1}`), lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false,
      }]])),
      candles: [CandlestickSeries, { upColor: up, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down }],
    });
    this.marks = createSeriesMarkers(this.series.candles, []);
    scales(this.chart);
  }

  fill() {
    const { points } = this;
    this.series.volume.setData(points.map((p) => ({ time: p.time, value: p.volume, color: `${upOrDown(p)}66` })));
    this.series.candles.setData(points.map(({ time, open, high, low, close }) => ({ time, open, high, low, close })));
    for (const length of AVERAGES) {
      this.series[`ma${length}`]?.setData(points.filter((p) => p.averages?.[length]).map((p) => ({ time: p.time, value: Number(p.averages[length]) })));
    }
    this.marks.setMarkers(this.daily && this.panel.settings.events ? markers(this.panel.events, points.map((p) => p.day)) : []);
    this.panel.empty(!points.length);
    const { desk } = this.panel;
    this.panel.note(t("chart.note"), this.daily && desk.history_simulated && t("chart.simulated"), this.daily && desk.history_imported && t("chart.imported"));
    this.say();
  }

  fit() {
    const count = this.points.length;
    if (count > SHOWN) this.chart.timeScale().setVisibleLogicalRange({ from: count - SHOWN, to: count + 2 });
    else this.chart.timeScale().fitContent();
  }

  say(time) {
    const place = time === undefined ? -1 : this.points.findIndex((p) => p.time === time || (p.day && p.day === dayOf(time)));
    const found = this.points.at(place);
    if (!found) return this.panel.legend("");
    const words = [this.label(found), ...["open", "high", "low", "close"].map((name) => `${t(`chart.${name}`)} ${found[name].toFixed(2)}`)];
    const before = this.points.at(place < 0 ? this.points.length - 2 : place - 1);
    if (before && before !== found && this.points.length > 1 && place !== 0) words.push(moved(parseYuan(before.close.toFixed(2)), parseYuan(found.close.toFixed(2))));
    words.push(`${t("chart.volume")} ${grouped(found.volume)} ${t("unit.tonnes")}`);
    const averages = this.panel.settings.averages ? AVERAGES.filter((length) => found.averages?.[length]) : [];
    const second = averages.map((length) => [`MA${length} ${found.averages[length]}`, AVERAGES.indexOf(length) + 1]);
    return this.panel.legend(words.join("  "), second, this.daily && this.panel.settings.events ? eventsOn(this.panel.events, found.day, before?.day) : "");
  }

  label(found) {
    return found.day ?? clockOf(found.time, true);
  }

  table() {
    const value = (found, length) => found.averages?.[length] ?? "–";
    return {
      head: [t("chart.time"), ...["open", "high", "low", "close", "volume"].map((name) => t(`chart.${name}`)), ...AVERAGES.map((length) => `MA${length}`)],
      rows: this.points.map((p) => [
        this.label(p), ...[p.open, p.high, p.low, p.close].map((price) => price.toFixed(2)), grouped(p.volume), ...AVERAGES.map((length) => value(p, length)),
      ]),
    };
  }
}

/** A day without a listed trade has no high and low: the candle is a line at its close. */
function point(candle, daily) {
  const close = Number(candle.close);
  const day = daily ? candle.time.slice(0, 10) : undefined;
  return {
    time: day ?? binOf(candle.time, 60), day, open: Number(candle.open), high: Number(candle.high ?? close), low: Number(candle.low ?? close),
    close, volume: candle.volume, averages: candle.averages,
  };
}

export function dayBefore(day, count) {
  return new Date(Date.parse(`${day}T00:00:00Z`) - count * 86_400_000).toISOString().slice(0, 10);
}
