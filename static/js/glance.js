// The list of instruments, live: each one's price and the composite, with the change against the previous close.
import { flash, setText } from "./dom.js";
import { Feed, socketAddress } from "./feed.js";
import { directionOf, signed } from "./money.js";

const ARROWS = { up: "▲", down: "▼", flat: "" };

export class Glance {
  constructor(list) {
    this.rows = new Map([...list.querySelectorAll("[data-code]")].map((row) => [row.dataset.code, row]));
    this.composite = list.querySelector(".composite");
    this.feed = new Feed(() => socketAddress("/ws/prices/"), (message) => this.hear(message));
  }

  hear({ prices, composite }) {
    for (const price of prices ?? []) this.show(this.rows.get(price.instrument), price);
    if (composite) this.show(this.composite, composite);
  }

  show(row, { price, change }) {
    if (!row) return;
    const part = (role) => row.querySelector(`[data-role="${role}"]`);
    const direction = directionOf(change);
    if (setText(part("value"), price)) flash(row);
    setText(part("change"), ARROWS[direction] + signed(change));
    part("price").className = direction;
  }
}
