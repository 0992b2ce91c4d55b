"""A past day again: at every moment what the engine itself showed then, from wherever one looks."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from exchange.models import Event, Instrument, Order
from market_data.end_of_day import settle
from market_data.replay import reads
from market_data.replay.chunks import Chunks
from tests.support.market import Market, make_market

pytestmark = pytest.mark.django_db

BOOK_AND_QUOTE = ("last", "open", "high", "low", "volume", "turnover", "trades")


@dataclass
class Recorded:
    """A settled day, and the board that the engine showed after each of its commands, by its last event."""

    market: Market
    instrument: Instrument
    boards: dict[int, dict[str, Any]] = field(default_factory=dict)

    def chunks(self, known: set[str] | None = None) -> Chunks:
        found = reads.bounds(self.instrument, self.market.day)
        assert found is not None
        return Chunks(self.instrument, self.market.day, *found, known)


def some_command(market: Market, throw: random.Random, number: int) -> None:
    """Lists, takes with all their variants, cancels, and some that are refused."""
    member, side = throw.choice("ABCD"), throw.choice(["buy", "sell"])
    kind = throw.choice(["list", "list", "list", "take", "take", "cancel", "block"])
    if kind == "cancel":
        own = Order.objects.filter(status="open", kind__in=["list", "take"]).order_by("?").first()
        if own is not None:
            market.submit(own.organisation.code, "cancel", own.client_id)
        return
    # Offers stand apart, takes reach across.
    above = (side == "sell") == (kind != "take")
    price = f"{throw.randint(48, 51) if above else throw.randint(45, 47)}.{throw.choice(['00', '50'])}"
    qty = throw.randint(1, 900) if kind != "block" else 100_000
    more = {"remainder": throw.choice(["cancel", "list"])} if kind == "take" else {}
    market.submit(member, kind, f"o{number}", side=side, price=price, qty=qty, **more)


@pytest.fixture
def recorded(db: None, request: pytest.FixtureRequest) -> Recorded:
    market = make_market()
    (code,) = market.instruments
    recorded = Recorded(market, market.instruments[code])
    throw = random.Random(getattr(request, "param", 1))
    for number in range(70):
        some_command(market, throw, number)
        if number == 40:
            market.phase("halted")
            market.phase("afternoon")
        market.drain()
        recorded.instrument.refresh_from_db()
        recorded.boards[recorded.instrument.last_event] = recorded.instrument.board
    settle(market.day, early=True)
    recorded.instrument.refresh_from_db()
    return recorded


def without_names(book: dict[str, Any]) -> dict[str, Any]:
    for level in (*book["buy"], *book["sell"]):
        for listing in level["listings"]:
            del listing["member"]
    return book


def board_as_replayed(board: dict[str, Any]) -> dict[str, Any]:
    """The engine's board in the words of a replay: ten listings a level, nothing of who or when."""
    book = {
        side: [
            {
                "price": level["price"], "qty": level["qty"], "count": level["count"],
                "listings": [{"no": one["no"], "qty": one["qty"]} for one in level["listings"][:10]],
            }
            for level in board["book"][side]
        ]
        for side in ("buy", "sell")
    }  # fmt: skip
    return {"book": book, "quote": {name: board["quote"][name] for name in BOOK_AND_QUOTE}}


def as_compared(state: dict[str, Any]) -> dict[str, Any]:
    quote = state["quote"]
    return {
        "book": without_names(state["book"]),
        "quote": {name: quote[name] for name in BOOK_AND_QUOTE},
    }


@pytest.mark.parametrize("recorded", [1, 2], indirect=True)
def test_at_every_event_the_replay_shows_what_the_engine_showed(recorded: Recorded) -> None:
    chunks = recorded.chunks()
    walked = {step["event"]: as_compared(step) for step in chunks.after(0, 200)["steps"]}
    assert any(len(board["book"]["sell"]) > 2 for board in recorded.boards.values()), "the book is worth it"
    assert any(board["quote"]["trades"] > 5 for board in recorded.boards.values()), "there was trade"
    for event, board in recorded.boards.items():
        expected = board_as_replayed(board)
        if event in walked:
            assert walked[event] == expected, "stepped to"
        assert as_compared(chunks.after(event, 1)["start"]) == expected, "jumped to"


def test_stepping_back_and_forth_shows_the_same_steps(recorded: Recorded) -> None:
    chunks = recorded.chunks()
    whole = chunks.after(0, 200)
    assert (whole["at_start"], whole["at_end"]) == (True, True)
    events = [step["event"] for step in whole["steps"]]
    assert events[-1] == recorded.instrument.last_event
    forward: list[dict[str, Any]] = []
    at, chunk = 0, chunks.after(0, 1)
    while not forward or not chunk["at_end"]:
        chunk = chunks.after(at, 7)
        forward += chunk["steps"]
        at = chunk["steps"][-1]["event"]
    assert forward == whole["steps"]
    backward: list[dict[str, Any]] = []
    at = events[-1]
    while not backward or not chunk["at_start"]:
        chunk = chunks.before(at, 9)
        backward = chunk["steps"] + backward
        at = chunk["start"]["event"]
    assert backward == whole["steps"]


def test_a_number_inside_a_step_means_the_step(recorded: Recorded) -> None:
    long = max(recorded.chunks().after(0, 200)["steps"][:-1], key=lambda step: step["count"])
    inside = long["events"][0]["event"]
    assert inside < long["event"]
    shown = recorded.chunks().after(inside, 1)
    assert shown["steps"] == [long]
    assert shown["start"]["event"] < inside


def test_a_time_of_the_day_is_found(recorded: Recorded) -> None:
    chunks, day = recorded.chunks(), recorded.market.day
    middle = Event.objects.filter(instrument=recorded.instrument, day=day).order_by("no")[30]
    last_then = (
        Event.objects.filter(instrument=recorded.instrument, day=day, at__lte=middle.at)
        .order_by("-no")
        .first()
    )
    assert last_then is not None
    assert chunks.after(last_then.no, 1)["steps"] == chunks.at(middle.at, 1)["steps"]
    early = chunks.at(middle.at - dt.timedelta(days=1), 1)
    assert early["at_start"]
    assert early["start"]["book"] == {"buy": [], "sell": []}
    late = chunks.at(middle.at + dt.timedelta(days=1), 1)
    assert (late["steps"], late["at_end"]) == ([], True)


def test_the_end_of_the_day_empties_the_book(recorded: Recorded) -> None:
    last = recorded.chunks().before(recorded.instrument.last_event, 1)["steps"][-1]
    assert last["command"] == "close_day"
    assert last["book"] == {"buy": [], "sell": []}
    assert last["count"] > 1, "open listings expired"


def test_names_are_those_that_the_reader_may_know(recorded: Recorded) -> None:
    said = {
        member
        for step in recorded.chunks({"A"}).after(0, 200)["steps"]
        for event in step["events"]
        for member in (event["member"], event["other"])
    }
    assert said == {"A", "", None}
    assert {step["member"] for step in recorded.chunks().after(0, 200)["steps"]} >= {"A", "B", "C", "D", None}


def test_a_day_without_events_has_no_bounds(recorded: Recorded) -> None:
    assert reads.bounds(recorded.instrument, recorded.market.day - dt.timedelta(days=1)) is None
    assert reads.bounds(recorded.instrument, recorded.market.day + dt.timedelta(days=40)) is None
