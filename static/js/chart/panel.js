// The chart's block: which chart, with what, and the same figures as a table for whoever reads rather than looks.
import { byId, h, setText } from "../dom.js";
import { recall, remember } from "../layout.js";
import { t } from "../words.js";
import { Candles, INTERVALS } from "./candles.js";
import { Compare, RANGES } from "./compare.js";
import { Depth } from "./depth.js";
import { readEvents, showEvents } from "./events.js";
import { Intraday } from "./intraday.js";

export const KINDS = { intraday: Intraday, candles: Candles, compare: Compare, depth: Depth };
const TABLE_ROWS = 250;
const MOST_LINES = 8;

export class ChartPanel {
  constructor(desk, book) {
    Object.assign(this, { desk, book, box: byId("chart-box"), events: [], asTable: false });
    this.settings = {
      interval: known(recall("interval", "1d"), INTERVALS, "1d"), averages: recall("averages", true), events: recall("events", true),
      range: known(recall("range", "6m"), RANGES, "6m"), compare: this.compared(),
    };
    this.tools();
    document.addEventListener("look-changed", () => this.drawing?.restyle());
  }

  /** What was compared last, with the instrument of this desk. */
  compared() {
    const codes = this.choices().map((input) => input.value);
    const kept = recall("compare", []).filter((code) => codes.includes(code) && code !== this.desk.code);
    return [this.desk.code, ...(kept.length ? kept : codes.filter((code) => code !== this.desk.code).slice(0, 2))].slice(0, MOST_LINES);
  }

  choices() {
    return [...document.querySelectorAll("#chart-compare input[type=checkbox]")];
  }

  choose(kind) {
    const Kind = KINDS[kind] ?? Intraday;
    this.kind = kind in KINDS ? kind : "intraday";
    remember("chart", this.kind);
    this.box.closest(".chart").dataset.kind = this.kind;
    this.showTools();
    this.open(Kind);
  }

  open(Kind) {
    this.drawing?.close();
    this.empty(false);
    this.legend("");
    this.note();
    this.drawing = new Kind(this);
    this.drawing.open();
    this.showTable(this.asTable);
  }

  again() {
    this.open(KINDS[this.kind]);
  }

  // --- what happens -----------------------------------------------------------------------------

  trade(trade) {
    this.drawing?.trade(trade);
  }

  show(book) {
    this.drawing?.show?.(book);
    if (this.asTable && this.kind === "depth") this.fillTable();
  }

  // --- what drawings say --------------------------------------------------------------------------

  /** A line of words, coloured ones after it ([text, number of its colour, which palette]), and a sentence on events. */
  legend(text, coloured = [], events = "") {
    const parts = coloured.map(([words, number, palette = "ma"]) => h("span", { class: `${palette}-${number}` }, words));
    byId("chart-legend").replaceChildren(h("span", {}, text), ...parts, events ? h("span", { class: "event-said" }, events) : "");
    if (this.asTable) this.fillTable();
  }

  note(...words) {
    setText(byId("chart-note"), words.filter(Boolean).join(" · "));
  }

  empty(is, words = t("chart.nothing")) {
    const element = byId("chart-nothing");
    setText(element, words);
    element.hidden = !is || this.asTable;
  }

  failed() {
    setText(byId("chart-note"), t("chart.failed"));
  }

  // --- tools --------------------------------------------------------------------------------------

  tools() {
    for (const button of document.querySelectorAll("[data-interval]")) {
      button.addEventListener("click", () => this.set("interval", button.dataset.interval));
    }
    for (const name of ["averages", "events"]) {
      byId(`chart-${name}`).addEventListener("change", (event) => this.set(name, event.target.checked));
    }
    byId("chart-range").addEventListener("change", (event) => this.set("range", event.target.value));
    for (const input of this.choices()) {
      input.addEventListener("change", () => this.set("compare", this.choices().filter((each) => each.checked).map((each) => each.value)));
    }
    byId("chart-table-switch").addEventListener("click", () => this.showTable(!this.asTable));
    byId("chart-events-open").addEventListener("click", async () => showEvents(await this.eventsRead, this.desk.day));
    this.eventsRead = readEvents().then((events) => {
      this.events = events;
      if (this.kind === "candles") this.drawing?.restyle();
      return events;
    });
  }

  set(name, value) {
    if (name === "compare" && !value.length) value = [this.desk.code];
    this.settings[name] = value;
    remember(name, value);
    this.showTools();
    this.again();
  }

  showTools() {
    for (const element of document.querySelectorAll("[data-for]")) element.hidden = !element.dataset.for.split(" ").includes(this.kind);
    for (const button of document.querySelectorAll("[data-interval]")) button.setAttribute("aria-pressed", String(button.dataset.interval === this.settings.interval));
    for (const name of ["averages", "events"]) byId(`chart-${name}`).checked = this.settings[name];
    byId("chart-range").value = this.settings.range;
    const full = this.settings.compare.length >= MOST_LINES;
    for (const input of this.choices()) {
      input.checked = this.settings.compare.includes(input.value);
      input.disabled = full && !input.checked;
    }
  }

  // --- the same as a table ------------------------------------------------------------------------

  showTable(shown) {
    this.asTable = shown;
    byId("chart-table").hidden = !shown;
    this.box.classList.toggle("behind", shown);
    byId("chart-table-switch").setAttribute("aria-pressed", String(shown));
    if (shown) this.fillTable();
  }

  /** Newest first, unless the rows have an order of their own. */
  fillTable() {
    const { head, rows, inOrder } = this.drawing.table();
    const shown = inOrder ? rows : rows.slice(-TABLE_ROWS).reverse();
    const content = JSON.stringify([head, shown]);
    if (content === this.tableContent) return;
    this.tableContent = content;
    const cells = (tag, row) => row.map((text, place) => h(tag, { class: place ? "right" : null, scope: tag === "th" ? "col" : null }, text));
    byId("chart-table").replaceChildren(
      h("table", { class: "grid-table num" }, h("caption", { class: "visually-hidden" }, t(`chart.${this.kind}`)),
        h("thead", {}, h("tr", {}, ...cells("th", head))), h("tbody", {}, ...shown.map((row) => h("tr", {}, ...cells("td", row))))),
      shown.length ? "" : h("p", { class: "nothing" }, byId("chart-nothing").textContent));
  }
}

const known = (value, among, otherwise) => (value in among ? value : otherwise);
