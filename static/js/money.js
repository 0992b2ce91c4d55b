// Money is whole fen in BigInt, quantities are whole tonnes in BigInt. No floating point touches either.

const YUAN = /^(\d{1,15})(?:\.(\d{1,2}))?$/;
const GAP = "\u00a0";

/** "48.00" → 4800n; null where it is not a price with at most two decimals. */
export function parseYuan(text) {
  const found = YUAN.exec(String(text ?? "").trim());
  return found ? BigInt(found[1]) * 100n + BigInt((found[2] ?? "").padEnd(2, "0")) : null;
}

/** "1 000" → 1000n; null where it is not a whole number of tonnes, at least 1. */
export function parseTonnes(text) {
  const digits = String(text ?? "").replace(/[\s,\u202f\u00a0]/g, "");
  return /^\d{1,15}$/.test(digits) && BigInt(digits) > 0n ? BigInt(digits) : null;
}

/** 4800n → "48.00" */
export function yuan(fen) {
  const sign = fen < 0n ? "-" : "";
  const digits = String(fen < 0n ? -fen : fen).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Groups of three before the point: "4103953.00" → "4 103 953.00". Anything else stays as it is. */
export function grouped(value) {
  const found = /^([-+−]?)(\d+)(\.\d+)?$/.exec(String(value ?? ""));
  return found ? found[1] + found[2].replace(/\B(?=(\d{3})+$)/g, GAP) + (found[3] ?? "") : String(value ?? "");
}

/** numerator ÷ denominator to the nearest integer, halves upwards; both at least 0n. */
export function roundHalfUp(numerator, denominator) {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** From one price to another in per cent with two places, half away from zero: "-6.73". */
export function percent(fromFen, toFen) {
  const moved = toFen - fromFen;
  const size = roundHalfUp((moved < 0n ? -moved : moved) * 10_000n, fromFen);
  return yuan(moved < 0n ? -size : size);
}

/** "▲+6.73 %": said by sign and arrow, never by colour alone. */
export function moved(fromFen, toFen) {
  const text = percent(fromFen, toFen);
  return `${{ up: "▲", down: "▼", flat: "" }[directionOf(text)]}${signed(text)} %`;
}

/** The fee on traded money, in fen (trading-rules.md: Money and holdings). */
export function fee(tradedFen, feeBps) {
  return roundHalfUp(tradedFen * BigInt(feeBps), 10_000n);
}

/** What a buy locks at most: price × quantity and the fee on that, in fen. */
export function buyLock(priceFen, qty, feeBps) {
  const money = priceFen * qty;
  return { money, fee: fee(money, feeBps), total: money + fee(money, feeBps) };
}

/** The most tonnes that `fen` pays for at this price, fee included. */
export function affordable(fen, priceFen, feeBps) {
  if (priceFen <= 0n) return 0n;
  let qty = (fen * 10_000n) / (priceFen * (10_000n + BigInt(feeBps)));
  while (buyLock(priceFen, qty + 1n, feeBps).total <= fen) qty += 1n;
  while (qty > 0n && buyLock(priceFen, qty, feeBps).total > fen) qty -= 1n;
  return qty;
}

/** Lowest and highest price of a band around the previous close, in fen, each rounded half-up. */
export function band(prevCloseFen, bps) {
  return [
    roundHalfUp(prevCloseFen * (10_000n - BigInt(bps)), 10_000n),
    roundHalfUp(prevCloseFen * (10_000n + BigInt(bps)), 10_000n),
  ];
}

/** "-1.20" → "−1.20", "1.20" → "+1.20", "0.00" → "0.00": colour alone never says the direction. */
export function signed(text) {
  const direction = directionOf(text);
  if (direction === "up") return `+${text}`;
  return direction === "down" ? `−${text.slice(1)}` : text;
}

export function directionOf(text) {
  if (!text || /^-?0*\.?0*$/.test(text)) return "flat";
  return text.startsWith("-") ? "down" : "up";
}
