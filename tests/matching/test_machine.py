"""Random markets: the core and the naive one get the same commands, and everything is checked after each of them.

Instruments are made small on purpose (bands of a dozen ticks, listings of a few tonnes, tight limits), so that edges
are met all the time. A run is the same every time; TANSHI_MACHINE_EXAMPLES=2000 makes it longer and different
each time: what it finds then is printed as a program that fails.
"""

import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from exchange.matching import refusals
from exchange.matching.auction import lower_floor
from exchange.matching.wallets import CNY
from tests.matching import draws, invariants
from tests.matching.draws import (
    CODES,
    MEMBERS,
    Row,
    bid_rows,
    block_sizes,
    codes,
    members,
    now_and_then,
    picks,
    sides,
    sizes,
    steps,
)
from tests.matching.pair import Line
from tests.matching.scene import Scene, yuan_of

EXAMPLES = int(os.environ.get("TANSHI_MACHINE_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=EXAMPLES or 140, stateful_step_count=60, derandomize=not EXAMPLES, database=None, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
EVENTS = {"accepted", "listed", "block", "auction", "cancelled", "expired", "bar", "composite"}


class Trading(Scene):
    """Commands of every kind at four members and three instruments."""

    # --- means, standing, phases ------------------------------------------------------------------------

    @rule(member=members, asset=st.sampled_from((CNY, *CODES)), amount=st.integers(0, 3000))
    def more_means(self, member: str, asset: str, amount: int) -> None:
        self.credit(member, asset, amount if asset == CNY else amount // 100)

    @rule(member=members, active=draws.three_quarters)
    def standing(self, member: str, active: bool) -> None:
        self.feed({"cmd": "member", "id": member, "status": "active" if active else "suspended"})

    @rule(code=codes, phase=draws.phases)
    def phase(self, code: str, phase: str) -> None:
        self.feed({"cmd": "phase", "instrument": code, "phase": phase})

    # --- orders -----------------------------------------------------------------------------------------

    @rule(member=members, code=codes, side=sides, step=steps, qty=sizes, reuse=now_and_then)
    def list_(self, member: str, code: str, side: str, step: int, qty: int, reuse: bool) -> None:
        self.order("list", member, reuse, instrument=code, side=side, price=self.price(code, step), qty=qty)

    @rule(code=codes, side=sides, rows=st.lists(st.tuples(members, steps, sizes), min_size=3, max_size=9))
    def many_listings(self, code: str, side: str, rows: list[Row]) -> None:
        """Deep books: more than five levels, several listings in one."""
        for member, step, qty in rows:
            away = abs(step) if side == "sell" else -abs(step)
            self.order(
                "list", member, False, instrument=code, side=side, price=self.price(code, away), qty=qty
            )

    @rule(
        member=members, code=codes, side=sides, step=steps, qty=sizes, reuse=now_and_then,
        prefer=st.one_of(st.none(), st.lists(picks, max_size=3)), remainder=st.sampled_from((None, "cancel", "list")),
    )  # fmt: skip
    def take(
        self, member: str, code: str, side: str, step: int, qty: int, reuse: bool, prefer: list[int] | None,
        remainder: str | None,
    ) -> None:  # fmt: skip
        more: Line = {} if remainder is None else {"remainder": remainder}
        if prefer is not None:
            more["prefer"] = [self.preferred(code, side, pick) for pick in prefer]
        price = self.price(code, step)
        self.order("take", member, reuse, instrument=code, side=side, price=price, qty=qty, **more)

    @precondition(lambda self: self.standing_listings())
    @rule(
        member=members,
        pick=picks,
        step=steps,
        qty=sizes,
        prefer=st.lists(picks, max_size=2),
        remainder=st.sampled_from(("cancel", "list")),
    )
    def take_what_stands(
        self, member: str, pick: int, step: int, qty: int, prefer: list[int], remainder: str
    ) -> None:
        """Aimed at a listing, with a limit at its price or a few ticks beyond."""
        standing = self.standing_listings()
        listing = standing[pick % len(standing)]
        code, side = listing.instrument, "sell" if listing.side == "buy" else "buy"
        beyond = abs(step) * self.pair.core.books[code].parameters.tick
        limit = max(1, listing.price + (beyond if side == "buy" else -beyond))
        self.order(
            "take",
            member,
            False,
            instrument=code,
            side=side,
            price=yuan_of(limit),
            qty=qty,
            remainder=remainder,
            prefer=[self.preferred(code, side, pick) for pick in prefer],
        )

    @rule(
        member=members, code=codes, side=sides, step=steps, qty=block_sizes, reuse=now_and_then,
        counterparty=st.sampled_from((None, None, "none", *MEMBERS, "NOBODY")),
        several=st.one_of(st.none(), st.none(), st.none(), st.lists(st.sampled_from(MEMBERS), max_size=3)),
    )  # fmt: skip
    def block(
        self, member: str, code: str, side: str, step: int, qty: int, reuse: bool, counterparty: str | None,
        several: list[str] | None,
    ) -> None:  # fmt: skip
        more: Line = {} if counterparty == "none" else {"counterparty": counterparty}
        more |= {} if several is None else {"counterparties": several}
        self.order(
            "block", member, reuse, instrument=code, side=side, price=self.price(code, step), qty=qty, **more
        )

    @precondition(lambda self: self.kinds["block"])
    @rule(member=members, pick=picks, any_order=now_and_then, step=steps, side=sides, qty=block_sizes)
    def counter_offer(self, member: str, pick: int, any_order: bool, step: int, side: str, qty: int) -> None:
        """Mostly by whom the offer is for, to its offerer."""
        answered = self.picked(None if any_order else "block", pick // 3)
        offer = self.pair.core.named(answered)
        named = sorted(offer.counterparties or ()) if offer else []
        code = offer.code if offer else CODES[0]
        self.order(
            "block", named[0] if named and step else member, False, instrument=code, side=side,
            price=self.price(code, step), qty=qty, counterparty=answered["member"], answers=answered,
        )  # fmt: skip

    @precondition(lambda self: self.kinds["block"])
    @rule(member=members, pick=picks, any_order=now_and_then, reuse=now_and_then)
    def block_accept(self, member: str, pick: int, any_order: bool, reuse: bool) -> None:
        offer = self.picked(None if any_order else "block", pick // 3)
        self.order("block_accept", member, reuse, offer=offer)

    @rule(
        member=members, code=codes, qty=block_sizes, model=st.sampled_from(("uniform", "pay_as_bid")),
        floor=st.sampled_from(("low", "low", "high", "high", "wrong")), reuse=now_and_then, rows=bid_rows,
    )  # fmt: skip
    def auction(
        self, member: str, code: str, qty: int, model: str, floor: str, reuse: bool, rows: list[Row]
    ) -> None:
        prev_close = self.pair.core.books[code].prev_close
        fen = {"low": (prev_close * 9 + 5) // 10, "high": prev_close, "wrong": prev_close + 5}[floor]
        if self.order("auction", member, reuse, instrument=code, floor=yuan_of(fen), qty=qty, model=model):
            self.bids(pick=0, any_order=False, reuse=False, rows=rows)

    @precondition(lambda self: self.kinds["auction"])
    @rule(pick=picks, any_order=now_and_then, reuse=now_and_then, rows=bid_rows)
    def bids(self, pick: int, any_order: bool, reuse: bool, rows: list[Row]) -> None:
        auction = self.picked(None if any_order else "auction", pick // 6)
        offer = self.pair.core.named(auction)
        code = offer.code if offer else CODES[0]
        for member, step, qty in rows:
            self.order("bid", member, reuse, auction=auction, price=self.price(code, step), qty=qty)

    @precondition(lambda self: self.kinds["bid"])
    @rule(pick=picks, any_order=now_and_then, step=steps, qty=block_sizes)
    def change_bid(self, pick: int, any_order: bool, step: int, qty: int) -> None:
        """Mostly an own bid, on its own auction."""
        replaced = self.picked(None if any_order else "bid", pick // 3)
        bid = self.pair.core.named(replaced)
        if bid is None or bid.parent is None:
            return
        auction = {"member": bid.parent.member, "id": bid.parent.id}
        price = self.price(bid.code, step)
        self.order("bid", replaced["member"], False, auction=auction, price=price, qty=qty, replaces=replaced)

    @precondition(lambda self: self.kinds["auction"])
    @rule(pick=picks, any_order=now_and_then)
    def auction_close(self, pick: int, any_order: bool) -> None:
        self.feed({"cmd": "auction_close", **self.picked(None if any_order else "auction", pick // 6)})

    @rule(pick=picks, stranger=now_and_then)
    def cancel(self, pick: int, stranger: bool) -> None:
        name = {"id": "o1", "member": "NOBODY"} if stranger else self.picked(None, pick)
        self.feed({"cmd": "cancel", **name})

    @rule(seed=st.integers(0, 2**32), count=st.integers(1, 40))
    def busy_minutes(self, seed: int, count: int) -> None:
        """Many listings and takes in a row, drawn evenly; a shorter run is the same run's beginning."""
        rng = random.Random(seed)
        for _ in range(count):
            member, code, side = rng.choice(MEMBERS), rng.choice(CODES), rng.choice(("buy", "sell"))
            step, qty, pick = rng.randint(-6, 6), rng.randint(1, 9), rng.randint(0, 50)
            away = step if rng.random() < 0.2 else abs(step) if side == "sell" else -abs(step)
            match rng.choice(("list", "list", "list", "take", "take", "cancel", "accept")):
                case "list":
                    self.list_(member=member, code=code, side=side, step=away, qty=qty, reuse=False)
                case "take" if self.standing_listings():
                    prefer = [rng.randint(0, 50) for _ in range(rng.choice((0, 0, 1, 3)))]
                    remainder = rng.choice(("cancel", "list"))
                    self.take_what_stands(
                        member=member, pick=pick, step=step, qty=3 * qty, prefer=prefer, remainder=remainder
                    )
                case "cancel":
                    self.cancel(pick=pick, stranger=False)
                case "accept" if self.kinds["block"]:
                    self.block_accept(member=member, pick=pick, any_order=False, reuse=False)

    @rule(code=codes, seed=st.integers(0, 2**32), closes=st.booleans())
    def whole_auction(self, code: str, seed: int, closes: bool) -> None:
        """A seller and many bids at few prices, so that rank and age decide."""
        rng = random.Random(seed)
        seller, qty, model = rng.choice(MEMBERS), rng.randint(20, 30), rng.choice(("uniform", "pay_as_bid"))
        floor = yuan_of(lower_floor(self.pair.core.books[code].prev_close))
        if not self.order("auction", seller, False, instrument=code, floor=floor, qty=qty, model=model):
            return
        auction = self.named[-1]
        for _ in range(rng.randint(0, 8)):
            price, bid_qty = self.price(code, rng.randint(-1, 1)), rng.randint(1, 14)
            self.order("bid", rng.choice(MEMBERS), False, auction=auction, price=price, qty=bid_qty)
        self.cancel(pick=rng.randint(0, 9), stranger=False)
        if closes:
            self.feed({"cmd": "auction_close", **auction})

    # --- wrong orders -----------------------------------------------------------------------------------

    @rule(
        cmd=st.sampled_from(("list", "take", "block", "auction", "bid")), side=sides, pick=picks,
        member=st.sampled_from((*MEMBERS, "NOBODY")), code=st.sampled_from((*CODES, *CODES, "CEA99")),
        price=st.sampled_from((*draws.BAD_PRICES, "0.20", "1" * 15)),
        qty=st.one_of(st.just(20), st.sampled_from(draws.BAD_QUANTITIES)),
    )  # fmt: skip
    def wrong_order(
        self, cmd: str, side: str, pick: int, member: str, code: str, price: Any, qty: Any
    ) -> None:
        more: Line = {"instrument": code, "side": side, "price": price}
        if cmd == "auction":
            more = {"instrument": code, "floor": price, "model": "uniform"}
        elif cmd == "bid":
            more = {"auction": self.picked("auction", pick), "price": price}
        self.order(cmd, member, False, qty=qty, **more)

    # --- the end of the day -----------------------------------------------------------------------------

    @precondition(lambda self: len(self.named) > 12 * (self.days + 1))
    @rule(bps=st.sampled_from((None, None, 0, 8, 2500)), left_closed=now_and_then)
    def close_day(self, bps: int | None, left_closed: bool) -> None:
        """Everything expires and is settled. Rates change between days only, as parameters do."""
        self.days += 1
        self.feed({"cmd": "close_day", "date": f"2025-07-{self.days:02d}"})
        assert not invariants.open_orders(self.pair.core)
        if bps is not None:
            self.feed({"cmd": "fees", "bps": bps})
        for code in () if left_closed else CODES:
            self.feed({"cmd": "phase", "instrument": code, "phase": "afternoon"})


@pytest.mark.first
def test_core_and_naive_market_agree_and_nothing_is_lost_whatever_is_asked() -> None:
    Trading.met.clear()
    run_state_machine_as_test(Trading, settings=SETTINGS)
    reasons = {code for code in vars(refusals).values() if isinstance(code, str) and code.isupper()}
    never_met = (reasons | EVENTS) - set(Trading.met)
    assert not never_met, f"the machine is too narrow: {never_met}"
