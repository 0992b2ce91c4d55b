"""An order as the core knows it, and what it locks."""

from exchange.matching.money import fee

BUY, SELL = "buy", "sell"
OPEN, FILLED, CANCELLED, EXPIRED = "open", "filled", "cancelled", "expired"
UNIFORM, PAY_AS_BID = "uniform", "pay_as_bid"

#: An order is named by its member and its id.
Name = tuple[str, str]


class Order:
    """One accepted order. Prices in fen, quantities in tonnes.

    `age` is the number of its acceptance and never changes. `number` is its public number.
    `traded` is the money it has traded so far and `charged` the fee taken on it, both in fen.
    """

    __slots__ = (
        "age", "charged", "code", "counterparties", "fee_bps", "filled", "id", "kind", "leaves", "member",
        "model", "number", "parent", "price", "qty", "side", "status", "surrender_only", "traded",
    )  # fmt: skip

    def __init__(
        self, *, member: str, id: str,  # noqa: A002 - the field's own name
        code: str, kind: str, side: str, price: int, qty: int, fee_bps: int, age: int,
        number: int, leaves: int | None = None, filled: int = 0, traded: int = 0, charged: int = 0,
        status: str = OPEN, counterparties: frozenset[str] | None = None, parent: "Order | None" = None, model: str = "",
        surrender_only: bool = False,
    ) -> None:  # fmt: skip
        self.member = member
        self.id = id
        self.code = code
        self.kind = kind
        self.side = side
        self.price = price
        self.qty = qty
        self.leaves = qty if leaves is None else leaves
        self.filled = filled
        self.traded = traded
        self.charged = charged
        self.fee_bps = fee_bps
        self.status = status
        self.age = age
        self.number = number
        #: whom a block offer is for; None for everybody
        self.counterparties = counterparties
        self.parent = parent
        self.model = model
        #: of an auction: what is bought can only be surrendered
        self.surrender_only = surrender_only

    @property
    def name(self) -> Name:
        return self.member, self.id

    @property
    def rests_in_book(self) -> bool:
        """Block offers, auctions and bids stand outside the book."""
        return self.kind in {"list", "take"}

    def lock(self) -> int:
        """What it must hold locked now: tonnes for a sell, fen for a buy (trading-rules.md: Money and holdings)."""
        if self.side == SELL:
            return self.leaves
        rest = self.price * self.leaves
        return rest + fee(self.traded + rest, self.fee_bps) - self.charged
