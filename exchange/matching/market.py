"""The market: commands in, events and ledger moves out (trading-rules.md; replay-format.md).

    market.apply({"cmd": "take", "id": "s1", "member": "BEIHAI", "instrument": "CEA", "side": "buy",
                  "price": "48.00", "qty": 1500}) -> [Accepted(…), Trade(…), …]

A command is a line of a replay file. A refused one gives `Rejected` and changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from exchange.matching import auction, block, day, listed, refusals
from exchange.matching.book import LISTED, Book
from exchange.matching.composite import Composite
from exchange.matching.events import Cancelled, Event, Expired, Trade
from exchange.matching.money import fee
from exchange.matching.orders import BUY, CANCELLED, FILLED, SELL, Name, Order
from exchange.matching.wallets import AVAILABLE, CNY, EXCHANGE, LOCKED, UNSETTLED, Wallets

Command = Mapping[str, Any]


class Market:
    """Books, members, orders and wallets that belong together, and the rules over them."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}
        self.members: dict[str, str] = {}
        #: sell in auctions of paid allocation, and do nothing else here
        self.authorities: dict[str, str] = {}
        self.orders: dict[Name, Order] = {}
        self.wallets = Wallets()
        self.composite: Composite | None = None
        self.age = 0

    def apply(self, command: Command) -> list[Event]:
        """Decides one command. Raises KeyError for a `cmd` that is none of the market's."""
        return VERBS[command["cmd"]](self, command)

    def named(self, name: Mapping[str, str]) -> Order | None:
        """The order of this member and id, if it is in one of these books."""
        order = self.orders.get((name["member"], name["id"]))
        return order if order is not None and order.code in self.books else None

    # --- checks that several commands share -----------------------------------------------------------

    def may_enter(self, command: Command, phases: frozenset[str]) -> str | None:
        """Rules 1 to 4."""
        book = self.books.get(command["instrument"])
        if book is None:
            return refusals.UNKNOWN_INSTRUMENT
        known = {**self.members, **self.authorities} if command["cmd"] == "auction" else self.members
        status = known.get(command["member"])
        if status is None:
            return refusals.UNKNOWN_MEMBER
        if status != refusals.ACTIVE:
            return refusals.MEMBER_SUSPENDED
        if (command["member"], command["id"]) in self.orders:
            return refusals.DUPLICATE_ID
        return refusals.phase(book, phases)

    def may_afford(
        self, book: Book, member: str, side: str, price: int, qty: int, instead_of: Order | None = None
    ) -> str | None:
        """Rules 10 and 11. An open buy that would end with it counts as gone."""
        if side == SELL:
            return (
                None if self.wallets.available(member, book.code) >= qty else refusals.INSUFFICIENT_HOLDINGS
            )
        limit = book.parameters.position_limit
        if limit is not None:
            position = self.wallets.held(member, book.code) + book.open_buys.get(member, 0)
            position -= instead_of.leaves if instead_of else 0
            if position + qty > limit:
                return refusals.POSITION_LIMIT
        cost = price * qty
        cost += fee(cost, book.parameters.fee_bps)
        money = self.wallets.available(member, CNY) + (instead_of.lock() if instead_of else 0)
        return None if money >= cost else refusals.INSUFFICIENT_FUNDS

    def accept(self, command: Command, book: Book, price: int, qty: int, side: str, **more: Any) -> Order:
        """Makes the order and locks what its whole quantity may need."""
        self.age += 1
        order = Order(
            member=command["member"], id=command["id"], code=book.code, kind=command["cmd"], side=side, price=price,
            qty=qty, fee_bps=book.parameters.fee_bps, age=self.age, number=command.get("number", self.age), **more,
        )  # fmt: skip
        self.orders[order.name] = order
        asset = book.code if side == SELL else CNY
        cause = f"order:{order.number}"
        self.wallets.move(asset, order.lock(), order.member, AVAILABLE, order.member, LOCKED, "lock", cause)
        return order

    # --- fills, ends ------------------------------------------------------------------------------------

    def fill(self, book: Book, kind: str, listing: Order, taker: Order, price: int, qty: int) -> Trade:
        """One trade: tonnes to the buyer (unsettled), money to the seller, fees, and what a better price frees."""
        buyer, seller = (taker, listing) if taker.side == BUY else (listing, taker)
        turnover = price * qty
        locked_before = buyer.lock()
        book.trade_count += 1
        book.day.add(kind, price, qty)
        if kind == LISTED and self.composite is not None:
            self.composite.trade(book.code, price)
        buyer_fee, seller_fee = _charge(buyer, turnover, qty), _charge(seller, turnover, qty)
        freed = locked_before - turnover - buyer_fee - buyer.lock()
        if listing.surrender_only:
            self.wallets.surrender_only[buyer.member, book.code] += qty
        cause = f"trade:{book.code}:{book.trade_count}"
        move = self.wallets.move
        move(book.code, qty, seller.member, LOCKED, buyer.member, UNSETTLED, "trade", cause)
        move(CNY, turnover, buyer.member, LOCKED, seller.member, AVAILABLE, "payment", cause)
        move(CNY, buyer_fee, buyer.member, LOCKED, EXCHANGE, AVAILABLE, "fee", cause)
        move(CNY, seller_fee, seller.member, AVAILABLE, EXCHANGE, AVAILABLE, "fee", cause)
        move(CNY, freed, buyer.member, LOCKED, buyer.member, AVAILABLE, "release", f"order:{buyer.number}")
        return Trade(
            book.trade_count,
            book.code,
            kind,
            price,
            qty,
            buyer,
            seller,
            listing,
            taker,
            buyer_fee,
            seller_fee,
        )

    def end(self, order: Order, status: str) -> Cancelled | Expired:
        """Ends an order that rests nowhere any more, and unlocks what it held."""
        qty, lock = order.leaves, order.lock()
        asset = order.code if order.side == SELL else CNY
        cause = f"order:{order.number}"
        self.wallets.move(asset, lock, order.member, LOCKED, order.member, AVAILABLE, "release", cause)
        order.leaves = 0
        order.status = status
        return Cancelled(order, qty) if status == CANCELLED else Expired(order, qty)


def _charge(order: Order, turnover: int, qty: int) -> int:
    """Books a fill on one order and gives the fee in fen it adds: the fee is on the cumulative money."""
    order.traded += turnover
    order.leaves -= qty
    order.filled += qty
    if not order.leaves:
        order.status = FILLED
    total = fee(order.traded, order.fee_bps)
    charged, order.charged = total - order.charged, total
    return charged


VERBS: dict[str, Callable[[Market, Command], list[Event]]] = {
    "list": listed.list_,
    "take": listed.take,
    "block": block.block,
    "block_accept": block.block_accept,
    "auction": auction.auction,
    "bid": auction.bid,
    "auction_close": auction.auction_close,
    "cancel": day.cancel,
    "phase": day.phase,
    "close_day": day.close_day,
}
