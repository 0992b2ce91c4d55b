// Intraday line with VWAP, and daily candles; volume below. The library knows no time zones: times are shifted
// so that its UTC axis reads as Beijing time. Numbers here are for drawing only, never for money.
import {
  AreaSeries, CandlestickSeries, createChart, HistogramSeries, LineSeries,
} from "../vendor/charts/lightweight-charts.standalone.production.mjs";
import { rows } from "./api.js";
import { byId, setText } from "./dom.js";
import { grouped } from "./money.js";
import { t } from "./words.js";

const BEIJING_S = 8 * 3600;
const TRY_AGAIN_MS = 5_000;
const SETTLE_MS = 2_500; // longer than the second for which the server lets candles be kept

const beijing = (iso) => Math.floor(Date.parse(iso) / 1000) + BEIJING_S;
const minute = (iso) => beijing(iso) - (beijing(iso) % 60);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class PriceChart {
  constructor(code, { simulated, imported }) {
    Object.assign(this, { code, simulated, imported, kind: "intraday", points: [] });
    this.chart = createChart(byId("chart-box"), {
      ...look(this.kind), autoSize: true, localization: { locale: document.documentElement.lang },
    });
    this.chart.subscribeCrosshairMove((move) => this.legend(move));
    document.addEventListener("look-changed", () => this.build());
    this.build();
    this.load(true);
  }

  choose(kind) {
    this.kind = kind;
    this.points = [];
    this.build();
    this.load(true);
  }

  async load(fit = false) {
    clearTimeout(this.timer);
    const kind = this.kind;
    try {
      const candles = await rows(`instruments/${this.code}/candles/?interval=${kind === "daily" ? "1d" : "1m"}`);
      if (kind !== this.kind) return;
      const wasEmpty = !this.points.length;
      this.points = candles.map((candle) => point(candle, kind));
      this.fill();
      if (fit || wasEmpty) this.fit();
    } catch {
      setText(byId("chart-note"), t("chart.failed"));
      this.timer = setTimeout(() => this.load(fit), TRY_AGAIN_MS);
    }
  }

  /** A listed trade shows at once; a moment later the server's own candles replace what was reckoned here. */
  trade({ time, price, qty }) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), SETTLE_MS);
    if (this.kind !== "intraday") return;
    const at = minute(time);
    const value = Number(price);
    const last = this.points.at(-1);
    if (last && last.time > at) return;
    if (!last || last.time < at) this.points.push({ time: at, open: value, high: value, low: value, close: value, volume: 0, turnover: 0 });
    const now = this.points.at(-1);
    Object.assign(now, { close: value, high: Math.max(now.high, value), low: Math.min(now.low, value), volume: now.volume + qty, turnover: now.turnover + value * qty });
    clearTimeout(this.drawing);
    this.drawing = setTimeout(() => this.fill(), 100);
  }

  /** The series of this kind of chart, in the colours of the moment. */
  build() {
    for (const series of Object.values(this.series ?? {})) this.chart.removeSeries(series);
    this.chart.applyOptions(look(this.kind));
    const [up, down, accent] = [css("--up"), css("--down"), css("--tblr-link-color")];
    const volume = this.chart.addSeries(HistogramSeries, { priceFormat: { type: "volume" }, priceScaleId: "volume", lastValueVisible: false, priceLineVisible: false });
    this.series = this.kind === "daily"
      ? { volume, candles: this.chart.addSeries(CandlestickSeries, { upColor: up, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down }) }
      : {
          volume,
          price: this.chart.addSeries(AreaSeries, { lineColor: accent, topColor: `${accent}44`, bottomColor: `${accent}00`, lineWidth: 2, title: t("chart.price") }),
          vwap: this.chart.addSeries(LineSeries, { color: css("--quiet"), lineWidth: 1, lineStyle: 2, title: t("chart.vwap"), priceLineVisible: false }),
        };
    this.chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
    this.chart.priceScale("right").applyOptions({ scaleMargins: { top: 0.06, bottom: 0.24 } });
    this.fill();
  }

  fill() {
    const { volume, candles, price, vwap } = this.series;
    const [up, down] = [css("--up"), css("--down")];
    volume.setData(this.points.map((p) => ({ time: p.time, value: p.volume, color: `${p.close < p.open ? down : up}66` })));
    candles?.setData(this.points.map(({ time, open, high, low, close }) => ({ time, open, high, low, close })));
    price?.setData(this.points.map((p) => ({ time: p.time, value: p.close })));
    vwap?.setData(averages(this.points));
    this.note();
    this.legend();
  }

  fit() {
    const scale = this.chart.timeScale();
    if (this.kind === "daily" && this.points.length > 120) scale.setVisibleLogicalRange({ from: this.points.length - 120, to: this.points.length + 2 });
    else scale.fitContent();
  }

  note() {
    const words = [t("chart.note")];
    if (this.kind === "daily" && this.simulated) words.push(t("chart.simulated"));
    if (this.kind === "daily" && this.imported) words.push(t("chart.imported"));
    byId("chart-nothing").hidden = this.points.length > 0;
    setText(byId("chart-note"), words.join(" · "));
  }

  legend(move) {
    const found = move?.time === undefined ? this.points.at(-1) : this.points.find((p) => p.time === move.time || p.day === dayOf(move.time));
    if (!found) return setText(byId("chart-legend"), "");
    const two = (value) => value.toFixed(2);
    const label = found.day ?? new Date(found.time * 1000).toISOString().slice(11, 16);
    return setText(byId("chart-legend"), `${label}  O ${two(found.open)}  H ${two(found.high)}  L ${two(found.low)}  C ${two(found.close)}  ${t("chart.volume")} ${grouped(found.volume)} ${t("unit.tonnes")}`);
  }
}

function dayOf(time) {
  if (typeof time === "string") return time;
  return time?.year ? `${time.year}-${String(time.month).padStart(2, "0")}-${String(time.day).padStart(2, "0")}` : null;
}

/** The volume-weighted average so far, minute by minute. */
function averages(points) {
  let volume = 0;
  let turnover = 0;
  return points.filter((p) => p.volume > 0).map((p) => {
    volume += p.volume;
    turnover += p.turnover;
    return { time: p.time, value: Math.round((100 * turnover) / volume) / 100 };
  });
}

/** A day without a listed trade has no high and low: the candle is a line at its close. */
function point(candle, kind) {
  const close = Number(candle.close);
  const day = kind === "daily" ? String(candle.time).slice(0, 10) : undefined;
  return {
    time: day ?? minute(candle.time), day,
    open: Number(candle.open ?? close), high: Number(candle.high ?? close), low: Number(candle.low ?? close), close,
    volume: Number(candle.volume ?? 0), turnover: Number(candle.turnover ?? 0),
  };
}

function look(kind) {
  return {
    layout: { background: { color: "transparent" }, textColor: css("--quiet"), fontFamily: css("--font"), fontSize: 11, attributionLogo: false },
    grid: { vertLines: { color: css("--line") }, horzLines: { color: css("--line") } },
    rightPriceScale: { borderColor: css("--line") },
    timeScale: { borderColor: css("--line"), timeVisible: kind !== "daily", secondsVisible: false },
  };
}
