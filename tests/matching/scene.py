"""Where the random machine trades: two markets, their credits, a ledger, and the checks after every step."""

from collections import Counter
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from exchange.matching.wallets import AVAILABLE, CNY
from tests.matching import invariants
from tests.matching.draws import CODES, INSTRUMENTS, MEMBERS
from tests.matching.naive_rules import Order as NaiveOrder
from tests.matching.pair import Line, Pair


def yuan_of(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


class Scene(RuleBasedStateMachine):
    """Four members and three instruments, and how a command reaches both markets. The rules are in the machine."""

    #: over all examples of a run: reasons and kinds of events that were met
    met: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair()
        self.credited: Counter[str] = Counter()
        self.ledger: invariants.Ledger = Counter()
        self.named: list[Line] = []
        self.kinds: dict[str, list[Line]] = {"list": [], "block": [], "auction": [], "bid": []}
        self.days = 0

    # --- one command ------------------------------------------------------------------------------------

    def feed(self, command: Line) -> list[Line]:
        """Both get it; a refusal must have changed nothing. Notes what was met."""
        before = invariants.picture(self.pair.core)
        events = self.pair.feed(command)
        for event in events:
            self.met[event.get("reason") or event.get("kind") or event["event"]] += 1
        if any(event["event"] == "rejected" for event in events):
            assert len(events) == 1
            assert invariants.picture(self.pair.core) == before, "a refused command changed something"
            assert not self.pair.moves
        invariants.moves_explain_the_wallets(self.pair.moves, self.ledger, self.pair.core)
        return events

    def order(self, cmd: str, member: str, reuse: bool, **more: Any) -> bool:
        """An order under a new id, now and then under one that was used before."""
        name = {"id": f"o{len(self.named)}", "member": member}
        if reuse and self.named:
            name = self.named[-1]
        accepted = bool(self.feed({"cmd": cmd, **name, **more})[0]["event"] == "accepted")
        self.named.append(name)
        if accepted and cmd in self.kinds:
            self.kinds[cmd].append(name)
        return accepted

    def picked(self, kind: str | None, pick: int) -> Line:
        """An order of this kind (any kind: None), mostly one that exists."""
        pool = self.named if kind is None else self.kinds[kind]
        return pool[-1 - pick % len(pool)] if pool else {"id": "none", "member": "M1"}

    def price(self, code: str, step: int) -> str:
        """So many ticks from the previous close."""
        book = self.pair.core.books[code]
        tick = book.parameters.tick
        return yuan_of(max(1, book.prev_close // tick + step) * tick)

    # --- the scene --------------------------------------------------------------------------------------

    @initialize(
        bps=st.sampled_from((0, 5, 8, 2500)), weights=st.sampled_from(((1, 1, 1), (2, 0, 3), (0, 1, 0), ()))
    )
    def scene(self, bps: int, weights: tuple[int, ...]) -> None:
        self.feed({"cmd": "fees", "bps": bps})
        for line in INSTRUMENTS:
            self.feed({"cmd": "instrument", **line})
        for member in MEMBERS:
            self.feed({"cmd": "member", "id": member})
            self.credit(member, CNY, 120_000)
            for code in CODES:
                self.credit(member, code, 60)
        if weights:
            self.feed(
                {"cmd": "composite", "weights": dict(zip(CODES, weights, strict=True)), "prev_close": "16.12"}
            )
        for code in CODES:
            self.feed({"cmd": "phase", "instrument": code, "phase": "afternoon"})

    def credit(self, member: str, asset: str, amount: int) -> None:
        shown = yuan_of(amount) if asset == CNY else amount
        self.credited[asset] += amount
        self.ledger[member, asset, AVAILABLE] += amount
        self.feed({"cmd": "credit", "member": member, "asset": asset, "amount": shown})

    def standing_listings(self) -> list[NaiveOrder]:
        return [order for order in self.pair.naive.open() if order.resting]

    def preferred(self, code: str, side: str, pick: int) -> Line:
        """Mostly a listing that stands on the other side; seldom any order."""
        standing = self.pair.naive.listings(code, "sell" if side == "buy" else "buy")
        if not standing or pick > 50:
            return self.picked(None, pick)
        listing = standing[pick % len(standing)]
        return {"member": listing.member, "id": listing.id}

    # --- after every step -------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        market = self.pair.core
        invariants.money_and_tonnes_are_conserved(market, self.credited)
        invariants.no_balance_is_below_zero(market)
        invariants.locks_are_what_open_orders_need(market)
        invariants.orders_are_open_while_something_is_left(market)
        invariants.books_are_in_order(market)
        invariants.books_hold_what_the_naive_market_holds(market, self.pair.naive)
        self.pair.balances()
