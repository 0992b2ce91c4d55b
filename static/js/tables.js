// The tables under the desk: own orders, own trades, holdings and money, public trades.
import { beijingTime } from "./clock.js";
import { byId, flash, h } from "./dom.js";
import { grouped, yuan } from "./money.js";
import { t } from "./words.js";

const PUBLIC_ROWS = 200;

const cell = (text, right = false) => h("td", right ? { class: "right" } : {}, text);
const sideCell = (side) => h("td", { class: side === "buy" ? "up" : "down" }, t(`side.${side}`));

/** Time of day for today's rows, the date before it for older ones. */
function when(iso, today) {
  const time = beijingTime(Date.parse(iso));
  const date = new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 10);
  return date === today ? time : `${date.slice(5)} ${time}`;
}

/** Rows by key: a row whose content is the same keeps its element, so focus and selection stay. */
class KeyedRows {
  constructor(id) {
    Object.assign(this, { body: byId(id), empty: byId(`${id}-empty`), rows: new Map() });
  }

  show(items, key, make) {
    const rows = new Map();
    items.forEach((item, index) => {
      const content = JSON.stringify(item);
      const old = this.rows.get(key(item));
      const row = old?.content === content ? old : { content, element: make(item) };
      if (old && old !== row) {
        old.element.replaceWith(row.element);
        flash(row.element);
      }
      rows.set(key(item), row);
      if (this.body.children[index] !== row.element) this.body.insertBefore(row.element, this.body.children[index] ?? null);
    });
    for (const [name, row] of this.rows) if (!rows.has(name)) row.element.remove();
    this.rows = rows;
    if (this.empty) this.empty.hidden = items.length > 0;
  }
}

export class OwnTables {
  constructor(desk, onCancel) {
    Object.assign(this, { desk, onCancel });
    this.orders = new KeyedRows("orders");
    this.trades = new KeyedRows("own-trades");
    this.holdings = new KeyedRows("holdings");
  }

  show(account) {
    const isOpen = (order) => ["open", "pending"].includes(order.status);
    const shown = [...account.orders.filter(isOpen), ...account.orders.filter((order) => !isOpen(order))];
    this.orders.show(shown, (order) => String(order.number), (order) => this.orderRow(order));
    this.trades.show(account.trades, (trade) => `${trade.instrument} ${trade.no} ${trade.side}`, (trade) => this.tradeRow(trade));
    this.holdings.show(holdingLines(account.balances), (line) => line.asset, holdingRow);
    const open = shown.filter(isOpen).length;
    byId("orders-count").textContent = open ? `(${open})` : "";
    byId("cancel-all").disabled = open === 0;
  }

  orderRow(order) {
    const cancellable = order.status === "open" && order.kind !== "auction";
    const status = order.reason_text || order.reason;
    return h("tr", { dataset: { id: order.id, status: order.status } },
      cell(when(order.received_at, this.desk.day)), cell(`№ ${order.number}`), cell(order.instrument), cell(t(`kind.${order.kind}`)),
      order.side ? sideCell(order.side) : cell(""), cell(order.price ?? "", true), cell(grouped(order.qty ?? ""), true),
      cell(grouped(order.filled ?? 0), true), cell(grouped(order.leaves ?? 0), true),
      h("td", {}, h("span", { class: `tag ${{ rejected: "bad", filled: "good" }[order.status] ?? ""}`, title: status || null }, t(`status.${order.status}`)), status ? ` ${status}` : ""),
      h("td", { class: "right" }, cancellable ? h("button", { type: "button", class: "tool", "aria-label": `${t("cancel")} № ${order.number}`, onclick: () => this.onCancel(order) }, t("cancel")) : ""));
  }

  tradeRow(trade) {
    return h("tr", { dataset: { no: trade.no } },
      cell(when(trade.time, this.desk.day)), cell(`${trade.no}`), cell(trade.instrument), cell(t(`trade.${trade.kind}`)), sideCell(trade.side),
      cell(trade.price, true), cell(grouped(trade.qty), true), cell(grouped(trade.amount ?? trade.turnover ?? ""), true), cell(grouped(trade.fee ?? ""), true));
  }
}

const SHOWN = ["trading", "order", "unsettled", "registry"];

/** One line an asset, money first; amounts as strings, so that lines can be compared. */
function holdingLines(balances) {
  return [...balances.keys()].sort((a, b) => (a === "CNY" ? -1 : b === "CNY" ? 1 : a.localeCompare(b))).map((asset) => {
    const purposes = balances.get(asset);
    const text = (amount) => grouped(asset === "CNY" ? yuan(amount) : String(amount));
    const of = (purpose) => purposes.get(purpose) ?? 0n;
    const held = ["pledged", "frozen", "pending"].reduce((sum, purpose) => sum + of(purpose), 0n);
    const sum = SHOWN.reduce((total, purpose) => total + of(purpose), held);
    return { asset, unit: t(asset === "CNY" ? "unit.yuan" : "unit.tonnes"), amounts: [...SHOWN.map(of), held, sum].map(text) };
  });
}

function holdingRow(line) {
  const cells = line.amounts.map((amount, index) => h("td", { class: "right", dataset: { purpose: [...SHOWN, "other", "sum"][index] } }, amount));
  return h("tr", { dataset: { asset: line.asset } }, h("td", {}, h("strong", {}, line.asset)), cell(line.unit), ...cells);
}

/** Trades of everybody, newest first, each once and none left out. */
export class PublicTrades {
  constructor(desk) {
    Object.assign(this, { desk, rows: new KeyedRows("public-trades"), trades: new Map() });
    this.rows.show([], String, String);
  }

  /** Takes trades in any order; returns those that were new, oldest first. */
  add(trades) {
    const fresh = trades.filter((trade) => !this.trades.has(trade.no)).sort((a, b) => a.no - b.no);
    for (const trade of fresh) this.trades.set(trade.no, trade);
    if (fresh.length || !this.trades.size) this.show();
    return fresh;
  }

  last() {
    return Math.max(0, ...this.trades.keys());
  }

  show() {
    const newest = [...this.trades.values()].sort((a, b) => b.no - a.no).slice(0, PUBLIC_ROWS);
    this.rows.show(newest, (trade) => String(trade.no), (trade) => h("tr", { dataset: { no: trade.no } },
      cell(String(trade.no), true), cell(when(trade.time, this.desk.day)), cell(trade.price, true), cell(grouped(trade.qty), true), cell(t(`trade.${trade.kind}`))));
  }
}
