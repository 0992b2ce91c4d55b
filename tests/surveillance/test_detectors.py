"""Each pattern worked out by hand: once as it must be found, once as it must not."""

import datetime as dt

import pytest

from market_data.surveillance.detectors import between, closing, listing, prices, sizes
from market_data.surveillance.rows import Declared, Flow, Held, Leg
from market_data.surveillance.thresholds import ALL, in_force
from tests.surveillance.lines import TODAY, WEEK, at, day, flow, limits, trade, withdrawn

MONDAY, FRIDAY = WEEK[0], WEEK[-1]


# --- wash trades and rings ------------------------------------------------------------------------


def test_two_that_sell_to_and_fro_are_found() -> None:
    """A sold B 5 000 t on Monday; on Friday B sold A 4 500 t back: 90 % came back, 9 000 of B's 10 500 t."""
    flows = [flow("A", "B", 5_000, MONDAY), flow("B", "A", 4_500, price=7_010), flow("C", "B", 1_000)]
    (found,) = between.wash_trades(flows, WEEK, limits())
    assert found.key == "A|B"
    assert found.parties == (("A", "first"), ("B", "second"))
    assert found.figures == {
        "there_t": 5_000, "back_t": 4_500, "there_fen": 7_000, "back_fen": 7_010, "trades_n": 2,
        # A traded 9 500 t in all, B 10 500: 9 000 of 9 500 is 94.73 %.
        "match_bps": 9_000, "share_bps": 9_473,
    }  # fmt: skip
    assert [leg.day for leg in found.legs] == [MONDAY, FRIDAY]
    assert found.thresholds["wash_match_bps"] == 8_000


@pytest.mark.parametrize(
    ("why", "flows"),
    [
        ("less than the least", [flow("A", "B", 999, MONDAY), flow("B", "A", 999)]),
        ("too little came back", [flow("A", "B", 5_000, MONDAY), flow("B", "A", 3_999)]),
        ("not on the day itself", [flow("A", "B", 5_000, MONDAY), flow("B", "A", 5_000, WEEK[1])]),
        ("longer ago than five trading days", [flow("A", "B", 5_000, dt.date(2026, 2, 27)), flow("B", "A", 5_000)]),
        ("both trade far more with others", [
            flow("A", "B", 5_000, MONDAY), flow("B", "A", 5_000), flow("A", "C", 30_000), flow("D", "B", 30_000),
        ]),
        ("one way only", [flow("A", "B", 5_000, MONDAY), flow("A", "B", 5_000)]),
    ],
)  # fmt: skip
def test_trade_between_two_that_is_no_wash(why: str, flows: list[Flow]) -> None:
    assert list(between.wash_trades(flows, (dt.date(2026, 2, 27), *WEEK), limits())) == [], why


def test_a_ring_of_three_is_found_once() -> None:
    flows = [flow("B", "C", 2_000, WEEK[2]), flow("C", "A", 1_900), flow("A", "B", 2_100, MONDAY)]
    (found,) = between.ring_trades(flows, WEEK, limits())
    assert found.key == "A|B|C"
    assert found.figures == {
        "members_n": 3, "smallest_t": 1_900, "largest_t": 2_100, "match_bps": 9_047, "trades_n": 3,
    }  # fmt: skip
    assert [leg.day for leg in found.legs] == [MONDAY, WEEK[2], FRIDAY]


def test_a_ring_of_five_is_found_and_one_of_six_is_beyond_the_limit() -> None:
    for members, expected in (("ABCDE", ["A|B|C|D|E"]), ("ABCDEF", [])):
        ways = zip(members, members[1:] + members[0], strict=True)
        flows = [flow(seller, buyer, 2_000) for seller, buyer in ways]
        assert [each.key for each in between.ring_trades(flows, WEEK, limits())] == expected


def test_a_chain_that_does_not_close_and_steps_that_do_not_match_are_no_ring() -> None:
    chain = [flow("A", "B", 2_000), flow("B", "C", 2_000), flow("C", "D", 2_000)]
    uneven = [flow("A", "B", 2_000), flow("B", "C", 2_000), flow("C", "A", 1_500)]
    old = [flow("A", "B", 2_000, MONDAY), flow("B", "C", 2_000, MONDAY), flow("C", "A", 2_000, MONDAY)]
    assert [list(between.ring_trades(flows, WEEK, limits())) for flows in (chain, uneven, old)] == [
        [],
        [],
        [],
    ]


def test_a_market_in_which_everybody_trades_with_everybody_ends_the_search() -> None:
    members = [f"M{number:02}" for number in range(40)]
    flows = [flow(one, other, 2_000) for one in members for other in members if one != other]
    found = list(between.ring_trades(flows, WEEK, limits()))
    assert len(found) == between.MOST_RINGS


# --- offers that were not meant ---------------------------------------------------------------------


def test_twenty_listings_taken_back_within_minutes_are_found() -> None:
    rows = [withdrawn(n, "A", "sell", 600, (n, n + 1), (n, n + 2)) for n in range(1, 21)]
    slow = withdrawn(99, "A", "sell", 50_000, (90, 95), (0, 30))
    (found,) = listing.frequent_cancels(day(), [*rows, slow], [Declared("A", 15_000, 22)], limits())
    assert found.figures == {
        "cancels_n": 20, "cancelled_t": 12_000, "declared_t": 15_000, "declared_n": 22, "share_bps": 8_000,
        "longest_seconds": 120,
    }  # fmt: skip
    assert found.legs == (Leg(TODAY, 1, 21),)
    assert found.orders == tuple(range(1, 21))


@pytest.mark.parametrize(
    ("why", "count", "qty", "minutes", "declared"),
    [
        ("nineteen", 19, 600, 2, 12_000),
        ("too few tonnes", 20, 499, 2, 10_000),
        ("they stood long enough", 20, 600, 6, 12_000),
        ("most of what it listed was meant", 20, 600, 2, 20_000),
    ],
)
def test_cancelling_that_is_no_pattern(why: str, count: int, qty: int, minutes: int, declared: int) -> None:
    rows = [withdrawn(n, "A", "sell", qty, (n, n + 1), (n, n + minutes)) for n in range(1, count + 1)]
    assert not list(listing.frequent_cancels(day(), rows, [Declared("A", declared, count)], limits())), why


def test_layers_on_one_side_while_the_other_trades_are_found() -> None:
    """Two bids of 8 000 t each stand while A sells 2 000 t, and are gone five minutes later."""
    layers = [
        withdrawn(1, "A", "buy", 8_000, (10, 60), (1, 9)),
        withdrawn(2, "A", "buy", 8_000, (11, 61), (1, 9)),
        withdrawn(3, "A", "sell", 9_000, (12, 62), (1, 9)),
    ]
    trades = [
        trade(1, 7_100, 1_500, "B", "A", taker="B", minute=4, event=30),
        trade(2, 7_130, 500, "C", "A", taker="C", minute=5, event=40),
        trade(3, 7_000, 9_000, "B", "A", taker="B", minute=20, event=90),
    ]
    (found,) = listing.layering(day(), layers, trades, limits())
    assert found.key == "A|sell"
    assert found.parties == (("A", "lister"), ("B", "counterparty"), ("C", "counterparty"))
    # (7 100 × 1 500 + 7 130 × 500) ÷ 2 000 = 7 107.5
    assert found.figures == {
        "cancelled_t": 16_000, "cancels_n": 2, "traded_t": 2_000, "trades_n": 2, "price_fen": 7_108, "bought_n": 0,
    }  # fmt: skip
    assert (found.orders, found.trades) == ((1, 2), (1, 2))
    assert found.legs == (Leg(TODAY, 10, 61),)


def test_a_listing_that_stays_or_a_trade_as_large_is_no_layering() -> None:
    long = [withdrawn(1, "A", "buy", 16_000, (10, 60), (1, 16))]
    small_trade = [trade(1, 7_100, 1_000, "B", "A", taker="B", minute=4, event=30)]
    assert not list(listing.layering(day(), long, small_trade, limits()))
    soon = [withdrawn(1, "A", "buy", 16_000, (10, 60), (1, 9))]
    large_trade = [trade(1, 7_100, 4_000, "B", "A", taker="B", minute=4, event=30)]
    assert not list(listing.layering(day(), soon, large_trade, limits()))
    before = [trade(1, 7_100, 1_000, "B", "A", taker="B", minute=0, event=5)]
    assert not list(listing.layering(day(), soon, before, limits()))


# --- the close and the edge ---------------------------------------------------------------------------


def test_one_tonne_at_the_edge_in_the_last_minutes_sets_the_close() -> None:
    """domain.md 1.3: CEA23 on 2026-02-06, 1 t at 77.00, close 77.00, +10.00 % on 70.00."""
    quiet = day(close=7_700, volume=1, turnover=7_700)
    trades = [trade(1, 7_700, 1, "A", "B", taker="A", minute=118)]
    (found,) = closing.close_moves(quiet, trades, limits())
    assert found.key == "A|up"
    assert found.parties == (("A", "taker"), ("B", "counterparty"))
    assert found.figures == {
        "traded_t": 1, "price_fen": 7_700, "close_fen": 7_700, "without_fen": 7_000, "prev_close_fen": 7_000,
        "moved_bps": 1_000, "volume_t": 1, "at_edge_n": 1,
    }  # fmt: skip
    assert list(closing.edge_trades(quiet, trades, limits(), told=frozenset(found.trades))) == []
    (edge,) = closing.edge_trades(quiet, trades, limits())
    assert (edge.key, edge.figures["traded_t"], edge.figures["high_n"]) == ("high|A", 1, 1)


def test_the_close_is_counted_without_the_takers_last_trades() -> None:
    """400 t at 70.00, then A takes 60 t at 76.00: close (2 800 000 + 456 000) ÷ 460 = 70.78, without it 70.00."""
    turned = day(close=7_078, volume=460, turnover=400 * 7_000 + 60 * 7_600)
    trades = [
        trade(1, 7_000, 400, "B", "C", taker="B", minute=30),
        trade(2, 7_600, 40, "A", "C", taker="A", minute=115),
        trade(3, 7_600, 20, "A", "C", taker="A", minute=119),
    ]
    (found,) = closing.close_moves(turned, trades, limits())
    assert (found.figures["without_fen"], found.figures["moved_bps"]) == (7_000, 111)
    assert found.trades == (2, 3)


@pytest.mark.parametrize(
    ("why", "minute", "qty", "volume"),
    [("before the last ten minutes", 109, 60, 460), ("no small trade", 115, 101, 501), ("the close hardly moves", 115, 60, 100_060)],
)  # fmt: skip
def test_a_late_trade_that_is_no_close_move(why: str, minute: int, qty: int, volume: int) -> None:
    turnover = (volume - qty) * 7_000 + qty * 7_600
    turned = day(close=(2 * turnover + volume) // (2 * volume), volume=volume, turnover=turnover)
    rows = [trade(2, 7_600, qty, "A", "C", taker="A", minute=minute)]
    assert not list(closing.close_moves(turned, rows, limits())), why


def test_a_price_that_the_market_really_reached_is_no_edge_trade() -> None:
    rows = [
        trade(1, 7_700, 1, "A", "B", taker="A", minute=10),
        trade(2, 7_700, 5_000, "C", "D", taker="C", minute=11),
    ]
    assert not list(closing.edge_trades(day(), rows, limits()))
    assert not list(
        closing.edge_trades(day(), [trade(1, 7_699, 1, "A", "B", taker="A", minute=10)], limits())
    )


# --- sizes ----------------------------------------------------------------------------------------------


def test_who_buys_most_of_the_days_volume_is_found() -> None:
    flows = [flow("B", "A", 40_000), flow("C", "A", 20_000), flow("B", "D", 30_000)]
    found = list(sizes.concentrations(day(volume=90_000), flows, limits()))
    # A bought 60 000 of 90 000 t (66.66 %), B sold 70 000 (77.77 %); C and D stay below.
    assert [(each.key, each.figures["traded_t"], each.figures["share_bps"]) for each in found] == [
        ("A|buyer", 60_000, 6_666), ("B|seller", 70_000, 7_777),
    ]  # fmt: skip


def test_a_small_day_and_blocks_are_no_concentration() -> None:
    assert not list(sizes.concentrations(day(volume=49_999), [flow("B", "A", 49_999)], limits()))
    blocks = [flow("B", "A", 200_000, listed=0)]
    assert not list(sizes.concentrations(day(volume=0), blocks, limits()))


def test_a_position_is_told_when_it_comes_near_the_limit_and_when_it_reaches_it() -> None:
    """The limit is 100 001 t: nine tenths are 90 000.9, so 90 001 t is near and 90 000 is not."""
    limited = day(position_limit=100_001)
    held = [
        Held("A", 90_000, 10), Held("B", 90_001, 90_000), Held("C", 100_001, 95_000), Held("D", 120_000, 100_001),
        Held("E", 99_000, 90_001),
    ]  # fmt: skip
    found = list(sizes.positions(limited, held, limits()))
    assert [each.key for each in found] == ["B|near", "C|limit"]
    assert list(sizes.positions(day(), held, limits())) == []


def test_a_large_holder_is_told_on_the_day_it_becomes_one() -> None:
    held = [
        Held("A", 500_000, 499_999), Held("B", 900_000, 500_000), Held("C", 2_600_000, 2_400_000, allocation=2_000_000),
        Held("D", 2_500_000, 2_499_999, allocation=2_000_000),
    ]  # fmt: skip
    found = list(sizes.large_holders(held, limits()))
    assert [(each.key, each.figures["level_t"]) for each in found] == [
        ("A", 500_000), ("C", 2_500_000), ("D", 2_500_000),
    ]  # fmt: skip


# --- prices ---------------------------------------------------------------------------------------------


def test_a_block_a_fifth_from_the_close_is_found_and_one_a_fen_nearer_is_not() -> None:
    blocks = [
        trade(1, 5_600, 200_000, "A", "B", taker="A", minute=60),
        trade(2, 5_601, 200_000, "A", "B", taker="A", minute=61),
        trade(3, 8_400, 200_000, "C", "B", taker="C", minute=62),
    ]
    found = list(prices.far_blocks(day(), blocks, limits()))
    assert [(each.key, each.figures["away_bps"]) for each in found] == [("1", 2_000), ("3", 2_000)]


def test_a_close_that_ran_away_over_a_week_is_told_once() -> None:
    before = (8_200, 7_900, 7_500, 7_300, 7_000, 7_000)
    (found,) = prices.price_moves(day(close=8_400, closes_before=before), limits())
    assert found.figures == {"close_fen": 8_400, "since_fen": 7_000, "moved_bps": 2_000, "days_n": 5}
    next_day = day(close=8_800, closes_before=(8_400, *before))
    assert list(prices.price_moves(next_day, limits())) == []
    assert list(prices.price_moves(day(close=9_000, closes_before=(8_200, 7_000)), limits())) == []


# --- thresholds -------------------------------------------------------------------------------------------


def test_a_threshold_holds_from_its_day_on() -> None:
    rows = [
        ("wash_min_t", FRIDAY, 7),
        ("wash_min_t", MONDAY, 500),
        ("holder_t", dt.date(2027, 1, 1), 9),
        ("gone", MONDAY, 1),
    ]
    assert in_force(rows, dt.date(2026, 3, 1))["wash_min_t"] == 1_000
    assert in_force(rows, WEEK[1])["wash_min_t"] == 500
    assert in_force(rows, FRIDAY)["wash_min_t"] == 7
    assert in_force(rows, FRIDAY)["holder_t"] == 500_000
    assert set(in_force(rows, FRIDAY)) == set(ALL)


def test_the_hand_written_afternoon_is_what_it_says() -> None:
    assert at(120).isoformat() == "2026-03-06T15:00:00+08:00"
    assert all(each.least <= each.default <= each.most for each in ALL.values())
