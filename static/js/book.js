// The five best levels a side. A click on a price fills the ticket; a level opens to its single listings.
import { byId, h, setText } from "./dom.js";
import { grouped, parseYuan, yuan } from "./money.js";
import { t } from "./words.js";

const LEVELS = 5;

export class Book {
  /**
   * @param {(pick: {side: "buy"|"sell", price: string, qty: number}) => void} onLevel  side is the taker's
   * @param {(pick: {side: "buy"|"sell", price: string, no: number}) => void} onPick
   */
  constructor(onLevel, onPick) {
    Object.assign(this, { onLevel, onPick });
    this.book = { buy: [], sell: [] };
    this.open = new Set(); // "sell 51.30"
    this.own = new Set();
    this.picked = new Set();
    this.sides = { sell: this.makeSide("sell"), buy: this.makeSide("buy") };
  }

  makeSide(side) {
    const body = byId(`book-${side}`);
    const made = Array.from({ length: LEVELS }, (_, index) => this.makeLevel(side, index));
    body.replaceChildren(...(side === "sell" ? made.toReversed() : made).map((level) => level.row));
    return { body, levels: made, listings: new Map() };
  }

  makeLevel(side, index) {
    const price = h("button", { type: "button", class: "price-button", onclick: () => this.chooseLevel(side, index) });
    const bar = h("div", { class: "bar" });
    const qty = h("span");
    const open = h("button", { type: "button", class: "open-button", "aria-expanded": "false", onclick: (event) => {
      event.stopPropagation();
      this.toggle(side, index);
    } });
    const row = h("tr", { class: `level ${side}`, onclick: (event) => event.target.closest("button") || this.chooseLevel(side, index) },
      h("td", { class: "quiet" }, t(`book.${side}`, { n: index + 1 })),
      h("td", { class: "right" }, price), h("td", { class: "right amount" }, bar, qty), h("td", {}, open));
    return { row, price, bar, qty, open };
  }

  show(book) {
    this.book = { buy: book.buy ?? [], sell: book.sell ?? [] };
    const most = Math.max(1, ...[...this.book.buy, ...this.book.sell].map((level) => level.qty));
    for (const side of ["sell", "buy"]) {
      this.sides[side].levels.forEach((parts, index) => this.showLevel(parts, side, this.book[side][index], most));
      this.showListings(side);
    }
    this.showSpread();
  }

  showLevel(parts, side, level, most) {
    parts.row.classList.toggle("none", !level);
    parts.price.hidden = parts.open.hidden = parts.bar.hidden = !level;
    setText(parts.qty, level ? grouped(level.qty) : "");
    if (!level) return;
    parts.row.dataset.price = level.price;
    setText(parts.price, level.price);
    parts.price.setAttribute("aria-label", t("book.take", { price: level.price }));
    parts.bar.style.width = `${Math.round((100 * level.qty) / most)}%`;
    const isOpen = this.open.has(`${side} ${level.price}`);
    setText(parts.open, `${isOpen ? "▾" : "▸"}${level.count}`);
    parts.open.setAttribute("aria-expanded", String(isOpen));
    parts.open.setAttribute("aria-label", t("book.expand", { n: level.count, price: level.price }));
  }

  /** Rows of opened levels; a row that stays keeps its element, and with it the keyboard's focus. */
  showListings(side) {
    const { levels, listings } = this.sides[side];
    const wanted = new Map();
    this.book[side].slice(0, LEVELS).forEach((level, index) => {
      if (!this.open.has(`${side} ${level.price}`)) return;
      let after = levels[index].row;
      for (const listing of level.listings ?? []) {
        const row = listings.get(listing.no) ?? this.makeListing(side, level.price, listing.no);
        this.showListing(row, listing);
        if (after.nextElementSibling !== row.row) after.after(row.row);
        after = row.row;
        wanted.set(listing.no, row);
      }
      const more = level.count - (level.listings?.length ?? 0);
      if (more > 0) {
        const row = { row: h("tr", { class: "listing" }, h("td", { colspan: 4, class: "quiet" }, t("book.more", { n: more }))) };
        after.after(row.row);
        wanted.set(`more ${level.price}`, row);
      }
    });
    for (const [no, row] of listings) if (wanted.get(no) !== row) row.row.remove();
    this.sides[side].listings = wanted;
  }

  makeListing(side, price, no) {
    const qty = h("span");
    const act = h("span");
    const row = h("tr", { class: "listing", dataset: { no } },
      h("td", { colspan: 2 }, `№ ${no}`), h("td", { class: "right" }, qty), h("td", {}, act));
    return { row, qty, act, side, price };
  }

  showListing(parts, listing) {
    setText(parts.qty, grouped(listing.qty));
    const picked = this.picked.has(listing.no);
    const state = this.own.has(listing.no) ? "own" : picked ? "picked" : "free";
    if (parts.state === state) return;
    parts.state = state;
    if (picked) parts.row.dataset.picked = "yes";
    else delete parts.row.dataset.picked;
    const focused = parts.act.contains(document.activeElement);
    parts.act.replaceChildren(state === "own"
      ? h("span", { class: "tag own" }, t("book.own"))
      : h("button", { type: "button", class: "tool", "aria-pressed": String(picked), onclick: () =>
          this.onPick({ side: parts.side === "sell" ? "buy" : "sell", price: parts.price, no: listing.no, qty: listing.qty }) },
        t(picked ? "book.unpick" : "book.pick")));
    if (focused) parts.act.querySelector("button")?.focus();
  }

  showSpread() {
    const [sell, buy] = [this.book.sell[0], this.book.buy[0]].map((level) => level && parseYuan(level.price));
    setText(byId("spread"), sell && buy ? t("book.spread", { spread: yuan(sell - buy) }) : "");
  }

  chooseLevel(side, index) {
    const level = this.book[side][index];
    if (level) this.onLevel({ side: side === "sell" ? "buy" : "sell", price: level.price, qty: level.qty });
  }

  toggle(side, index) {
    const level = this.book[side][index];
    if (!level) return;
    const key = `${side} ${level.price}`;
    if (!this.open.delete(key)) this.open.add(key);
    this.show(this.book);
  }

  /** Which listings are one's own, and which the ticket prefers. */
  mark({ own = this.own, picked = this.picked }) {
    Object.assign(this, { own: new Set(own), picked: new Set(picked) });
    this.showListings("sell");
    this.showListings("buy");
  }
}
