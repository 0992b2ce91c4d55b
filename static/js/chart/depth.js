// The depth of the book: tonnes that could be had up to each price, from the public levels, bought and sold apart.
import { grouped, parseYuan, yuan } from "../money.js";
import { t } from "../words.js";

const SVG = "http://www.w3.org/2000/svg";
const EDGE = { left: 8, right: 8, top: 34, bottom: 22 };

function svg(tag, properties, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** [{price, fen, qty, sum}] of a side, best first, with the tonnes up to each level. */
export function cumulative(levels) {
  let sum = 0n;
  return levels.map((level) => {
    sum += BigInt(level.qty);
    return { price: level.price, fen: parseYuan(level.price), qty: BigInt(level.qty), sum };
  });
}

export class Depth {
  constructor(panel) {
    this.panel = panel;
    this.sides = { buy: [], sell: [] };
    this.observer = new ResizeObserver(() => this.draw());
    this.pointer = (event) => this.say(event.type === "pointerleave" ? null : event.offsetX);
  }

  open() {
    this.picture = svg("svg", { class: "depth", role: "img", "aria-label": t("depth.what") });
    this.panel.box.append(this.picture);
    this.picture.addEventListener("pointermove", this.pointer);
    this.picture.addEventListener("pointerleave", this.pointer);
    this.observer.observe(this.panel.box);
    this.show(this.panel.book());
  }

  close() {
    this.observer.disconnect();
    this.picture.remove();
  }

  restyle() {}
  trade() {}
  load() {}

  show(book) {
    this.sides = { buy: cumulative(book.buy), sell: cumulative(book.sell) };
    this.draw();
  }

  /** Positions are for drawing only, so they may be floating; prices and tonnes stay whole. */
  draw() {
    const { buy, sell } = this.sides;
    const { clientWidth: width, clientHeight: height } = this.panel.box;
    const all = [...buy, ...sell];
    this.panel.empty(!all.length, t("depth.none"));
    this.panel.note(t("depth.note"));
    this.picture.replaceChildren();
    this.say(null);
    if (!all.length || !width || !height) return;
    this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const prices = all.map((level) => level.fen);
    const [low, high] = [prices.reduce((a, b) => (b < a ? b : a)), prices.reduce((a, b) => (b > a ? b : a))];
    const most = Number(all.reduce((a, b) => (b.sum > a ? b.sum : a), 1n));
    const margin = Math.max(1, Number(high - low) * 0.04);
    const span = Number(high - low) + 2 * margin;
    this.x = (fen) => EDGE.left + ((Number(fen - low) + margin) / span) * (width - EDGE.left - EDGE.right);
    this.y = (sum) => height - EDGE.bottom - (Number(sum) / most) * (height - EDGE.top - EDGE.bottom);
    const floor = height - EDGE.bottom;
    this.side("buy", buy, floor, EDGE.left);
    this.side("sell", sell, floor, width - EDGE.right);
    this.picture.append(svg("line", { class: "axis", x1: EDGE.left, x2: width - EDGE.right, y1: floor, y2: floor }));
    this.labels(all, width, height, most);
  }

  /** A staircase: from the best price outwards each level adds its tonnes. */
  side(name, levels, floor, end) {
    if (!levels.length) return;
    let path = `M ${this.x(levels[0].fen)} ${floor}`;
    for (const level of levels) path += ` H ${this.x(level.fen)} V ${this.y(level.sum)}`;
    path += ` H ${end}`;
    this.picture.append(svg("path", { class: `area ${name}`, d: `${path} V ${floor} Z` }), svg("path", { class: `edge ${name}`, d: path }));
  }

  labels(all, width, height, most) {
    const seen = [];
    for (const level of [...all].sort((a, b) => (a.fen < b.fen ? -1 : 1))) {
      const at = this.x(level.fen);
      // A label that would lie on its neighbour is left out; the table has them all.
      if (seen.some((other) => Math.abs(other - at) < 44)) continue;
      seen.push(at);
      const anchor = at < 30 ? "start" : at > width - 30 ? "end" : "middle";
      this.picture.append(svg("text", { x: at, y: height - 7, "text-anchor": anchor }, level.price));
    }
    this.picture.append(svg("text", { x: width - EDGE.right, y: EDGE.top - 4, "text-anchor": "end" }, `${grouped(String(most))} ${t("unit.tonnes")}`));
  }

  /** What could be had at the pointer's price; without one, the two sums and the spread. */
  say(at) {
    const { buy, sell } = this.sides;
    const last = (levels) => levels.at(-1)?.sum ?? 0n;
    if (at === null || !this.x) {
      const words = [t("depth.sums", { buy: grouped(String(last(buy))), sell: grouped(String(last(sell))) })];
      if (buy.length && sell.length) words.push(t("book.spread", { spread: yuan(sell[0].fen - buy[0].fen) }));
      return this.panel.legend(words.join("  "));
    }
    const left = buy.filter((level) => this.x(level.fen) >= at).at(-1);
    const right = sell.filter((level) => this.x(level.fen) <= at).at(-1);
    const found = right ? ["sell", right] : left ? ["buy", left] : null;
    return this.panel.legend(found ? t(`depth.${found[0]}`, { price: found[1].price, qty: grouped(String(found[1].sum)) }) : "");
  }

  table() {
    const row = (side) => (level, place) => [t(`book.${side}`, { n: place + 1 }), level.price, grouped(String(level.qty)), grouped(String(level.sum))];
    return {
      head: [t("depth.level"), t("depth.price"), t("depth.qty"), t("depth.up_to")],
      rows: [...this.sides.sell.map(row("sell")).reverse(), ...this.sides.buy.map(row("buy"))],
      inOrder: true,
    };
  }
}
