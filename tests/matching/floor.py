"""A trading floor for worked examples: short calls, what happened as short words, the book drawn as a table.

    floor = Floor()
    floor.list("d1", "YUNLING", sell=1000, at="48.00")          → ["accepted d1"]
    floor.take("s1", "BEIHAI", buy=1500, at="48.00")            → ["accepted s1", "trade d1 s1 1000 @ 48.00", …]

Every command goes to the core and to the naive market, which must agree. Ids are unique within an example,
so that words name an order by its id alone; a refusal is told by its reason alone.
"""

from typing import Any

from tests.matching.pair import Line, Pair

PHASES_OF_THE_DAY = ("closed", "morning", "break", "afternoon", "halted")
MONEY, TONNES = "100000000.00", 500_000

# Inside the class `list` is the market's verb.
Words = list[str]
Lines = list[Line]


class Floor:
    """One instrument, CEA, in the afternoon (when all is allowed), and members who have plenty of both."""

    def __init__(
        self, prev_close: str = "48.00", *, fees: int = 0, phase: str = "afternoon", **parameters: Any
    ):
        self.pair = Pair()
        self.pair.feed({"cmd": "fees", "bps": fees})
        self.instrument("CEA", prev_close, **parameters)
        for member in ("JIANGHAI", "YUNLING", "BEIHAI", "PUJIANG"):
            self.member(member, cny=MONEY, CEA=TONNES)
        self.phase(phase)

    # --- the scene --------------------------------------------------------------------------------------

    def instrument(self, code: str, prev_close: str, *, phase: str = "closed", **parameters: Any) -> None:
        self.do("instrument", code=code, prev_close=prev_close, **parameters)
        self.do("phase", instrument=code, phase=phase)

    def member(self, member: str, *, status: str = "active", cny: str = "0.00", **tonnes: int) -> None:
        """A member with money and tonnes; known members get more."""
        self.do("member", id=member, status=status)
        self.do("credit", member=member, asset="CNY", amount=cny)
        for code, amount in tonnes.items():
            self.do("credit", member=member, asset=code, amount=amount)

    def phase(self, phase: str, code: str = "CEA") -> None:
        self.do("phase", instrument=code, phase=phase)

    # --- orders -----------------------------------------------------------------------------------------

    def list(self, name: str, member: str, *, code: str = "CEA", **offer: Any) -> Words:
        return self.do("list", id=name, member=member, instrument=code, **sided(**offer))

    def take(
        self, name: str, member: str, *, prefer: Words | None = None, code: str = "CEA", **offer: Any
    ) -> Words:
        """`prefer` names listings as "MEMBER id"."""
        more = {} if prefer is None else {"prefer": [named(entry) for entry in prefer]}
        return self.do("take", id=name, member=member, instrument=code, **sided(**offer), **more)

    def block(self, name: str, member: str, *, code: str = "CEA", **offer: Any) -> Words:
        return self.do("block", id=name, member=member, instrument=code, **sided(**offer))

    def block_accept(self, name: str, member: str, offer: str) -> Words:
        return self.do("block_accept", id=name, member=member, offer=named(offer))

    def auction(
        self,
        name: str,
        member: str,
        qty: Any,
        floor: Any,
        model: str = "uniform",
        code: str = "CEA",
        **more: Any,
    ) -> Words:
        terms = {"instrument": code, "qty": qty, "floor": floor, "model": model, **more}
        return self.do("auction", id=name, member=member, **terms)

    def bid(
        self, name: str, member: str, auction: str, qty: Any, at: Any, replaces: str | None = None
    ) -> Words:
        more = {} if replaces is None else {"replaces": named(replaces)}
        return self.do("bid", id=name, member=member, auction=named(auction), price=at, qty=qty, **more)

    def auction_close(self, name: str, member: str) -> Words:
        return self.do("auction_close", id=name, member=member)

    def cancel(self, name: str, member: str) -> Words:
        return self.do("cancel", id=name, member=member)

    def close_day(self, date: str = "2021-07-16") -> Lines:
        """The lines of the day's end as they are."""
        return self.pair.feed({"cmd": "close_day", "date": date})

    def do(self, cmd: str, **fields: Any) -> Words:
        return [words(event) for event in self.pair.feed({"cmd": cmd, **fields})]

    # --- what is there ----------------------------------------------------------------------------------

    def wallet(self, member: str, asset: str = "CNY") -> tuple[Any, Any, Any]:
        """Available, locked, unsettled: yuan for money, whole tonnes otherwise."""
        for line in self.pair.balances():
            if (line.get("member"), line.get("asset")) == (member, asset):
                return line["available"], line["locked"], line["unsettled"]
        raise AssertionError(f"{member} never had {asset}")

    def fees(self) -> str:
        return str(self.pair.balances()[-1]["amount"])

    def book(self, code: str = "CEA") -> Words:
        """The core's book drawn as a table, best sell level above best buy level, oldest listing first."""
        book = self.pair.core.books[code]
        rows = [f"| {shown(level.price)} | {standing(level)}" for level in reversed([*book.sell])]
        return [*rows, *(f"{standing(level)} | {shown(level.price)} |" for level in book.buy)]


def drawn(table: str) -> list[str]:
    """A table written in a test, as `book` gives it: without its heading, spaces made even."""
    rows = [" ".join(row.split()) for row in table.strip().splitlines()]
    assert rows[0] == "bid | price | ask"
    return rows[1:]


def standing(level: Any) -> str:
    listings = [f"{order.id} {order.leaves}" for order in level.orders]
    assert level.qty == sum(order.leaves for order in level.orders)
    return ", ".join(listings)


def shown(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def named(words: str) -> Line:
    member, id_ = words.split()
    return {"member": member, "id": id_}


def sided(*, buy: Any = None, sell: Any = None, at: Any, **more: Any) -> Line:
    side = "sell" if buy is None else "buy"
    return {"side": side, "qty": sell if buy is None else buy, "price": at, **more}


def words(event: Line) -> str:
    match event["event"]:
        case "rejected":
            return str(event["reason"])
        case "trade":
            names = f"{event['listing']['id']} {event['taker']['id']}"
            return f"trade {names} {event['qty']} @ {event['price']}"
        case "cancelled" | "expired":
            return f"{event['event']} {event['id']} {event['qty']}"
    return f"{event['event']} {event['id']}"
