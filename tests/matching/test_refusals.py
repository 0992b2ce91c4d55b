"""trading-rules.md by hand: Phases and Refusals. An order with several faults is told the first of the table."""

from typing import Any

import pytest

from tests.matching.floor import PHASES_OF_THE_DAY, Floor

# --- phases -----------------------------------------------------------------------------------------------

#: What each phase allows; anything else is MARKET_CLOSED, or HALTED while halted.
ALLOWED = {
    "closed": set(),
    "morning": {"list", "take", "auction", "bid", "cancel"},
    "break": {"auction", "bid", "cancel"},
    "afternoon": {"list", "take", "auction", "bid", "block", "block_accept", "cancel"},
    "halted": {"cancel"},
}


@pytest.mark.parametrize("phase", PHASES_OF_THE_DAY)
def test_each_phase_allows_what_the_table_says(phase: str) -> None:
    floor = Floor(block_min_qty=100)
    floor.list("h", "JIANGHAI", sell=10, at="48.00")
    floor.list("c", "JIANGHAI", sell=10, at="48.01")
    floor.block("k", "JIANGHAI", sell=100, at="48.00")
    floor.auction("a", "JIANGHAI", 100, "48.00")
    floor.phase(phase)
    said = {
        "list": floor.list("l", "YUNLING", sell=1, at="48.00"),
        "take": floor.take("t", "BEIHAI", buy=1, at="48.00"),
        "auction": floor.auction("a2", "YUNLING", 100, "48.00"),
        "bid": floor.bid("n", "BEIHAI", "JIANGHAI a", 1, "48.00"),
        "block": floor.block("k2", "YUNLING", sell=100, at="48.00"),
        "block_accept": floor.block_accept("k3", "BEIHAI", "JIANGHAI k"),
        "cancel": floor.cancel("c", "JIANGHAI"),
    }
    refused = "HALTED" if phase == "halted" else "MARKET_CLOSED"
    for method, events in said.items():
        assert (events == [refused]) == (method not in ALLOWED[phase]), f"{method} in {phase}: {events}"


def test_a_halt_keeps_orders_and_locks_and_they_trade_after_it() -> None:
    floor = Floor()
    floor.list("h", "JIANGHAI", sell=10, at="48.00")
    floor.phase("halted")
    assert floor.take("t", "BEIHAI", buy=10, at="48.00") == ["HALTED"]
    assert floor.wallet("JIANGHAI", "CEA") == (499_990, 10, 0)
    floor.phase("morning")
    assert floor.take("t", "BEIHAI", buy=10, at="48.00") == ["accepted t", "trade h t 10 @ 48.00"]


def test_phases_are_each_instruments_own() -> None:
    floor = Floor(phase="halted")
    floor.instrument("CEA24", "48.00", phase="morning")
    floor.member("JIANGHAI", CEA24=10)
    assert floor.list("h", "JIANGHAI", sell=10, at="48.00", code="CEA24") == ["accepted h"]
    assert floor.list("i", "JIANGHAI", sell=10, at="48.00") == ["HALTED"]


# --- the table's order ------------------------------------------------------------------------------------


def faulty_market() -> Floor:
    """BEIHAI may hold 500 050 t, is suspended and has the id `dup`; CEA is halted; PUJIANG sells at 48.00."""
    floor = Floor(position_limit=500_050, block_min_qty=100)
    floor.list("h", "PUJIANG", sell=10, at="48.00")
    floor.list("dup", "BEIHAI", buy=1, at="43.20")
    floor.cancel("dup", "BEIHAI")
    floor.member("BROKE", status="suspended")
    floor.member("BEIHAI", status="suspended")
    floor.phase("halted")
    return floor


def test_a_listing_with_every_fault_is_told_them_one_by_one_in_the_tables_order() -> None:
    floor = faulty_market()
    order: dict[str, Any] = {
        "cmd": "list", "id": "dup", "member": "NOBODY", "instrument": "CEA99", "side": "buy", "price": "x", "qty": 0,
    }  # fmt: skip
    assert floor.do(**order) == ["UNKNOWN_INSTRUMENT"]
    order["instrument"] = "CEA"
    assert floor.do(**order) == ["UNKNOWN_MEMBER"]
    order["member"] = "BEIHAI"
    assert floor.do(**order) == ["MEMBER_SUSPENDED"]
    floor.do("member", id="BEIHAI")
    assert floor.do(**order) == ["DUPLICATE_ID"]
    order["id"] = "b"
    assert floor.do(**order) == ["HALTED"]
    floor.phase("break")
    assert floor.do(**order) == ["MARKET_CLOSED"]
    floor.phase("morning")
    assert floor.do(**order) == ["BAD_QUANTITY"]
    order["qty"] = 51
    assert floor.do(**order) == ["BAD_PRICE"]
    order["price"] = "52.81"
    assert floor.do(**order) == ["PRICE_BAND"]
    order["price"] = "52.80"
    assert floor.do(**order) == ["WOULD_CROSS"]
    order["price"] = "47.00"
    assert floor.do(**order) == ["POSITION_LIMIT"]
    order["member"] = "BROKE"
    floor.do("member", id="BROKE")
    assert floor.do(**order) == ["INSUFFICIENT_FUNDS"]
    order["member"], order["qty"] = "BEIHAI", 50
    assert floor.do(**order) == ["accepted b"]


def test_a_take_with_every_fault_is_told_them_in_the_tables_order() -> None:
    floor = faulty_market()
    floor.do("member", id="BROKE")
    floor.phase("morning")
    order: dict[str, Any] = {
        "cmd": "take", "id": "t", "member": "BROKE", "instrument": "CEA", "side": "buy", "price": "40.00",
        "qty": 100_000, "prefer": [{"member": "PUJIANG", "id": "gone"}],
    }  # fmt: skip
    assert floor.do(**order) == ["BAD_QUANTITY"]
    order["qty"] = 51
    assert floor.do(**order) == ["PRICE_BAND"]
    order["price"] = "47.00"
    assert floor.do(**order) == ["LISTING_GONE"]
    order["prefer"] = []
    assert floor.do(**order) == ["NO_COUNTERPARTY"]
    order["price"] = "48.00"
    assert floor.do(**order) == ["INSUFFICIENT_FUNDS"]
    assert floor.do(**{**order, "side": "sell", "remainder": "list"}) == ["INSUFFICIENT_HOLDINGS"]
    floor.do("member", id="BEIHAI")
    assert floor.do(**{**order, "member": "BEIHAI"}) == ["POSITION_LIMIT"]


def test_a_block_with_every_fault_is_told_them_in_the_tables_order() -> None:
    floor = faulty_market()
    order: dict[str, Any] = {
        "cmd": "block", "id": "k", "member": "BROKE", "instrument": "CEA", "side": "sell", "price": "33.595", "qty": 99,
        "counterparty": "NOBODY",
    }  # fmt: skip
    assert floor.do(**order) == ["MEMBER_SUSPENDED"]
    floor.do("member", id="BROKE")
    assert floor.do(**order) == ["HALTED"]
    floor.phase("morning")
    assert floor.do(**order) == ["MARKET_CLOSED"]
    floor.phase("afternoon")
    assert floor.do(**order) == ["BAD_QUANTITY"]
    order["qty"] = 100
    assert floor.do(**order) == ["BAD_PRICE"]
    order["price"] = "33.59"
    assert floor.do(**order) == ["PRICE_BAND"]
    order["price"] = "33.60"
    assert floor.do(**order) == ["BAD_COUNTERPARTY"]
    order["counterparty"] = "BROKE"
    assert floor.do(**order) == ["BAD_COUNTERPARTY"]
    order["counterparty"] = "BEIHAI"
    assert floor.do(**order) == ["INSUFFICIENT_HOLDINGS"]


def test_a_refused_orders_id_stays_free_and_an_accepted_ones_is_taken_for_good() -> None:
    floor = Floor()
    assert floor.list("h", "JIANGHAI", sell=0, at="48.00") == ["BAD_QUANTITY"]
    assert floor.list("h", "JIANGHAI", sell=1, at="48.00") == ["accepted h"]
    assert floor.list("h", "YUNLING", sell=1, at="48.00") == ["accepted h"]  # another member's own
    floor.cancel("h", "JIANGHAI")
    floor.close_day()
    floor.phase("afternoon")
    assert floor.take("h", "JIANGHAI", buy=1, at="48.00") == ["DUPLICATE_ID"]
    assert floor.block("h", "JIANGHAI", sell=100_000, at="48.00") == ["DUPLICATE_ID"]


def test_an_order_of_max_qty_is_the_largest() -> None:
    floor = Floor()
    assert floor.list("h", "JIANGHAI", sell=100_000, at="48.00") == ["BAD_QUANTITY"]
    assert floor.list("h", "JIANGHAI", sell=99_999, at="48.00") == ["accepted h"]


# --- cancel -----------------------------------------------------------------------------------------------


def test_a_cancel_takes_back_what_is_left_and_unlocks_it() -> None:
    floor = Floor(fees=8)
    floor.list("b", "BEIHAI", buy=1000, at="48.00")
    floor.take("s", "YUNLING", sell=300, at="48.00")
    assert floor.cancel("b", "BEIHAI") == ["cancelled b 700"]
    assert floor.wallet("BEIHAI") == ("99985588.48", "0.00", "0.00")  # 14 400.00 and 11.52
    assert floor.book() == []


def test_a_cancel_knows_only_ones_own_orders_that_are_open() -> None:
    floor = Floor()
    floor.list("h", "JIANGHAI", sell=10, at="48.00")
    assert floor.cancel("h", "YUNLING") == ["UNKNOWN_ORDER"]
    assert floor.cancel("h", "NOBODY") == ["UNKNOWN_ORDER"]
    floor.take("t", "BEIHAI", buy=10, at="48.00")
    assert floor.cancel("h", "JIANGHAI") == ["NOT_OPEN"]
    assert floor.cancel("t", "BEIHAI") == ["NOT_OPEN"]


def test_a_cancel_of_an_ended_order_or_an_auction_says_so_before_market_closed() -> None:
    floor = Floor(block_min_qty=100)
    floor.list("h", "JIANGHAI", sell=10, at="48.00")
    floor.list("open", "JIANGHAI", sell=10, at="48.00")
    floor.cancel("h", "JIANGHAI")
    floor.auction("a", "YUNLING", 100, "48.00")
    floor.phase("closed")
    assert floor.cancel("none", "JIANGHAI") == ["UNKNOWN_ORDER"]
    assert floor.cancel("h", "JIANGHAI") == ["NOT_OPEN"]
    assert floor.cancel("a", "YUNLING") == ["NOT_CANCELLABLE"]
    assert floor.cancel("open", "JIANGHAI") == ["MARKET_CLOSED"]


def test_a_suspended_member_may_still_cancel_and_its_listings_stand() -> None:
    floor = Floor()
    floor.list("h", "JIANGHAI", sell=10, at="48.00")
    floor.list("i", "JIANGHAI", sell=10, at="48.00")
    floor.member("JIANGHAI", status="suspended")
    assert floor.list("j", "JIANGHAI", sell=10, at="48.00") == ["MEMBER_SUSPENDED"]
    assert floor.take("t", "BEIHAI", buy=10, at="48.00") == ["accepted t", "trade h t 10 @ 48.00"]
    assert floor.cancel("i", "JIANGHAI") == ["cancelled i 10"]
