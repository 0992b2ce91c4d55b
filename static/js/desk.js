// The desk: joins the feed, the book, the chart, the ticket and the tables of one instrument.
import { Account } from "./account.js";
import { sentenceOf } from "./block-news.js";
import { call, rows } from "./api.js";
import { Book } from "./book.js";
import { ChartPanel } from "./chart/panel.js";
import { byId, pageData, setText } from "./dom.js";
import { Glance } from "./glance.js";
import { Feed, socketAddress } from "./feed.js";
import { recall, remember } from "./layout.js";
import { showPhase, showQuote, showState } from "./quote.js";
import { Sender } from "./send.js";
import { OwnTables, PublicTrades } from "./tables.js";
import { tabs } from "./tabs.js";
import { Ticket } from "./ticket.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

const desk = pageData("desk-data");
const state = { quote: null, book: { buy: [], sell: [] }, loaded: false };
let account = null;

const chart = new ChartPanel(desk, () => state.book);
const publicTrades = new PublicTrades(desk);
const book = new Book((pick) => fill((ticket) => ticket.fill(pick)), (pick) => fill((ticket) => ticket.pick(pick)));
const ticket = new Ticket(
  desk,
  {
    quote: () => state.quote,
    book: () => state.book,
    own: () => account?.ownNumbers() ?? new Set(),
    balance: (asset, purpose) => account?.balance(asset, purpose) ?? 0n,
  },
  (picked) => book.mark({ picked }),
);

function fill(change) {
  if (!desk.can_trade) return;
  change(ticket);
  openTicket(true);
}

function hear(message) {
  if (message.day && message.day !== desk.day) readDesk();
  if (message.phase) changePhase(message);
  if (message.quote) showQuote((state.quote = message.quote));
  if (message.book) {
    book.show((state.book = message.book));
    chart.show(state.book);
  }
  if (message.quote || message.book) ticket.changed();
  // The close has no event of one's own for what it releases (T+1): the balances are read again.
  if (message.phase || (message.quote && state.phase === "closed")) account?.refresh();
  hearTrades(message.trades ?? []);
  if (message.type === "snapshot") readTrades();
}

function hearTrades(trades) {
  const fresh = publicTrades.add(trades);
  if (state.loaded) fresh.forEach((trade) => chart.trade(trade));
}

function showHaltReason() {
  const element = byId("halt-reason");
  setText(element, desk.halt_reason);
  element.title = desk.halt_reason;
}

function changePhase(message) {
  if (message.phase === "halted" && state.phase !== "halted") readDesk();
  else if (message.phase !== "halted") desk.halt_reason = "";
  showHaltReason();
  state.phase = message.phase;
  showPhase(message.phase, { phase: message.next_phase, at: message.next_at });
  document.dispatchEvent(new CustomEvent("phase-changed"));
}

/** A page left open: the next day has another previous close, band and T+1 date, and a halt has its reason. */
async function readDesk() {
  if (state.turning) return;
  state.turning = true;
  try {
    const answer = await fetch(`/desk/${encodeURIComponent(desk.code)}/data/`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const day = desk.day;
    Object.assign(desk, await answer.json());
    if (desk.day !== day) chart.again();
    showPhase(desk.phase, { phase: desk.next_phase, at: desk.next_at });
    showHaltReason();
    ticket.changed();
    account?.refresh();
  } catch {
    // The next message tries again.
  } finally {
    state.turning = false;
  }
}

/** After a snapshot nobody knows what was missed before it: the list says it all. */
async function readTrades() {
  try {
    hearTrades(await rows(`instruments/${desk.code}/trades/?page_size=200`));
    state.loaded = true;
  } catch {
    // The next snapshot reads it.
  }
}

function signedIn() {
  const tables = new OwnTables(desk, cancel);
  account = new Account(
    () => {
      tables.show(account);
      book.mark({ own: account.ownNumbers() });
      ticket.changed();
    },
    announce,
  );
  if (desk.can_trade) new Sender(ticket, () => account.refresh());
  byId("cancel-all").addEventListener("click", cancelAll);
}

/** Fills and what others say of blocks are said aloud, also those that came while the connection was away. */
function announce(news) {
  const { type, instrument, trade } = news;
  const said = type === "block" ? sentenceOf(news) : "";
  if (said) toast(said);
  if (type !== "trade" || !trade) return;
  toast(t("toast.fill", { instrument, side: t(`side.${trade.side}`), qty: trade.qty, price: trade.price }));
}

async function cancel(order) {
  try {
    await call(`orders/${encodeURIComponent(order.id)}/?wait=5`, { method: "DELETE" });
    toast(t("toast.cancelled", { no: order.number }));
  } catch (error) {
    toast(t("cancel.failed", { reason: error.message }));
  }
  account.refresh();
}

async function cancelAll() {
  const open = account.orders.filter((order) => order.status === "open" && order.kind !== "auction");
  if (!confirm(t("cancel.confirm", { n: open.length }))) return;
  for (const order of open) await cancel(order);
}

function openTicket(open) {
  byId("ticket").classList.toggle("open", open);
  byId("ticket-open").setAttribute("aria-expanded", String(open));
}

byId("ticket-open").addEventListener("click", () => {
  openTicket(true);
  byId("price").focus();
});
byId("ticket-close").addEventListener("click", () => {
  openTicket(false);
  byId("ticket-open").focus();
});
byId("instrument-switch").addEventListener("change", (event) => location.assign(event.target.value));
document.addEventListener("feed-dropped", () => toast(t("toast.dropped")));
tabs(document.querySelector('.chart [role="tablist"]'), { onChange: (tab) => chart.choose(tab.dataset.chart), chosen: `tab-${recall("chart", "intraday")}` });
tabs(document.querySelector('.tables [role="tablist"]'), { onChange: (tab) => remember("table", tab.id), chosen: recall("table", "") });

for (const said of document.querySelectorAll("#said p")) toast(said.textContent);
hear({ ...desk.board, phase: null });
showPhase(desk.phase, { phase: desk.next_phase, at: desk.next_at });
if (desk.signed_in) signedIn();
new Feed(
  () => socketAddress(`/ws/market/${encodeURIComponent(desk.code)}/${publicTrades.last() ? `?after_trade=${publicTrades.last()}` : ""}`),
  hear,
  showState,
);
new Glance(byId("price-list"));
