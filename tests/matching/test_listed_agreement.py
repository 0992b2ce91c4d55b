"""trading-rules.md by hand: Listed agreement (挂牌协议), list and take."""

import pytest

from tests.matching.floor import Floor, drawn

# --- list ----------------------------------------------------------------------------------------------------


def test_a_listing_never_trades_by_itself_and_may_not_reach_the_other_side() -> None:
    floor = Floor()
    floor.list("h1", "JIANGHAI", sell=1000, at="48.00")
    assert floor.list("over", "BEIHAI", buy=1, at="48.01") == ["WOULD_CROSS"]
    assert floor.list("same", "BEIHAI", buy=1, at="48.00") == ["WOULD_CROSS"]
    assert floor.list("under", "BEIHAI", buy=500, at="47.99") == ["accepted under"]
    assert floor.list("down", "YUNLING", sell=1, at="47.99") == ["WOULD_CROSS"]
    assert floor.book() == drawn("""
        bid       | price | ask
                  | 48.00 | h1 1000
        under 500 | 47.99 |
    """)


def test_a_listing_may_not_cross_its_own_member_either() -> None:
    floor = Floor()
    floor.list("h1", "JIANGHAI", sell=1000, at="48.00")
    assert floor.list("mine", "JIANGHAI", buy=1, at="48.00") == ["WOULD_CROSS"]


# --- take ----------------------------------------------------------------------------------------------------


def stocked() -> Floor:
    """Six levels of sells; YUNLING stands second at 48.00."""
    floor = Floor()
    floor.list("h1", "JIANGHAI", sell=1000, at="48.00")
    floor.list("d1", "YUNLING", sell=1000, at="48.00")
    floor.list("d2", "YUNLING", sell=1000, at="48.01")
    for number, price in enumerate(("48.02", "48.03", "48.04", "48.05"), 2):
        floor.list(f"h{number}", "JIANGHAI", sell=1000, at=price)
    assert floor.book() == drawn("""
        bid | price | ask
            | 48.05 | h5 1000
            | 48.04 | h4 1000
            | 48.03 | h3 1000
            | 48.02 | h2 1000
            | 48.01 | d2 1000
            | 48.00 | h1 1000, d1 1000
    """)
    return floor


def test_a_take_fills_the_oldest_first_at_the_listings_prices() -> None:
    floor = stocked()
    assert floor.take("t", "BEIHAI", buy=2300, at="52.80") == [
        "accepted t", "trade h1 t 1000 @ 48.00", "trade d1 t 1000 @ 48.00", "trade d2 t 300 @ 48.01",
    ]  # fmt: skip
    assert floor.book()[-1] == "| 48.01 | d2 700"


def test_a_take_reaches_five_levels_and_no_further() -> None:
    floor = stocked()
    assert floor.take("t", "BEIHAI", buy=99_999, at="52.80")[-2:] == [
        "trade h4 t 1000 @ 48.04",
        "cancelled t 93999",
    ]
    assert floor.book() == ["| 48.05 | h5 1000"]


def test_a_take_goes_no_worse_than_its_limit() -> None:
    floor = stocked()
    assert floor.take("t", "BEIHAI", buy=5000, at="48.01")[1:] == [
        "trade h1 t 1000 @ 48.00", "trade d1 t 1000 @ 48.00", "trade d2 t 1000 @ 48.01", "cancelled t 2000",
    ]  # fmt: skip


def test_the_takers_own_listings_are_passed_over_and_their_levels_do_not_count() -> None:
    floor = stocked()
    fills = floor.take("t", "YUNLING", buy=99_999, at="52.80")
    assert fills == [
        "accepted t", "trade h1 t 1000 @ 48.00", "trade h2 t 1000 @ 48.02", "trade h3 t 1000 @ 48.03",
        "trade h4 t 1000 @ 48.04", "trade h5 t 1000 @ 48.05", "cancelled t 94999",
    ]  # fmt: skip
    assert floor.book() == ["| 48.01 | d2 1000", "| 48.00 | d1 1000"]


def test_a_preferred_listing_comes_first_in_its_level() -> None:
    floor = stocked()
    assert floor.take("t", "BEIHAI", buy=1500, at="48.00", prefer=["YUNLING d1"]) == [
        "accepted t", "trade d1 t 1000 @ 48.00", "trade h1 t 500 @ 48.00",
    ]  # fmt: skip


def test_a_preference_never_reorders_levels() -> None:
    floor = stocked()
    fills = floor.take("t", "BEIHAI", buy=2500, at="48.01", prefer=["YUNLING d2", "YUNLING d1"])
    assert fills[1:] == ["trade d1 t 1000 @ 48.00", "trade h1 t 1000 @ 48.00", "trade d2 t 500 @ 48.01"]


def test_preferences_in_one_level_keep_the_order_given_and_one_named_twice_is_filled_once() -> None:
    floor = stocked()
    floor.list("h0", "PUJIANG", sell=1000, at="48.00")
    prefer = ["PUJIANG h0", "YUNLING d1", "PUJIANG h0"]
    assert floor.take("t", "BEIHAI", buy=2500, at="48.00", prefer=prefer)[1:] == [
        "trade h0 t 1000 @ 48.00", "trade d1 t 1000 @ 48.00", "trade h1 t 500 @ 48.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "why"),
    [("YUNLING gone", "unknown"), ("JIANGHAI h5", "on the sixth level"), ("BEIHAI own", "the taker's own"),
     ("YUNLING buy", "on the taker's side"), ("YUNLING other", "of another instrument"), ("PUJIANG worse", "beyond")],
)  # fmt: skip
def test_a_preferred_listing_out_of_reach_refuses_the_whole_take(entry: str, why: str) -> None:
    floor = stocked()
    floor.instrument("CEA24", "48.00", phase="afternoon")
    floor.member("YUNLING", CEA24=10)
    floor.list("own", "BEIHAI", sell=10, at="48.00")
    floor.list("buy", "YUNLING", buy=10, at="47.00")
    floor.list("other", "YUNLING", sell=10, at="48.00", code="CEA24")
    floor.list("worse", "PUJIANG", sell=10, at="48.04")
    limit = "48.03" if why == "beyond" else "52.80"
    before = floor.book()
    assert floor.take("t", "BEIHAI", buy=100, at=limit, prefer=["YUNLING d1", entry]) == ["LISTING_GONE"], why
    assert floor.book() == before


def test_a_listing_filled_in_part_keeps_its_place() -> None:
    floor = stocked()
    floor.take("t1", "BEIHAI", buy=400, at="48.00")
    assert floor.take("t2", "BEIHAI", buy=700, at="48.00")[1:] == [
        "trade h1 t2 600 @ 48.00",
        "trade d1 t2 100 @ 48.00",
    ]


def test_what_is_left_of_a_take_rests_at_its_limit_when_it_asks_for_that() -> None:
    floor = Floor()
    floor.list("h1", "JIANGHAI", sell=1000, at="48.00")
    assert floor.take("t", "BEIHAI", buy=1500, at="48.10", remainder="list") == [
        "accepted t",
        "trade h1 t 1000 @ 48.00",
    ]
    assert floor.book() == ["t 500 | 48.10 |"]
    assert floor.take("s", "YUNLING", sell=200, at="48.10") == ["accepted s", "trade t s 200 @ 48.10"]
    assert floor.cancel("t", "BEIHAI") == ["cancelled t 300"]


def test_a_remainder_that_would_cross_the_sixth_level_is_cancelled() -> None:
    floor = stocked()
    assert floor.take("t", "BEIHAI", buy=6001, at="48.05", remainder="list")[-1] == "cancelled t 1"


def test_a_remainder_that_would_cross_the_takers_own_listing_is_cancelled() -> None:
    floor = Floor()
    floor.list("own", "BEIHAI", sell=10, at="48.00")
    assert floor.take("t", "BEIHAI", buy=10, at="48.00", remainder="list") == ["accepted t", "cancelled t 10"]
    assert floor.wallet("BEIHAI") == ("100000000.00", "0.00", "0.00")


def test_with_nothing_in_reach_a_take_is_refused_or_simply_lists() -> None:
    floor = Floor()
    assert floor.take("t", "BEIHAI", buy=10, at="48.00") == ["NO_COUNTERPARTY"]
    assert floor.take("t", "BEIHAI", buy=10, at="48.00", remainder="list") == ["accepted t"]
    assert floor.book() == ["t 10 | 48.00 |"]


def test_listings_are_taken_from_both_sides_alike() -> None:
    floor = Floor()
    floor.list("b1", "BEIHAI", buy=100, at="47.90")
    floor.list("b2", "PUJIANG", buy=100, at="48.00")
    floor.list("b3", "BEIHAI", buy=100, at="48.00")
    assert floor.take("s", "YUNLING", sell=250, at="47.90", prefer=["BEIHAI b3"]) == [
        "accepted s", "trade b3 s 100 @ 48.00", "trade b2 s 100 @ 48.00", "trade b1 s 50 @ 47.90",
    ]  # fmt: skip
    assert floor.book() == ["b1 50 | 47.90 |"]
