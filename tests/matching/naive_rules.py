"""The naive market's checks and arithmetic, in the words of trading-rules.md. Shares nothing with the core."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.matching.naive import NaiveMarket

Line = dict[str, Any]
PARAMETERS = ("band_bps", "block_band_bps", "max_qty", "block_min_qty", "position_limit")
DIGITS = set("0123456789")


def half_up(value: Fraction) -> int:
    """The whole number nearest to it, halves upwards."""
    return (value + Fraction(1, 2)).__floor__()


def fen_of(value: object) -> int | None:
    """Fen of yuan such as "48.00" or the whole JSON number 48; None for what is no such number."""
    if type(value) is int:
        return value * 100
    if not isinstance(value, str) or value.count(".") > 1:
        return None
    yuan, point, cents = value.partition(".")
    if not yuan or not set(yuan + cents) <= DIGITS or len(cents) > 2 or (point and not cents):
        return None
    return int(Fraction(value) * 100)


def shown(fen: int) -> str:
    text = str(abs(fen)).rjust(3, "0")
    return ("-" if fen < 0 else "") + text[:-2] + "." + text[-2:]


def fee(money: int, bps: int) -> int:
    return half_up(Fraction(money * bps, 10_000))


@dataclass
class Instrument:
    code: str
    prev_close: int
    tick: int = 1
    max_qty: int = 99_999
    block_min_qty: int = 100_000
    band_bps: int = 1000
    block_band_bps: int = 3000
    levels: int = 5
    position_limit: int | None = None
    phase: str = "closed"
    #: the day's trades: kind, price, quantity
    trades: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(eq=False)
class Order:
    member: str
    id: str
    kind: str
    instrument: str
    side: str
    price: int
    qty: int
    fee_bps: int
    resting: bool = True
    filled: int = 0
    gone: int = 0  # cancelled or expired
    traded: int = 0  # money
    model: str = ""
    named: list[str] = field(default_factory=lambda: ["everybody"])
    auction: "Order | None" = None

    @property
    def leaves(self) -> int:
        return self.qty - self.filled - self.gone

    @property
    def locks_asset(self) -> str:
        return self.instrument if self.side == "sell" else "CNY"

    def lock(self) -> int:
        """price × leaves + fee(traded + price × leaves) − fee charged so far; a sell its tonnes."""
        if self.side == "sell":
            return self.leaves
        rest = self.price * self.leaves
        return rest + fee(self.traded + rest, self.fee_bps) - fee(self.traded, self.fee_bps)

    def fill(self, money: int, qty: int) -> int:
        """Books a fill; gives the fee it adds."""
        before = fee(self.traded, self.fee_bps)
        self.traded += money
        self.filled += qty
        return fee(self.traded, self.fee_bps) - before


def named(c: Line) -> list[str]:
    """Whom a block is for. One and several at once are nobody."""
    one, several = c.get("counterparty"), c.get("counterparties")
    if one is not None and several is not None:
        return []
    if several is not None:
        return list(several)
    return ["everybody"] if one is None else [one]


def is_for(offer: Order, member: str) -> bool:
    return offer.named == ["everybody"] or member in offer.named


def answer(c: Line, offer: Order | None) -> str | None:
    """Only an open offer that is for this member alone can be answered by an offer."""
    if offer is None or offer.instrument != c["instrument"] or set(offer.named) != {c["member"]}:
        return "UNKNOWN_ORDER"
    return None if offer.leaves else "NOT_OPEN"


def worse(price: int, limit: int, side: str) -> bool:
    return price > limit if side == "buy" else price < limit


def price_of(c: Line) -> int:
    """The price in fen of a command whose price has been found right."""
    return fen_of(c["price"]) or 0


# --- refusals, in the order of the table ------------------------------------------------------------------


def entry(market: "NaiveMarket", c: Line, phases: set[str]) -> str | None:
    """Rows 1 to 4."""
    phase = {i.code: i.phase for i in market.instruments}.get(c["instrument"])
    checks = [
        ("UNKNOWN_INSTRUMENT", phase is None),
        ("UNKNOWN_MEMBER", c["member"] not in market.members),
        ("MEMBER_SUSPENDED", market.members.get(c["member"]) == "suspended"),
        ("DUPLICATE_ID", market.find(c) is not None),
        ("HALTED", phase == "halted"),
        ("MARKET_CLOSED", phase not in phases),
    ]
    return first(checks)


def first(checks: list[tuple[str, bool]]) -> str | None:
    return next((reason for reason, fails in checks if fails), None)


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def bad_price(instrument: Instrument, price: object) -> bool:
    fen = fen_of(price)
    return fen is None or fen <= 0 or fen % instrument.tick != 0


def outside(instrument: Instrument, fen: int | None, bps: int) -> bool:
    low = half_up(Fraction(instrument.prev_close * (10_000 - bps), 10_000))
    high = half_up(Fraction(instrument.prev_close * (10_000 + bps), 10_000))
    return fen is None or fen < low or fen > high


def listed_price_and_quantity(market: "NaiveMarket", c: Line) -> str | None:
    """Rows 5 to 7 of list and take."""
    i = market.instrument(c["instrument"])
    return first([
        ("BAD_QUANTITY", not is_whole(c["qty"]) or c["qty"] > i.max_qty),
        ("BAD_PRICE", bad_price(i, c["price"])),
        ("PRICE_BAND", outside(i, fen_of(c["price"]), i.band_bps)),
    ])  # fmt: skip


def block_price_and_quantity(market: "NaiveMarket", c: Line) -> str | None:
    """Rows 5 to 7 of a block."""
    i = market.instrument(c["instrument"])
    return first([
        ("BAD_QUANTITY", not is_whole(c["qty"]) or c["qty"] < i.block_min_qty),
        ("BAD_PRICE", bad_price(i, c["price"])),
        ("PRICE_BAND", outside(i, fen_of(c["price"]), i.block_band_bps)),
    ])  # fmt: skip


def auction_floor(market: "NaiveMarket", c: Line) -> str | None:
    """Rows 5 and 6 of an auction, then its floor."""
    i = market.instrument(c["instrument"])
    floors = {i.prev_close, half_up(Fraction(i.prev_close * 9, 10))}
    return first([
        ("BAD_QUANTITY", not is_whole(c["qty"]) or c["qty"] < i.block_min_qty),
        ("BAD_PRICE", bad_price(i, c["floor"])),
        ("BAD_FLOOR", fen_of(c["floor"]) not in floors),
    ])  # fmt: skip


def bid_price(market: "NaiveMarket", c: Line, auction: Order) -> str | None:
    """Rows 5 and 6 of a bid, then its price between the floor and previous close × 1.1."""
    i = market.instrument(c["instrument"])
    cap = half_up(Fraction(i.prev_close * 11, 10))
    return first([
        ("BAD_QUANTITY", not is_whole(c["qty"]) or c["qty"] > auction.qty),
        ("BAD_PRICE", bad_price(i, c["price"])),
        ("PRICE_BAND", not auction.price <= (fen_of(c["price"]) or 0) <= cap),
    ])  # fmt: skip


def means(market: "NaiveMarket", c: Line) -> str | None:
    """Rows 10 and 11."""
    member, code, qty = c["member"], c["instrument"], c["qty"]
    if c["side"] == "sell":
        return "INSUFFICIENT_HOLDINGS" if market.available(member, code) < qty else None
    limit = market.instrument(code).position_limit
    has = market.owned.get((member, code), 0) + market.unsettled.get((member, code), 0)
    coming = sum(
        o.leaves for o in market.open() if o.member == member and o.instrument == code and o.side == "buy"
    )
    money = price_of(c) * qty
    return first([
        ("POSITION_LIMIT", limit is not None and has + coming + qty > limit),
        ("INSUFFICIENT_FUNDS", market.available(member, "CNY") < money + fee(money, market.fee_bps)),
    ])  # fmt: skip


# --- the day in figures -----------------------------------------------------------------------------------


def close(i: Instrument) -> int:
    """Listed turnover ÷ listed volume, half-up; the previous close without a listed trade."""
    volume = sum(qty for kind, _, qty in i.trades if kind == "listed")
    turnover = sum(price * qty for kind, price, qty in i.trades if kind == "listed")
    return half_up(Fraction(turnover, volume)) if volume else i.prev_close


def last(i: Instrument) -> int:
    """The last listed price, or the previous close."""
    return [i.prev_close, *(price for kind, price, _ in i.trades if kind == "listed")][-1]


def bar(i: Instrument, date: str) -> Line:
    prices = [price for kind, price, _ in i.trades if kind == "listed"]
    line: Line = {
        "event": "bar", "instrument": i.code, "date": date,
        "open": shown(prices[0] if prices else i.prev_close),
        "high": shown(max(prices)) if prices else None,
        "low": shown(min(prices)) if prices else None,
        "close": shown(close(i)), "prev_close": shown(i.prev_close),
    }  # fmt: skip
    for method, prefix in (("listed", ""), ("block", "block_"), ("auction", "auction_")):
        of_it = [(price, qty) for kind, price, qty in i.trades if kind == method]
        line[f"{prefix}volume"] = sum(qty for _, qty in of_it)
        line[f"{prefix}turnover"] = shown(sum(price * qty for price, qty in of_it))
        line[f"{prefix}trades"] = len(of_it)
    return line
