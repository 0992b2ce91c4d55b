"""A deliberately naive market: trading-rules.md written down a second time, for comparison with the core.

Everything is a flat list that is scanned from end to end. Nothing is kept that can be asked again: what is locked
is summed over the open orders, a level is whatever listings stand at a price, a bar is made from the day's trades.
It shares no code with `exchange.matching`, not even the rounding: that is its worth. Money is fen, quantity tonnes.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.matching import naive_auctions as auctions
from tests.matching import naive_rules as rules
from tests.matching.naive_rules import Instrument, Order, fen_of, half_up, shown

Line = dict[str, Any]


@dataclass
class NaiveMarket:
    """Commands of a replay file in (`feed`), event lines out; `balances` gives the lines at the end of a file."""

    fee_bps: int = 0
    instruments: list[Instrument] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    #: what a member owns, locked or not, apart from what is unsettled
    owned: dict[tuple[str, str], int] = field(default_factory=dict)
    unsettled: dict[tuple[str, str], int] = field(default_factory=dict)
    fees: int = 0
    trade_no: int = 0
    weights: dict[str, int] = field(default_factory=dict)
    composite_prev_close: int = 0
    composite_values: list[int] = field(default_factory=list)
    events: list[Line] = field(default_factory=list)

    def feed(self, command: Line) -> list[Line]:
        """The event lines that this command gives."""
        self.events = []
        getattr(self, f"do_{command['cmd']}")(command)
        return self.events

    # --- setting the scene ------------------------------------------------------------------------------

    def do_fees(self, c: Line) -> None:
        self.fee_bps = c["bps"]

    def do_instrument(self, c: Line) -> None:
        given = {name: c[name] for name in rules.PARAMETERS if name in c}
        if "tick" in c:
            given["tick"] = fen_of(c["tick"])
        prev_close = fen_of(c["prev_close"])
        assert prev_close is not None
        self.instruments.append(Instrument(code=c["code"], prev_close=prev_close, **given))

    def do_member(self, c: Line) -> None:
        self.members[c["id"]] = c.get("status", "active")

    def do_credit(self, c: Line) -> None:
        amount = fen_of(c["amount"]) if c["asset"] == "CNY" else c["amount"]
        self.add(c["member"], c["asset"], amount or 0)

    def do_phase(self, c: Line) -> None:
        for instrument in self.instruments:
            if instrument.code == c["instrument"]:
                instrument.phase = c["phase"]

    def do_composite(self, c: Line) -> None:
        self.weights = c["weights"]
        self.composite_prev_close = fen_of(c["prev_close"]) or 0
        self.composite_values = []

    # --- listed agreement -------------------------------------------------------------------------------

    def do_list(self, c: Line) -> None:
        reason = rules.entry(self, c, {"morning", "afternoon"}) or rules.listed_price_and_quantity(self, c)
        if not reason and self.would_cross(c["instrument"], c["side"], rules.price_of(c)):
            reason = "WOULD_CROSS"
        reason = reason or rules.means(self, c)
        if reason:
            return self.reject(c, reason)
        self.accept(c, c["instrument"], c["side"], rules.price_of(c), c["qty"])
        return None

    def do_take(self, c: Line) -> None:
        reason = rules.entry(self, c, {"morning", "afternoon"}) or rules.listed_price_and_quantity(self, c)
        if reason:
            return self.reject(c, reason)
        limit, member = rules.price_of(c), c["member"]
        reach = self.in_reach(c["instrument"], c["side"], limit, member)
        preferred = [self.find(entry) for entry in c.get("prefer", [])]
        if any(listing not in reach for listing in preferred):
            reason = "LISTING_GONE"
        elif not reach and c.get("remainder", "cancel") == "cancel":
            reason = "NO_COUNTERPARTY"
        reason = reason or rules.means(self, c)
        if reason:
            return self.reject(c, reason)
        take = self.accept(c, c["instrument"], c["side"], limit, c["qty"], resting=False)
        for listing in sorted(reach, key=lambda o: take_rank(o, preferred, c["side"])):
            qty = min(take.leaves, listing.leaves)
            if qty:
                self.trade("listed", listing, take, listing.price, qty)
        if take.leaves:
            if c.get("remainder") == "list" and not self.would_cross(take.instrument, take.side, limit):
                take.resting = True
            else:
                self.end(take, "cancelled")
        return None

    def listings(self, code: str, side: str) -> list[Order]:
        """Open listings of one side, oldest first."""
        return [o for o in self.open() if o.resting and o.instrument == code and o.side == side]

    def would_cross(self, code: str, side: str, price: int) -> bool:
        if side == "buy":
            return any(price >= o.price for o in self.listings(code, "sell"))
        return any(price <= o.price for o in self.listings(code, "buy"))

    def in_reach(self, code: str, side: str, limit: int, member: str) -> list[Order]:
        """Take 1: without the taker's own, the first five levels, none worse than the limit."""
        opposite = "sell" if side == "buy" else "buy"
        others = [o for o in self.listings(code, opposite) if o.member != member]
        prices = sorted({o.price for o in others}, reverse=opposite == "buy")[: self.instrument(code).levels]
        return [o for o in others if o.price in prices and not rules.worse(o.price, limit, side)]

    # --- block agreement --------------------------------------------------------------------------------

    def do_block(self, c: Line) -> None:
        answered = self.find(c["answers"]) if c.get("answers") else None
        reason = rules.answer(c, answered) if c.get("answers") else None
        reason = reason or rules.entry(self, c, {"afternoon"}) or rules.block_price_and_quantity(self, c)
        named = rules.named(c)
        if not reason and named != ["everybody"]:
            others = [member for member in self.members if member != c["member"]]
            if not named or any(member not in others for member in named):
                reason = "BAD_COUNTERPARTY"
        reason = reason or rules.means(self, c)
        if reason:
            return self.reject(c, reason)
        offer = self.accept(c, c["instrument"], c["side"], rules.price_of(c), c["qty"], resting=False)
        offer.named = named
        if answered is not None:
            self.end(answered, "cancelled")
        return None

    def do_block_accept(self, c: Line) -> None:
        # The scenarios count an acceptance among block offers that are not open any more (random-5).
        offer = self.find(c["offer"], "block", "block_accept")
        if offer is None or offer.member == c["member"] or not rules.is_for(offer, c["member"]):
            return self.reject(c, "UNKNOWN_ORDER")
        if offer.leaves == 0:
            return self.reject(c, "NOT_OPEN")
        side = "sell" if offer.side == "buy" else "buy"
        as_block = {**c, "instrument": offer.instrument, "side": side, "price": shown(offer.price)}
        as_block["qty"] = offer.qty
        reason = rules.entry(self, as_block, {"afternoon"}) or rules.block_price_and_quantity(self, as_block)
        reason = reason or rules.means(self, as_block)
        if reason:
            return self.reject(c, reason)
        acceptance = self.accept(c, offer.instrument, side, offer.price, offer.qty, resting=False)
        self.trade("block", offer, acceptance, offer.price, offer.qty)
        return None

    # --- one-way auction --------------------------------------------------------------------------------

    def do_auction(self, c: Line) -> None:
        auctions.auction(self, c)

    def do_bid(self, c: Line) -> None:
        auctions.bid(self, c)

    def do_auction_close(self, c: Line) -> None:
        auctions.auction_close(self, c)

    # --- cancel and the end of the day ------------------------------------------------------------------

    def do_cancel(self, c: Line) -> None:
        order = self.find(c)
        if order is None:
            return self.reject(c, "UNKNOWN_ORDER")
        if order.leaves == 0:
            return self.reject(c, "NOT_OPEN")
        if order.kind == "auction":
            return self.reject(c, "NOT_CANCELLABLE")
        if self.instrument(order.instrument).phase == "closed":
            return self.reject(c, "MARKET_CLOSED")
        return self.end(order, "cancelled")

    def do_close_day(self, c: Line) -> None:
        for order in self.open():
            self.end(order, "expired")
        self.instruments.sort(key=lambda instrument: instrument.code)
        for instrument in self.instruments:
            self.events.append(rules.bar(instrument, c["date"]))
        closes = {instrument.code: rules.close(instrument) for instrument in self.instruments}
        if self.weights:
            self.close_composite(c["date"], closes)
        for instrument in self.instruments:
            instrument.prev_close = closes[instrument.code]
            instrument.phase = "closed"
            instrument.trades = []
        for (member, asset), amount in self.unsettled.items():
            self.add(member, asset, amount)
            self.unsettled[member, asset] = 0

    def close_composite(self, date: str, closes: dict[str, int]) -> None:
        before = self.composite_prev_close
        values = self.composite_values or [before]
        close = self.composite(closes) if self.composite_values else before
        self.events.append({
            "event": "composite", "date": date, "open": shown(values[0]), "high": shown(max(values)),
            "low": shown(min(values)), "close": shown(close), "prev_close": shown(before),
        })  # fmt: skip
        self.composite_prev_close, self.composite_values = close, []

    def composite(self, prices: dict[str, int]) -> int:
        total = sum(prices[code] * weight for code, weight in self.weights.items())
        return half_up(Fraction(total, sum(self.weights.values())))

    # --- what everything above is made of ---------------------------------------------------------------

    def instrument(self, code: str) -> Instrument:
        return next(i for i in self.instruments if i.code == code)

    def open(self) -> list[Order]:
        """Orders with something left, oldest acceptance first."""
        return [o for o in self.orders if o.leaves]

    def find(self, name: Line, *kinds: str) -> Order | None:
        for order in self.orders:
            same = (order.member, order.id) == (name["member"], name["id"])
            if same and (not kinds or order.kind in kinds):
                return order
        return None

    def reject(self, c: Line, reason: str) -> None:
        self.events.append({"event": "rejected", "id": c["id"], "member": c["member"], "reason": reason})

    def accept(self, c: Line, code: str, side: str, price: int, qty: int, *, resting: bool = True) -> Order:
        order = Order(c["member"], c["id"], c["cmd"], code, side, price, qty, self.fee_bps, resting=resting)
        self.orders.append(order)
        self.events.append({"event": "accepted", "id": order.id, "member": order.member})
        return order

    def end(self, order: Order, event: str) -> None:
        self.events.append({"event": event, "id": order.id, "member": order.member, "qty": order.leaves})
        order.gone = order.leaves

    def trade(self, kind: str, listing: Order, taker: Order, price: int, qty: int) -> None:
        self.trade_no += 1
        buyer, seller = (taker, listing) if taker.side == "buy" else (listing, taker)
        money = price * qty
        buyer_fee, seller_fee = buyer.fill(money, qty), seller.fill(money, qty)
        self.add(buyer.member, "CNY", -money - buyer_fee)
        self.add(seller.member, "CNY", money - seller_fee)
        self.fees += buyer_fee + seller_fee
        self.add(seller.member, listing.instrument, -qty)
        bought = (buyer.member, listing.instrument)
        self.unsettled[bought] = self.unsettled.get(bought, 0) + qty
        instrument = self.instrument(listing.instrument)
        instrument.trades.append((kind, price, qty))
        if kind == "listed" and self.weights.get(instrument.code):
            self.composite_values.append(self.composite({i.code: rules.last(i) for i in self.instruments}))
        self.events.append({
            "event": "trade", "no": self.trade_no, "instrument": instrument.code, "kind": kind,
            "price": shown(price), "qty": qty, "buyer": buyer.member, "seller": seller.member,
            "listing": {"member": listing.member, "id": listing.id},
            "taker": {"member": taker.member, "id": taker.id},
        })  # fmt: skip

    def add(self, member: str, asset: str, amount: int) -> None:
        self.owned[member, asset] = self.owned.get((member, asset), 0) + amount

    def locked(self, member: str, asset: str) -> int:
        return sum(o.lock() for o in self.open() if o.member == member and o.locks_asset == asset)

    def available(self, member: str, asset: str) -> int:
        return self.owned.get((member, asset), 0) - self.locked(member, asset)

    def balances(self) -> list[Line]:
        """The balance lines and the fees that end a replay."""
        lines = []
        for member, asset in sorted({*self.owned, *self.unsettled}):
            amounts = {
                "available": self.available(member, asset),
                "locked": self.locked(member, asset),
                "unsettled": self.unsettled.get((member, asset), 0),
            }
            if asset == "CNY":
                amounts = {name: shown(fen) for name, fen in amounts.items()}  # type: ignore[misc]
            lines.append({"event": "balance", "member": member, "asset": asset, **amounts})
        return [*lines, {"event": "fees", "amount": shown(self.fees)}]


def take_rank(listing: Order, preferred: "list[Order | None]", side: str) -> tuple[int, float]:
    """Take 3: best price first; in one level the preferred in the order given, then the rest oldest first."""
    price = listing.price if side == "buy" else -listing.price
    return price, preferred.index(listing) if listing in preferred else math.inf
