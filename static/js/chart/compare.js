// Vintages beside each other: per cent since the first day that all of them have, as the server reckons it.
import { signed } from "../money.js";
import { t } from "../words.js";
import { dayBefore } from "./candles.js";
import { Drawing } from "./drawing.js";
import { css, dayOf, look } from "./look.js";

/** Months back, in days; 0 is all there is. */
export const RANGES = { "1m": 31, "3m": 92, "6m": 183, "1y": 366, all: 0 };

export class Compare extends Drawing {
  timeVisible() { return false; }

  address() {
    const { compare, range } = this.panel.settings;
    const from = RANGES[range] ? `&from=${dayBefore(this.panel.desk.day, RANGES[range])}` : "";
    return `comparison/?instruments=${compare.map(encodeURIComponent).join()}${from}&to=${this.panel.desk.day}`;
  }

  take({ day, results }) {
    this.day = day;
    const shown = this.lines?.map((line) => line.instrument).join();
    this.lines = results;
    this.points = results.flatMap((line) => line.points);
    if (shown !== results.map((line) => line.instrument).join()) this.build();
  }

  build() {
    const { LineSeries } = this.library;
    this.chart.applyOptions({ ...look(false), localization: { locale: document.documentElement.lang, priceFormatter: (value) => `${value.toFixed(2)} %` } });
    this.replace(Object.fromEntries((this.lines ?? []).map((line, place) => [line.instrument, [LineSeries, {
      color: css(`--line-${place + 1}`), lineWidth: line.instrument === this.panel.desk.code ? 3 : 2, title: line.instrument, priceLineVisible: false,
    }]])));
  }

  fill() {
    for (const line of this.lines ?? []) {
      this.series[line.instrument].setData(line.points.map((point) => ({ time: point.day, value: Number(point.change_pct) })));
    }
    this.panel.empty(!this.points.length, t("chart.no_common_day"));
    this.panel.note(this.day ? t("chart.since", { day: this.day }) : "", this.panel.desk.history_simulated && t("chart.simulated"), this.panel.desk.history_imported && t("chart.imported"));
    this.say();
  }

  trade() {
    this.reread();
  }

  say(time) {
    const day = time === undefined ? null : dayOf(time);
    const parts = (this.lines ?? []).map((line, place) => {
      const point = day ? line.points.find((each) => each.day === day) : line.points.at(-1);
      return point && [`${line.instrument} ${signed(point.change_pct)} %`, place + 1, "line"];
    }).filter(Boolean);
    this.panel.legend(day ?? this.lines?.[0]?.points.at(-1)?.day ?? "", parts);
  }

  table() {
    const lines = this.lines ?? [];
    const days = [...new Set(this.points.map((point) => point.day))].sort();
    const of = lines.map((line) => new Map(line.points.map((point) => [point.day, point])));
    return {
      head: [t("chart.time"), ...lines.map((line) => `${line.instrument} (%)`)],
      rows: days.map((day) => [day, ...of.map((points) => (points.has(day) ? signed(points.get(day).change_pct) : "–"))]),
    };
  }
}
