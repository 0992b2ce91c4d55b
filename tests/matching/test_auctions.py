"""trading-rules.md by hand: One-way auction (单向竞价), with the auctions of domain.md 9.5."""

from typing import Any

import pytest

from tests.matching.floor import TONNES, Floor


def sold(
    prev_close: str, floor_price: str, qty: int, bids: list[tuple[int, str]], model: str
) -> dict[str, Any]:
    """The bar of a day with one auction; bids come from three members in turn."""
    floor = Floor(prev_close, block_min_qty=1000)
    assert floor.auction("a", "YUNLING", qty, floor_price, model) == ["accepted a"]
    for number, (bid_qty, price) in enumerate(bids):
        member = ("BEIHAI", "PUJIANG", "JIANGHAI")[number % 3]
        assert floor.bid(f"n{number}", member, "YUNLING a", bid_qty, price) == [f"accepted n{number}"]
    floor.auction_close("a", "YUNLING")
    return floor.close_day()[-1]


#: domain.md 9.5: previous close, floor, bids that explain it, volume and turnover published.
AUCTIONS = [
    ("74.10", "74.10", [(80_000, "74.52"), (20_000, "74.53")], "pay_as_bid", 100_000, "7452200.00"),
    ("75.97", "75.97", [(30_000, "77.31")], "uniform", 30_000, "2319300.00"),
    ("69.78", "69.78", [(5_000, "69.78")], "uniform", 5_000, "348900.00"),
    ("67.30", "67.30", [(2_000, "67.30")], "uniform", 2_000, "134600.00"),
    ("44.33", "39.90", [(60_000, "44.75"), (50_000, "44.75")], "uniform", 100_000, "4475000.00"),
    ("48.72", "48.72", [(85_000, "48.95"), (30_000, "48.94")], "pay_as_bid", 100_000, "4894850.00"),
    ("80.43", "80.43", [(1_000, "80.43")], "pay_as_bid", 1_000, "80430.00"),
]  # fmt: skip


@pytest.mark.parametrize(("prev_close", "low", "bids", "model", "volume", "turnover"), AUCTIONS)
def test_the_auctions_of_the_market_come_out_as_published(
    prev_close: str, low: str, bids: list[tuple[int, str]], model: str, volume: int, turnover: str
) -> None:
    bar = sold(prev_close, low, volume, bids, model)
    assert (bar["auction_volume"], bar["auction_turnover"]) == (volume, turnover)
    assert (bar["volume"], bar["close"], bar["high"]) == (0, prev_close, None)


@pytest.mark.parametrize(
    ("prev_close", "low", "high", "over"),
    [
        ("44.33", "39.90", "48.76", "48.77"),
        ("75.97", "68.37", "83.57", "83.58"),
        ("74.10", "66.69", "81.51", "81.52"),
    ],
)
def test_the_floor_is_the_previous_close_or_nine_tenths_and_bids_go_to_eleven(
    prev_close: str, low: str, high: str, over: str
) -> None:
    floor = Floor(prev_close)
    cents = int(low.replace(".", ""))
    for wrong in (f"{(cents - 1) / 100:.2f}", f"{(cents + 1) / 100:.2f}", high):
        assert floor.auction("a", "YUNLING", 100_000, wrong) == ["BAD_FLOOR"]
    assert floor.auction("p", "YUNLING", 100_000, prev_close) == ["accepted p"]
    assert floor.auction("a", "YUNLING", 100_000, low) == ["accepted a"]
    assert floor.bid("n", "BEIHAI", "YUNLING a", 1, f"{(cents - 1) / 100:.2f}") == ["PRICE_BAND"]
    assert floor.bid("n", "BEIHAI", "YUNLING a", 1, over) == ["PRICE_BAND"]
    assert floor.bid("n", "BEIHAI", "YUNLING a", 1, low) == ["accepted n"]
    assert floor.bid("m", "BEIHAI", "YUNLING a", 1, high) == ["accepted m"]
    assert floor.bid("q", "BEIHAI", "YUNLING p", 1, low) == ["PRICE_BAND"]


def offered(model: str, **parameters: Any) -> Floor:
    """100 t at 48.00 or more, and bids for 160."""
    floor = Floor(block_min_qty=100, **parameters)
    floor.auction("a", "YUNLING", 100, "48.00", model)
    floor.bid("low", "BEIHAI", "YUNLING a", 50, "48.00")
    floor.bid("old", "PUJIANG", "YUNLING a", 40, "49.00")
    floor.bid("new", "JIANGHAI", "YUNLING a", 40, "49.00")
    floor.bid("top", "BEIHAI", "YUNLING a", 30, "50.00")
    return floor


def test_a_uniform_auction_fills_by_rank_at_the_lowest_accepted_price() -> None:
    floor = offered("uniform")
    assert floor.auction_close("a", "YUNLING") == [
        "trade a top 30 @ 49.00", "trade a old 40 @ 49.00", "trade a new 30 @ 49.00",
        "cancelled new 10", "cancelled low 50",
    ]  # fmt: skip
    assert floor.wallet("BEIHAI") == ("99998530.00", "0.00", "0.00")
    assert floor.wallet("BEIHAI", "CEA") == (500_000, 0, 30)


def test_a_pay_as_bid_auction_fills_each_at_its_own_price() -> None:
    floor = offered("pay_as_bid")
    assert floor.auction_close("a", "YUNLING")[:3] == [
        "trade a top 30 @ 50.00", "trade a old 40 @ 49.00", "trade a new 30 @ 49.00",
    ]  # fmt: skip


def test_what_nobody_bid_for_goes_back_to_the_seller() -> None:
    floor = Floor(block_min_qty=100)
    floor.auction("a", "YUNLING", 100, "48.00")
    assert floor.wallet("YUNLING", "CEA") == (499_900, 100, 0)
    floor.bid("n", "BEIHAI", "YUNLING a", 30, "48.00")
    assert floor.auction_close("a", "YUNLING") == ["trade a n 30 @ 48.00", "cancelled a 70"]
    assert floor.wallet("YUNLING", "CEA") == (499_970, 0, 0)
    floor.auction("b", "YUNLING", 100, "48.00")
    assert floor.auction_close("b", "YUNLING") == ["cancelled b 100"]


def test_both_sides_of_an_auction_pay_fees_on_their_cumulative_money() -> None:
    floor = offered("uniform", fees=8)
    floor.auction_close("a", "YUNLING")
    assert floor.wallet("YUNLING") == ("100004896.08", "0.00", "0.00")  # 4 900.00 less 3.92
    assert floor.wallet("BEIHAI") == ("99998528.82", "0.00", "0.00")  # 1 470.00 and 1.18
    assert floor.fees() == "7.85"  # 3.92 + 1.18 + 1.57 + 1.18


def test_an_auction_cannot_be_cancelled_but_a_bid_can_while_it_is_open() -> None:
    floor = offered("uniform")
    assert floor.cancel("a", "YUNLING") == ["NOT_CANCELLABLE"]
    assert floor.cancel("top", "BEIHAI") == ["cancelled top 30"]
    assert floor.auction_close("a", "YUNLING")[-1] == "cancelled low 30"
    assert floor.cancel("old", "PUJIANG") == ["NOT_OPEN"]
    assert floor.cancel("a", "YUNLING") == ["NOT_OPEN"]


def test_bids_lock_their_money_and_their_room_under_the_position_limit() -> None:
    floor = offered("uniform", position_limit=500_080)
    assert floor.wallet("BEIHAI") == ("99996100.00", "3900.00", "0.00")
    assert floor.bid("more", "BEIHAI", "YUNLING a", 1, "48.00") == ["POSITION_LIMIT"]
    floor.cancel("low", "BEIHAI")
    assert floor.bid("more", "BEIHAI", "YUNLING a", 50, "48.00") == ["accepted more"]


def test_auctions_and_bids_stand_outside_the_book() -> None:
    floor = offered("uniform")
    assert floor.book() == []
    assert floor.take("t", "BEIHAI", buy=1, at="48.00") == ["NO_COUNTERPARTY"]


def test_an_auction_is_checked_in_the_tables_order() -> None:
    floor = Floor(block_min_qty=100, tick="0.05")
    floor.member("EMPTY")
    for phase, reason in (("halted", "HALTED"), ("closed", "MARKET_CLOSED"), ("break", "BAD_QUANTITY")):
        floor.phase(phase)
        assert floor.auction("a", "EMPTY", 99, "47.01") == [reason]
    assert floor.auction("a", "NOBODY", 99, "47.01") == ["UNKNOWN_MEMBER"]
    assert floor.auction("a", "NOBODY", 99, "47.01", code="CEA99") == ["UNKNOWN_INSTRUMENT"]
    assert floor.auction("a", "EMPTY", 100, "47.01") == ["BAD_PRICE"]
    assert floor.auction("a", "EMPTY", 100, "47.00") == ["BAD_FLOOR"]
    assert floor.auction("a", "EMPTY", 100, "43.20") == ["INSUFFICIENT_HOLDINGS"]
    assert floor.auction("a", "YUNLING", 100, "43.20") == ["accepted a"]


def test_a_bid_is_checked_in_its_own_order() -> None:
    floor = Floor(block_min_qty=100)
    floor.auction("a", "YUNLING", 100, "48.00")
    floor.member("BROKE", status="suspended")
    floor.list("h", "YUNLING", sell=1, at="48.00")
    floor.phase("halted")
    assert floor.bid("n", "YUNLING", "YUNLING a", 0, "x") == ["UNKNOWN_ORDER"]
    assert floor.bid("n", "BROKE", "YUNLING h", 0, "x") == ["UNKNOWN_ORDER"]
    assert floor.bid("n", "NOBODY", "YUNLING a", 0, "x") == ["UNKNOWN_MEMBER"]
    assert floor.bid("n", "BROKE", "YUNLING a", 0, "x") == ["MEMBER_SUSPENDED"]
    floor.do("member", id="BROKE")
    assert floor.bid("n", "BROKE", "YUNLING a", 0, "x") == ["HALTED"]
    floor.phase("break")
    assert floor.bid("n", "BROKE", "YUNLING a", 101, "x") == ["BAD_QUANTITY"]
    assert floor.bid("n", "BROKE", "YUNLING a", 100, "x") == ["BAD_PRICE"]
    assert floor.bid("n", "BROKE", "YUNLING a", 100, "47.99") == ["PRICE_BAND"]
    assert floor.bid("n", "BROKE", "YUNLING a", 100, "48.00") == ["INSUFFICIENT_FUNDS"]
    assert floor.bid("n", "BEIHAI", "YUNLING a", 100, "48.00") == ["accepted n"]
    floor.auction_close("a", "YUNLING")
    assert floor.bid("m", "NOBODY", "YUNLING a", 0, "x") == ["NOT_OPEN"]


def test_only_its_seller_closes_an_auction_and_only_once() -> None:
    floor = offered("uniform")
    assert floor.auction_close("a", "BEIHAI") == ["UNKNOWN_ORDER"]
    assert floor.auction_close("top", "BEIHAI") == ["UNKNOWN_ORDER"]
    floor.auction_close("a", "YUNLING")
    assert floor.auction_close("a", "YUNLING") == ["NOT_OPEN"]


def test_a_changed_bid_is_a_new_one_of_its_own_age_and_the_old_one_ends_with_its_acceptance() -> None:
    floor = offered("uniform")
    assert floor.bid("late", "PUJIANG", "YUNLING a", 40, "49.00", replaces="PUJIANG old") == [
        "accepted late",
        "cancelled old 40",
    ]
    assert floor.wallet("PUJIANG") == ("99998040.00", "1960.00", "0.00")
    assert floor.auction_close("a", "YUNLING") == [
        "trade a top 30 @ 49.00", "trade a new 40 @ 49.00", "trade a late 30 @ 49.00",
        "cancelled late 10", "cancelled low 50",
    ]  # fmt: skip


def test_a_change_that_is_refused_leaves_the_bid_as_it_was() -> None:
    floor = offered("uniform")
    floor.auction("b", "YUNLING", 100, "48.00")
    floor.bid("other", "PUJIANG", "YUNLING b", 1, "48.00")
    before = floor.wallet("PUJIANG")
    for price, replaces, reason in (
        ("47.99", "PUJIANG old", "PRICE_BAND"),
        ("49.00", "PUJIANG none", "UNKNOWN_ORDER"),
        ("49.00", "JIANGHAI new", "UNKNOWN_ORDER"),
        ("49.00", "PUJIANG other", "UNKNOWN_ORDER"),
    ):
        assert floor.bid("x", "PUJIANG", "YUNLING a", 10, price, replaces=replaces) == [reason]
    assert floor.wallet("PUJIANG") == before
    floor.cancel("old", "PUJIANG")
    assert floor.bid("x", "PUJIANG", "YUNLING a", 10, "49.00", replaces="PUJIANG old") == ["NOT_OPEN"]


def test_a_change_may_use_the_money_and_the_room_of_the_bid_it_replaces() -> None:
    floor = Floor(block_min_qty=100, position_limit=50, fees=10)
    floor.member("SMALL", cny="480.48")
    floor.auction("a", "YUNLING", 100, "48.00")
    assert floor.bid("n", "SMALL", "YUNLING a", 10, "48.00") == ["accepted n"]
    assert floor.bid("m", "SMALL", "YUNLING a", 10, "48.00") == ["INSUFFICIENT_FUNDS"]
    assert floor.bid("m", "SMALL", "YUNLING a", 10, "48.01", replaces="SMALL n") == ["INSUFFICIENT_FUNDS"]
    assert floor.bid("m", "SMALL", "YUNLING a", 9, "52.80", replaces="SMALL n")[0] == "accepted m"
    floor.member("RICH", cny="10000.00")
    floor.bid("r", "RICH", "YUNLING a", 40, "48.00")
    assert floor.bid("s", "RICH", "YUNLING a", 11, "48.00") == ["POSITION_LIMIT"]
    assert floor.bid("s", "RICH", "YUNLING a", 50, "48.00", replaces="RICH r")[0] == "accepted s"


def test_what_can_only_be_surrendered_leaves_the_market_at_the_close() -> None:
    floor = Floor(block_min_qty=100)
    floor.auction("a", "YUNLING", 100, "48.00", surrender_only=True)
    floor.bid("n", "BEIHAI", "YUNLING a", 60, "48.00")
    floor.auction_close("a", "YUNLING")
    floor.list("l", "YUNLING", sell=5, at="48.00")
    floor.take("t", "BEIHAI", buy=5, at="48.00")
    core = floor.pair.core
    core.apply({"cmd": "close_day", "date": "2021-07-16"})
    assert core.wallets.amounts["BEIHAI", "CEA"] == {"trading": TONNES + 5, "order": 0, "unsettled": 0}
    settled = [move for move in core.wallets.take_moves() if move.kind == "settle"]
    assert [(move.amount, move.debit_purpose, move.credit_purpose) for move in settled] == [
        (60, "unsettled", "registry"),
        (5, "unsettled", "trading"),
    ]
