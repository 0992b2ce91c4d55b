// The day's line (分时图): prices by the minute over the previous close as base, with the average so far, which
// will be the close (VWAP), and the volume below.
import { grouped, moved, parseYuan, roundHalfUp, yuan } from "../money.js";
import { t } from "../words.js";
import { Drawing, fold } from "./drawing.js";
import { binOf, clockOf, css, scales, upOrDown, VOLUME } from "./look.js";

export class Intraday extends Drawing {
  address() {
    return `instruments/${this.panel.desk.code}/candles/?interval=1m`;
  }

  take({ results }) {
    this.points = results.map((candle) => ({
      time: binOf(candle.time), open: Number(candle.open), high: Number(candle.high), low: Number(candle.low),
      close: Number(candle.close), volume: candle.volume, fen: parseYuan(candle.turnover),
    }));
  }

  trade(trade) {
    if (fold(this.points, trade, binOf(trade.time))) {
      this.points.at(-1).fen += parseYuan(trade.price) * BigInt(trade.qty);
      this.fillSoon();
    }
    this.reread();
  }

  build() {
    const { BaselineSeries, HistogramSeries, LineSeries } = this.library;
    const [up, down, quiet] = [css("--up"), css("--down"), css("--quiet")];
    const base = Number(this.panel.desk.prev_close);
    this.replace({
      volume: [HistogramSeries, VOLUME],
      price: [BaselineSeries, {
        baseValue: { type: "price", price: base }, lineWidth: 2, priceLineVisible: false,
        topLineColor: up, topFillColor1: `${up}33`, topFillColor2: `${up}05`,
        bottomLineColor: down, bottomFillColor1: `${down}05`, bottomFillColor2: `${down}33`,
        // The base line stays in sight, in the middle of what is drawn.
        autoscaleInfoProvider: (original) => around(original(), base),
      }],
      vwap: [LineSeries, { color: css("--ma-1"), lineWidth: 1, title: t("chart.vwap"), priceLineVisible: false }],
    });
    this.series.price.createPriceLine({ price: base, color: quiet, lineWidth: 1, lineStyle: 2, axisLabelVisible: true, title: t("chart.base") });
    scales(this.chart);
  }

  fill() {
    this.averages();
    this.series.volume.setData(this.points.map((p) => ({ time: p.time, value: p.volume, color: `${upOrDown(p)}66` })));
    this.series.price.setData(this.points.map((p) => ({ time: p.time, value: p.close })));
    this.series.vwap.setData(this.points.filter((p) => p.vwap).map((p) => ({ time: p.time, value: Number(p.vwap) })));
    this.panel.empty(!this.points.length);
    this.panel.note(t("chart.note"));
    this.say();
  }

  /** Turnover ÷ volume so far, minute by minute, rounded as the close is. */
  averages() {
    let [volume, fen] = [0n, 0n];
    for (const point of this.points) {
      volume += BigInt(point.volume);
      fen += point.fen;
      point.vwap = volume ? yuan(roundHalfUp(fen, volume)) : "";
    }
  }

  say(time) {
    const point = this.points.find((p) => p.time === time) ?? this.points.at(-1);
    if (!point) return this.panel.legend("");
    return this.panel.legend([
      clockOf(point.time), `${t("chart.price")} ${point.close.toFixed(2)}`, moved(parseYuan(this.panel.desk.prev_close), parseYuan(point.close.toFixed(2))),
      `${t("chart.vwap")} ${point.vwap}`, `${t("chart.volume")} ${grouped(point.volume)} ${t("unit.tonnes")}`,
    ].join("  "));
  }

  table() {
    return {
      head: [t("chart.time"), t("chart.price"), t("chart.vwap"), t("chart.volume")],
      rows: this.points.map((p) => [clockOf(p.time), p.close.toFixed(2), p.vwap, grouped(p.volume)]),
    };
  }
}

function around(info, base) {
  if (!info?.priceRange) return info;
  const far = Math.max(info.priceRange.maxValue - base, base - info.priceRange.minValue, 0.05);
  return { ...info, priceRange: { minValue: base - far, maxValue: base + far } };
}
