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

const beijing = (iso) => Math.floor(Date.parse(iso) / 1000) + BEIJING_S;
const minute = (iso) => beijing(iso) - (beijing(iso) % 60);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class PriceChart {
  constructor(code, { simulated }) {
    Object.assign(this, { code, simulated, kind: "intraday", points: [] });
    this.chart = createChart(byId("chart-box"), {
      ...look(this.kind), autoSize: true, localization: { locale: document.documentElement.lang },
    });
    this.chart.subscribeCrosshairMove((move) => this.legend(move));
    document.addEventListener("look-changed", () => this.draw());
    this.load();
  }

  choose(kind) {
    this.kind = kind;
    this.load();
  }

  async load() {
    clearTimeout(this.timer);
    const kind = this.kind;
    try {
      const candles = await rows(`instruments/${this.code}/candles/?interval=${kind === "daily" ? "1d" : "1m"}`);
      if (kind !== this.kind) return;
      this.points = candles.map((candle) => point(candle, kind));
      this.draw();
    } catch {
      setText(byId("chart-note"), t("chart.failed"));
      this.timer = setTimeout(() => this.load(), TRY_AGAIN_MS);
    }
  }

  /** A listed trade: the last minute goes on, or a new one begins. */
  trade({ time, price, qty }) {
    if (this.kind !== "intraday") return;
    const at = minute(time);
    const value = Number(price);
    const last = this.points.at(-1);
    if (last && last.time > at) return;
    if (!last || last.time < at) this.points.push({ time: at, open: value, high: value, low: value, close: value, volume: 0, turnover: 0 });
    const now = this.points.at(-1);
    Object.assign(now, { close: value, high: Math.max(now.high, value), low: Math.min(now.low, value), volume: now.volume + qty, turnover: now.turnover + value * qty });
    clearTimeout(this.drawing);
    this.drawing = setTimeout(() => this.draw(false), 100);
  }

  draw(fit = true) {
    for (const series of this.series ?? []) this.chart.removeSeries(series);
    this.chart.applyOptions(look(this.kind));
    const volume = this.chart.addSeries(HistogramSeries, { priceFormat: { type: "volume" }, priceScaleId: "volume", lastValueVisible: false, priceLineVisible: false });
    volume.setData(this.points.map((p) => ({ time: p.time, value: p.volume, color: `${p.close < p.open ? css("--down") : css("--up")}66` })));
    this.chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
    this.series = [volume, ...(this.kind === "daily" ? this.drawDaily() : this.drawIntraday())];
    this.chart.priceScale("right").applyOptions({ scaleMargins: { top: 0.06, bottom: 0.24 } });
    if (fit) this.fit();
    this.note();
    this.legend();
  }

  drawDaily() {
    const [up, down] = [css("--up"), css("--down")];
    const series = this.chart.addSeries(CandlestickSeries, { upColor: up, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down });
    series.setData(this.points.map(({ time, open, high, low, close }) => ({ time, open, high, low, close })));
    return [series];
  }

  drawIntraday() {
    const accent = css("--tblr-link-color");
    const price = this.chart.addSeries(AreaSeries, { lineColor: accent, topColor: `${accent}44`, bottomColor: `${accent}00`, lineWidth: 2, title: t("chart.price") });
    price.setData(this.points.map((p) => ({ time: p.time, value: p.close })));
    const vwap = this.chart.addSeries(LineSeries, { color: css("--quiet"), lineWidth: 1, lineStyle: 2, title: t("chart.vwap"), priceLineVisible: false });
    let volume = 0;
    let turnover = 0;
    vwap.setData(this.points.filter((p) => p.volume > 0).map((p) => {
      volume += p.volume;
      turnover += p.turnover;
      return { time: p.time, value: Math.round((100 * turnover) / volume) / 100 };
    }));
    return [price, vwap];
  }

  fit() {
    const scale = this.chart.timeScale();
    if (this.kind === "daily" && this.points.length > 120) scale.setVisibleLogicalRange({ from: this.points.length - 120, to: this.points.length + 2 });
    else scale.fitContent();
  }

  note() {
    const words = [t("chart.note")];
    if (this.kind === "daily" && this.simulated) words.push(t("chart.simulated"));
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
