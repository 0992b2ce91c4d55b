"""The durable engine decides like the core, once, and leaves the books right; here in the test's own process."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from exchange import engine, intake
from exchange.engine import cache
from exchange.matching.market import VERBS
from exchange.models import Bar, Command, Event, Order, Trade, TradingDay
from exchange.settlement import close_day
from registry.audit.run import reconcile
from registry.models import Account
from tests.support.market import Market, endow, make_market

pytestmark = pytest.mark.django_db


def book(market: Market) -> dict[str, list[tuple[str, int]]]:
    """The published book: price and tonnes of each level."""
    instrument = market.instruments["CEA"]
    instrument.refresh_from_db()
    sides = instrument.board["book"]
    return {side: [(level["price"], level["qty"]) for level in levels] for side, levels in sides.items()}


def test_a_listing_waits_and_a_take_trades_with_it() -> None:
    market = make_market()
    listing = market.submit("A", "list", "l1", side="sell", price="48.00", qty=1_000)
    market.drain()
    assert book(market) == {"buy": [], "sell": [("48.00", 1_000)]}
    market.submit("B", "take", "t1", side="buy", price="48.50", qty=400)
    market.drain()
    trade = Trade.objects.get()
    assert (trade.no, trade.price_fen, trade.qty_t, trade.listing_id) == (1, 4_800, 400, listing.pk)
    assert book(market) == {"buy": [], "sell": [("48.00", 600)]}
    assert market.balance("B", "CEA", "unsettled") == 400
    assert market.balance("B", "CNY", "order") == 0
    assert market.balance("A", "CEA", "order") == 600
    assert reconcile().clean


def test_every_command_is_decided_by_exactly_one_first_event() -> None:
    market = make_market()
    commands = [market.submit("A", "list", f"l{n}", side="sell", price="48.00", qty=1) for n in range(20)]
    market.submit("B", "take", "t", side="buy", price="48.00", qty=20)
    market.submit("B", "take", "t2", side="buy", price="48.00", qty=20)
    market.drain()
    assert market.drain() == 0
    for command in commands:
        command.refresh_from_db()
        assert command.decided_event is not None
        event = Event.objects.get(no=command.decided_event)
        assert (event.command_id, event.kind) == (command.pk, "accepted")
    assert Command.objects.get(client_id="t2").reason == "NO_COUNTERPARTY"
    assert not Order.objects.filter(client_id="t2").exists()


def test_a_refused_id_is_free_and_an_accepted_one_is_the_same_order_for_ever() -> None:
    market = make_market()
    market.submit("A", "list", "x", side="sell", price="99.00", qty=1)
    market.drain()
    again = market.submit("A", "list", "x", side="sell", price="48.00", qty=1)
    market.drain()
    again.refresh_from_db()
    assert again.reason == ""
    assert market.submit("A", "list", "x", side="sell", price="48.00", qty=1).pk == again.pk
    with pytest.raises(intake.Refused, match="DUPLICATE_ID"):
        market.submit("A", "list", "x", side="sell", price="48.00", qty=2)


def test_an_undecided_id_is_the_same_order_too() -> None:
    market = make_market()
    first = market.submit("A", "list", "x", side="sell", price="48.00", qty=1)
    assert market.submit("A", "list", "x", side="sell", price="48.00", qty=1).pk == first.pk
    with pytest.raises(intake.Refused, match="DUPLICATE_ID"):
        market.submit("A", "list", "x", side="sell", price="48.01", qty=1)


def test_a_book_that_another_worker_moved_on_catches_up() -> None:
    market = make_market()
    market.submit("A", "list", "l1", side="sell", price="48.00", qty=100)
    market.submit("A", "list", "l2", side="sell", price="48.10", qty=100)
    market.drain()
    key = (market.instruments["CEA"].pk,)
    mine = cache._desks.pop(key)
    # Another worker, without our memory: fills one in part, cancels one, lists one.
    market.submit("B", "take", "t1", side="buy", price="48.00", qty=30)
    market.submit("A", "cancel", "l2")
    market.submit("C", "list", "l3", side="buy", price="47.00", qty=7)
    market.drain()
    cache._desks[key] = mine
    market.submit("B", "take", "t2", side="buy", price="48.10", qty=100)
    market.drain()
    assert book(market) == {"buy": [("47.00", 7)], "sell": []}
    assert market.balance("B", "CEA", "unsettled") == 100
    assert reconcile().clean
    assert mine.market.books["CEA"].open_buys["C"] == 7


def test_a_batch_that_fails_leaves_no_trace_and_the_next_one_knows_the_truth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market = make_market()
    market.submit("A", "list", "l1", side="sell", price="48.00", qty=100)
    market.drain()
    before = {row.pk: row.balance for row in Account.objects.all()}
    market.submit("B", "take", "t1", side="buy", price="48.00", qty=100)

    def broken(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken_write:
        broken_write.setattr("exchange.engine.write.Writer._write_trades", broken)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            market.drain()
    assert {row.pk: row.balance for row in Account.objects.all()} == before
    assert book(market) == {"buy": [], "sell": [("48.00", 100)]}
    market.drain()
    assert book(market) == {"buy": [], "sell": []}
    assert reconcile().clean


def test_a_command_that_the_core_cannot_decide_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    market = make_market()
    decide_list = VERBS["list"]

    def faulty(core: Any, command: Any) -> Any:
        if command["id"] == "poison":
            raise ZeroDivisionError
        return decide_list(core, command)

    monkeypatch.setitem(VERBS, "list", faulty)
    for name in ("one", "poison", "two"):
        market.submit("A", "list", name, side="sell", price="48.00", qty=1)
    market.drain()
    reasons = dict(Command.objects.filter(kind="list").values_list("client_id", "reason"))
    assert reasons == {"one": "", "poison": "ENGINE_FAULT", "two": ""}
    assert book(market)["sell"] == [("48.00", 2)]
    assert reconcile().clean


def test_money_is_one_for_all_instruments() -> None:
    market = make_market(codes=("CEA23", "CEA24"))
    market.submit("A", "list", "a", instrument="CEA23", side="buy", price="48.00", qty=99_999)
    market.drain()
    left = market.balance("A", "CNY")
    qty = left // 4_800
    for number in range(qty // 99_999 + 1):
        market.submit("A", "list", f"b{number}", instrument="CEA24", side="buy", price="48.00", qty=99_999)
    market.drain()
    assert Command.objects.filter(reason="INSUFFICIENT_FUNDS").count() == 1
    assert reconcile().clean


def test_a_prefer_entry_is_a_public_listing_number() -> None:
    market = make_market()
    market.submit("A", "list", "a", side="sell", price="48.00", qty=10)
    picked = market.submit("C", "list", "c", side="sell", price="48.00", qty=10)
    market.drain()
    market.submit("B", "take", "t", side="buy", price="48.00", qty=10, prefer=[picked.pk])
    market.submit("B", "take", "gone", side="buy", price="48.00", qty=10, prefer=[picked.pk + 10_000])
    market.drain()
    assert Trade.objects.get().listing_id == picked.pk
    assert Command.objects.get(client_id="gone").reason == "LISTING_GONE"


def test_a_block_is_accepted_whole_by_the_named_one() -> None:
    market = make_market()
    offer = market.submit("A", "block", "b", side="sell", price="40.00", qty=100_000, counterparty="B")
    market.drain()
    for member in ("C", "B"):
        market.submit(member, "block_accept", "yes", offer=offer.pk)
    market.drain()
    assert Command.objects.get(client_id="yes", organisation__code="C").reason == "UNKNOWN_ORDER"
    trade = Trade.objects.get()
    assert (trade.kind, trade.qty_t, trade.buyer.code) == ("block", 100_000, "B")
    assert reconcile().clean


def test_a_block_for_several_and_one_that_answers_are_known_to_a_worker_that_starts_anew() -> None:
    market = make_market()
    group = market.submit(
        "A", "block", "g", side="sell", price="40.00", qty=100_000, counterparties=["B", "C"]
    )
    market.submit("A", "block", "one", side="sell", price="40.00", qty=100_000, counterparty="B")
    market.drain()
    cache._desks.clear()
    market.submit("D", "block_accept", "d", offer=group.pk)
    market.submit("C", "block_accept", "c", offer=group.pk)
    market.submit("B", "block", "b", side="buy", price="39.00", qty=100_000, counterparty="A",
                  answers={"member": "A", "id": "one"})  # fmt: skip
    market.drain()
    assert Command.objects.get(client_id="d").reason == "UNKNOWN_ORDER"
    assert Trade.objects.get().buyer.code == "C"
    assert Order.objects.get(client_id="one").status == "cancelled"
    assert market.balance("A", "CEA", "order") == 0
    assert reconcile().clean


def test_the_close_expires_settles_and_sets_the_close() -> None:
    market = make_market()
    market.submit("A", "list", "l1", side="sell", price="48.00", qty=1_000)
    market.submit("A", "list", "l2", side="sell", price="50.00", qty=1_000)
    market.submit("B", "take", "t1", side="buy", price="50.00", qty=1_500)
    market.drain()
    assert close_day(market.day)
    assert not close_day(market.day)
    bar = Bar.objects.get()
    # (1000 × 48.00 + 500 × 50.00) ÷ 1500 = 48.666… → 48.67
    assert (bar.open_fen, bar.high_fen, bar.low_fen, bar.close_fen, bar.final) == (
        4_800,
        5_000,
        4_800,
        4_867,
        True,
    )
    instrument = market.instruments["CEA"]
    instrument.refresh_from_db()
    assert (instrument.prev_close_fen, instrument.phase) == (4_867, "closed")
    assert (market.balance("B", "CEA", "unsettled"), market.balance("B", "CEA")) == (0, 10_001_500)
    assert Order.objects.get(client_id="l2").status == "expired"
    assert TradingDay.objects.get().status == "closed"
    assert reconcile().clean
    assert instrument.board["quote"]["close"] == "48.67"


def test_nothing_is_listed_after_the_close() -> None:
    market = make_market()
    close_day(market.day)
    late = market.submit("A", "list", "late", side="sell", price="48.00", qty=1)
    market.drain()
    late.refresh_from_db()
    assert late.reason == "MARKET_CLOSED"


def test_the_fee_goes_to_the_exchange() -> None:
    market = make_market(fee_bps=8)
    market.submit("A", "list", "l", side="sell", price="48.00", qty=1_000)
    market.submit("B", "take", "t", side="buy", price="48.00", qty=1_000)
    market.drain()
    fees = Account.objects.get(holder__kind="exchange", asset="CNY").balance
    assert fees == 2 * 3_840  # 48 000.00 yuan × 8 bps = 38.40 yuan, from each side
    assert reconcile().clean


def test_a_suspended_member_neither_lists_nor_takes_but_cancels() -> None:
    market = make_market()
    market.submit("A", "list", "l", side="sell", price="48.00", qty=1_000)
    market.drain()
    market.members["A"].status = "suspended"
    market.members["A"].save()
    refused = market.submit("A", "list", "l2", side="sell", price="48.00", qty=1_000)
    market.submit("A", "cancel", "l")
    market.drain()
    refused.refresh_from_db()
    assert refused.reason == "MEMBER_SUSPENDED"
    assert Order.objects.get(client_id="l").status == "cancelled"


@pytest.mark.parametrize("statement", ["UPDATE {} SET day = day", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["exchange_trade", "exchange_event"])
def test_what_happened_is_never_changed(table: str, statement: str) -> None:
    market = make_market()
    market.submit("A", "list", "l", side="sell", price="48.00", qty=1)
    market.submit("B", "take", "t", side="buy", price="48.00", qty=1)
    market.drain()
    refused = pytest.raises(DatabaseError, match="Cannot update or delete")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_decision_is_never_taken_back() -> None:
    market = make_market()
    command = market.submit("A", "list", "l", side="sell", price="48.00", qty=1)
    market.drain()
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        Command.objects.filter(pk=command.pk).update(decided_event=None)


def test_large_books_are_published_by_their_best_levels_only() -> None:
    market = make_market()
    for fen in range(4_800, 4_812):
        market.submit("A", "list", f"s{fen}", side="sell", price=f"{fen / 100:.2f}", qty=1)
    market.drain()
    assert [price for price, _ in book(market)["sell"]] == ["48.00", "48.01", "48.02", "48.03", "48.04"]


def test_tonnes_moved_in_by_the_holder_can_be_sold_at_once() -> None:
    market = make_market()
    endow(market.members["A"], "CEA", 5)
    whole = market.balance("A", "CEA")
    market.submit("A", "take", "all", side="sell", price="48.00", qty=99_999, remainder="list")
    engine.drain([market.instruments["CEA"].pk])
    assert market.balance("A", "CEA") == whole - 99_999
