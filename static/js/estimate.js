// What a take would get from the book as it is seen now. Advice only: the engine decides.
import { parseYuan } from "./money.js";

/**
 * @param {{side: "buy"|"sell", price: bigint, qty: bigint, prefer: number[]}} take
 * @param {{buy: any[], sell: any[]}} book
 * @param {Set<number>} own  numbers of the taker's own listings: they are passed over
 * @returns {{fills: {no: number|null, qty: bigint, price: bigint}[], filled: bigint, left: bigint, money: bigint}}
 */
export function fillsNow(take, book, own) {
  let left = take.qty;
  const fills = [];
  for (const level of take.side === "buy" ? book.sell : book.buy) {
    const price = parseYuan(level.price);
    const tooFar = take.side === "buy" ? price > take.price : price < take.price;
    if (tooFar || left === 0n) break;
    for (const listing of inOrder(level, take.prefer, own)) {
      const qty = listing.qty < left ? listing.qty : left;
      if (qty > 0n) fills.push({ no: listing.no, qty, price });
      left -= qty;
      if (left === 0n) break;
    }
  }
  const money = fills.reduce((sum, fill) => sum + fill.qty * fill.price, 0n);
  return { fills, filled: take.qty - left, left, money };
}

/** Inside one level: the preferred ones in the order given, then the rest oldest first (trading-rules.md: take 3). */
function inOrder(level, prefer, own) {
  const listings = (level.listings ?? []).map(({ no, qty }) => ({ no, qty: BigInt(qty) }));
  const shown = listings.reduce((sum, listing) => sum + listing.qty, 0n);
  const rest = { no: null, qty: BigInt(level.qty) - shown };
  const others = listings.filter((listing) => !own.has(listing.no));
  const preferred = prefer.map((no) => others.find((listing) => listing.no === no)).filter(Boolean);
  return [...preferred, ...others.filter((listing) => !preferred.includes(listing)), rest];
}
