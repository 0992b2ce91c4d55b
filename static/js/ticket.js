// The ticket: what the person fills in, what it would lock and get, and the order that is sent.
import { byId, h, setText } from "./dom.js";
import { fillsNow } from "./estimate.js";
import { affordable, band, buyLock, grouped, parseTonnes, parseYuan, roundHalfUp, yuan } from "./money.js";
import { t } from "./words.js";

export class Ticket {
  /**
   * @param {object} desk  the page's data: parameters of the instrument and the day
   * @param {{book: () => any, own: () => Set<number>, balance: (asset: string, purpose: string) => bigint}} market
   * @param {(picked: number[]) => void} onPicked
   */
  constructor(desk, market, onPicked) {
    Object.assign(this, { desk, market, onPicked, picked: [] });
    this.form = byId("ticket-form");
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", (event) => {
      if (["kind", "side"].includes(event.target.name)) this.pickNone();
      this.changed();
    });
    for (const button of this.form.querySelectorAll("[data-step]")) button.addEventListener("click", () => this.step(BigInt(button.dataset.step)));
    for (const button of this.form.querySelectorAll("[data-share]")) button.addEventListener("click", () => this.share(BigInt(button.dataset.share)));
    this.form.elements.price.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 1n, ArrowDown: -1n }[event.key];
      if (step) {
        event.preventDefault();
        this.step(step);
      }
    });
    this.changed();
  }

  get kind() { return this.form.elements.kind.value; }
  get side() { return this.form.elements.side.value; }
  get price() { return parseYuan(this.form.elements.price.value); }
  get qty() { return parseTonnes(this.form.elements.qty.value); }

  /** A level was chosen: take at its price. The quantity stays what was typed, else the level's. */
  fill({ side, price, qty }) {
    this.pickNone();
    this.set("kind", "take");
    this.set("side", side);
    this.form.elements.price.value = price;
    if (!this.form.elements.qty.value && qty) this.form.elements.qty.value = String(qty);
    this.changed();
  }

  /** A listing was picked or given back; all picked ones are of one side, the order of picking is kept. */
  pick({ side, price, no, qty }) {
    const had = this.picked.includes(no);
    const kept = this.kind === "take" && this.side === side ? this.picked.filter((one) => one !== no) : [];
    const typed = this.form.elements.qty.value;
    this.fill({ side, price, qty });
    if (!typed && had) this.form.elements.qty.value = "";
    this.picked = had ? kept : [...kept, no];
    this.changed();
  }

  pickNone() {
    this.picked = [];
  }

  set(name, value) {
    this.form.elements[name].value = value;
  }

  step(direction) {
    const tick = BigInt(this.desk.tick_fen);
    const from = this.price ?? parseYuan(this.market.quote()?.last ?? this.desk.prev_close) ?? 0n;
    const next = this.price === null ? from : (from / tick + direction) * tick;
    if (next > 0n) this.form.elements.price.value = yuan(next);
    this.changed();
  }

  share(percent) {
    const whole = this.most();
    const qty = (whole * percent) / 100n;
    this.form.elements.qty.value = qty > 0n ? String(qty) : "";
    this.changed();
  }

  /** The most tonnes that holdings or money, and the rule for one order, allow. */
  most() {
    const { asset, fee_bps: feeBps, max_qty_t: maxQty } = this.desk;
    const have = this.side === "sell"
      ? this.market.balance(asset, "trading")
      : affordable(this.market.balance("CNY", "trading"), this.price ?? parseYuan(this.desk.prev_close), feeBps);
    const most = BigInt(maxQty);
    return this.kind === "block" || have < most ? have : most;
  }

  /** The order as api.md wants it, without its id; null where price or quantity are not numbers. */
  order() {
    if (this.price === null || this.qty === null) return null;
    const { elements } = this.form;
    const order = { kind: this.kind, instrument: this.desk.code, side: this.side, price: yuan(this.price), qty: Number(this.qty) };
    if (this.kind === "take") {
      order.remainder = elements.remainder.value;
      if (this.picked.length) order.prefer = this.picked;
    }
    const counterparty = elements.counterparty.value.trim();
    if (this.kind === "block" && counterparty) order.counterparty = counterparty;
    return order;
  }

  /** What is wrong with the form alone; everything else the engine says. */
  complaint() {
    const { price, qty } = this.form.elements;
    price.setAttribute("aria-invalid", String(this.price === null));
    qty.setAttribute("aria-invalid", String(this.qty === null));
    if (this.price === null) return [price, t("check.price")];
    return this.qty === null ? [qty, t("check.qty")] : null;
  }

  estimate() {
    if (this.kind !== "take" || this.price === null || this.qty === null) return null;
    return fillsNow({ side: this.side, price: this.price, qty: this.qty, prefer: this.picked }, this.market.book(), this.market.own());
  }

  changed() {
    for (const name of ["take", "block"]) {
      for (const element of document.querySelectorAll(`.only-${name}`)) element.hidden = this.kind !== name;
    }
    setText(byId("kind-word"), t(`kind.${this.kind}.what`));
    byId("kind-word").title = t(`kind.${this.kind}.what`);
    for (const name of ["price", "qty"]) if (this[name] !== null) this.form.elements[name].removeAttribute("aria-invalid");
    this.showBand();
    this.showPicked();
    this.showSums();
    setText(byId("settles"), t(`settles.${this.side}`, { day: this.desk.next_day }));
    this.onPicked(this.picked);
  }

  showBand() {
    const quote = this.market.quote();
    let [low, high] = [quote?.limit_down, quote?.limit_up];
    if (this.kind === "block") [low, high] = band(parseYuan(quote?.prev_close ?? this.desk.prev_close), this.desk.block_band_bps).map(yuan);
    setText(byId("price-band"), low ? t("band", { low, high }) : "");
  }

  showPicked() {
    const box = byId("picked");
    const text = this.picked.length ? t("picked.some", { numbers: this.picked.join(", ") }) : t("picked.any");
    if (box.dataset.text === text) return;
    box.dataset.text = text;
    box.replaceChildren(text, this.picked.length
      ? h("button", { type: "button", class: "tool", onclick: () => { this.pickNone(); this.changed(); } }, t("picked.clear")) : "");
  }

  showSums() {
    const buys = this.side === "buy";
    const available = this.market.balance(buys ? "CNY" : this.desk.asset, "trading");
    const show = (amount) => t(buys ? "amount.money" : "amount.tonnes", { amount: grouped(yuan(amount)), qty: grouped(String(amount)) });
    setText(byId("sum-available"), show(available));
    const need = this.need();
    const after = byId("sum-after");
    setText(byId("sum-locks"), need === null ? "–" : this.locksText());
    setText(after, need === null ? "–" : show(available - need).replace("-", "−"));
    after.classList.toggle("short", need !== null && need > available);
    const estimate = this.estimate();
    setText(byId("sum-fills"), !estimate ? "–" : estimate.filled
      ? t("fills.some", { qty: grouped(String(estimate.filled)), average: yuan(roundHalfUp(estimate.money, estimate.filled)) }) : t("fills.none"));
  }

  /** Fen for a buy, tonnes for a sell; null where it cannot be said yet. */
  need() {
    if (this.qty === null) return null;
    if (this.side === "sell") return this.qty;
    return this.price === null ? null : buyLock(this.price, this.qty, this.desk.fee_bps).total;
  }

  locksText() {
    if (this.side === "sell") return t("locks.tonnes", { qty: grouped(String(this.qty)) });
    const lock = buyLock(this.price, this.qty, this.desk.fee_bps);
    return t("locks.money", { amount: grouped(yuan(lock.money)), fee: grouped(yuan(lock.fee)) });
  }
}
