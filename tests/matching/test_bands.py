"""trading-rules.md by hand: rounding, band edges, ticks."""

import pytest

from exchange.matching.money import band, round_half_up
from tests.matching.floor import Floor


@pytest.mark.parametrize(
    ("numerator", "denominator", "nearest"),
    [(0, 7, 0), (1, 2, 1), (3, 2, 2), (5, 2, 3), (1, 3, 0), (2, 3, 1), (21_023_005_325, 4_103_953, 5123)],
)
def test_halves_round_upwards(numerator: int, denominator: int, nearest: int) -> None:
    assert round_half_up(numerator, denominator) == nearest


#: domain.md 9.3: previous close, factor in basis points, edge observed.
BAND_EDGES = [
    (4800, 1000, 5280), (5552, 1000, 6107), (5296, 1000, 5826), (4562, 1000, 5018), (4666, 1000, 5133),
    (6150, 1000, 6765), (6219, 1000, 6841), (6188, 1000, 6807), (6124, 1000, 6736), (6200, 1000, 6820),
    (6929, -1000, 6236), (6834, -1000, 6151), (6500, -1000, 5850), (6706, -1000, 6035), (7000, 1000, 7700),
    (8210, -1000, 7389), (4316, -3000, 3021), (7420, -3000, 5194),
]  # fmt: skip


@pytest.mark.parametrize(("prev_close", "bps", "edge"), BAND_EDGES)
def test_band_edges_are_the_ones_observed_in_the_market(prev_close: int, bps: int, edge: int) -> None:
    assert band(prev_close, abs(bps))[bps > 0] == edge


def test_a_band_edge_at_half_a_fen_goes_up() -> None:
    assert band(5, 1000) == (5, 6)  # 0.045 and 0.055 yuan


@pytest.mark.parametrize(
    ("prev_close", "low", "under", "high", "over"),
    [("48.00", "43.20", "43.19", "52.80", "52.81"), ("67.06", "60.35", "60.34", "73.77", "73.78")],
)
def test_both_edges_may_be_traded_at_and_nothing_beyond(
    prev_close: str, low: str, under: str, high: str, over: str
) -> None:
    floor = Floor(prev_close)
    assert floor.list("a", "JIANGHAI", sell=1, at=over) == ["PRICE_BAND"]
    assert floor.list("a", "JIANGHAI", sell=1, at=high) == ["accepted a"]
    assert floor.take("b", "BEIHAI", buy=1, at=high) == ["accepted b", f"trade a b 1 @ {high}"]
    assert floor.list("c", "BEIHAI", buy=1, at=under) == ["PRICE_BAND"]
    assert floor.list("c", "BEIHAI", buy=1, at=low) == ["accepted c"]


def test_a_price_off_the_tick_is_refused() -> None:
    floor = Floor(tick="0.05")
    assert floor.list("a", "JIANGHAI", sell=1, at="48.02") == ["BAD_PRICE"]
    assert floor.list("a", "JIANGHAI", sell=1, at="48.05") == ["accepted a"]
