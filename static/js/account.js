// The organisation's own orders, trades and balances. The stream's events are bells: they say at once that
// something changed, and the lists are read again, so that what is shown is always what the server has.
import { rows } from "./api.js";
import { Feed, socketAddress } from "./feed.js";
import { parseYuan } from "./money.js";

const BETWEEN_READS_MS = 150;

export class Account {
  constructor(onChange, onEvent) {
    Object.assign(this, { onChange, onEvent, cursor: "", orders: [], trades: [], balances: new Map() });
    this.wanted = this.running = false;
    this.feed = new Feed(
      () => socketAddress(`/ws/account/${this.cursor ? `?after=${encodeURIComponent(this.cursor)}` : ""}`),
      (message) => this.hear(message),
      (state) => state === "live" && this.refresh(),
    );
    this.feed.onBadRequest = () => (this.cursor = "");
    this.refresh();
  }

  hear(message) {
    if (message.cursor) this.cursor = message.cursor;
    if (["heartbeat", "ready", "error"].includes(message.type)) return;
    this.onEvent(message);
    this.refresh();
  }

  /** Reads all three lists; what comes in meanwhile causes one more reading, not many. */
  async refresh() {
    this.wanted = true;
    if (this.running) return;
    this.running = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        const [orders, trades, accounts] = await Promise.all([
          rows("orders/?page_size=200"), rows("trades/?page_size=200"), rows("accounts/?page_size=1000"),
        ]);
        Object.assign(this, { orders, trades, balances: byAsset(accounts) });
        this.onChange(this);
      } catch {
        // The feed's badge tells about the connection; its return causes the next reading.
      }
      await new Promise((done) => setTimeout(done, BETWEEN_READS_MS));
    }
    this.running = false;
  }

  /** Fen for CNY, tonnes otherwise; 0n where there is no such account. */
  balance(asset, purpose) {
    return this.balances.get(asset)?.get(purpose) ?? 0n;
  }

  /** Numbers of one's own open listings. */
  ownNumbers() {
    return new Set(this.orders.filter((order) => order.status === "open").map((order) => order.number));
  }
}

function byAsset(accounts) {
  const assets = new Map();
  for (const { asset, purpose, amount } of accounts) {
    if (!assets.has(asset)) assets.set(asset, new Map());
    assets.get(asset).set(purpose, asset === "CNY" ? parseYuan(amount) ?? 0n : BigInt(amount));
  }
  return assets;
}
