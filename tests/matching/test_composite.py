"""trading-rules.md by hand: the composite (综合价), with the closes of domain.md 9.4."""

from typing import Any

import pytest

from tests.matching.floor import Floor

VINTAGES = ("CEA19-20", "CEA21", "CEA22", "CEA23", "CEA24")
#: domain.md 9.4: closes of the five vintages, and what was published.
COMPOSITES = [
    ("71.34 71.00 74.50 74.36 73.72", "72.98"), ("71.34 70.00 73.78 74.20 73.80", "72.62"),
    ("71.34 70.00 73.70 73.26 73.58", "72.38"), ("71.34 70.00 73.44 73.31 72.84", "72.19"),
    ("71.34 70.00 70.80 72.63 72.82", "71.52"), ("69.00 70.00 70.30 69.52 69.78", "69.72"),
    ("69.00 70.00 69.72 69.11 69.42", "69.45"), ("69.17 67.50 64.00 64.70 65.51", "66.18"),
    ("60.31 53.17 54.00 47.43 48.72", "52.73"), ("67.65 67.06 66.96 65.01 67.63", "66.86"),
    ("58.50 67.06 58.00 56.56 58.14", "59.65"), ("60.89 59.44 59.50 59.76 59.91", "59.90"),
]  # fmt: skip


def vintages(prev_closes: str, composite: str, weights: Any = (1, 1, 1, 1, 1)) -> Floor:
    """Five vintages in the afternoon, JIANGHAI with tonnes of each, and their composite."""
    floor = Floor()
    for code, prev_close in zip(VINTAGES, prev_closes.split(), strict=True):
        floor.instrument(code, prev_close, phase="afternoon")
        floor.do("credit", member="JIANGHAI", asset=code, amount=1000)
    floor.do("composite", weights=dict(zip(VINTAGES, weights, strict=True)), prev_close=composite)
    return floor


def traded(floor: Floor, code: str, price: str, qty: int = 1) -> None:
    number = floor.pair.core.age
    floor.list(f"h{number}", "JIANGHAI", sell=qty, at=price, code=code)
    assert floor.take(f"t{number}", "BEIHAI", buy=qty, at=price, code=code)[0].startswith("accepted")


def composite(floor: Floor) -> tuple[str, str, str, str, str]:
    line = floor.close_day()[-1]
    assert line["event"] == "composite"
    return line["open"], line["high"], line["low"], line["close"], line["prev_close"]


@pytest.mark.parametrize(("closes", "published"), COMPOSITES)
def test_the_composite_close_is_the_published_mean_of_the_vintages(closes: str, published: str) -> None:
    floor = vintages(closes, "70.00")
    for code, close in zip(VINTAGES, closes.split(), strict=True):
        traded(floor, code, close)
    assert composite(floor)[3] == published


def test_the_composite_opens_with_the_first_trade_of_any_vintage_the_others_at_their_previous_close() -> None:
    """domain.md 1.6, 2025-08-05: CEA23 first at 73.10 → (363.12 − 74.20 + 73.10) ÷ 5 = 72.404 → 72.40."""
    floor = vintages("71.34 70.00 73.78 74.20 73.80", "72.62")
    traded(floor, "CEA23", "73.10")
    traded(floor, "CEA22", "73.70")
    traded(floor, "CEA24", "73.58")
    traded(floor, "CEA23", "73.42")
    assert composite(floor) == ("72.40", "72.41", "72.34", "72.38", "72.62")


def test_a_trade_outside_the_composite_leaves_it_at_its_previous_close() -> None:
    """domain.md 9.4, 2026-02-13: trades only in CEA24, weight 1 on another vintage; composite stays 78.70."""
    floor = vintages("80.00 80.00 80.00 78.70 80.00", "78.70", weights=(0, 0, 0, 1, 0))
    traded(floor, "CEA24", "81.00")
    assert composite(floor) == ("78.70",) * 5


def test_blocks_and_auctions_do_not_move_the_composite() -> None:
    floor = vintages("71.34 70.00 73.78 74.20 73.80", "72.62")
    floor.member("JIANGHAI", CEA23=300_000)
    floor.block("k", "JIANGHAI", sell=100_000, at="60.00", code="CEA23")
    floor.block_accept("l", "BEIHAI", "JIANGHAI k")
    floor.auction("a", "JIANGHAI", 100_000, "66.78", code="CEA23")
    floor.bid("n", "BEIHAI", "JIANGHAI a", 10, "70.00")
    assert floor.auction_close("a", "JIANGHAI")[0] == "trade a n 10 @ 70.00"
    assert composite(floor) == ("72.62",) * 5


def test_a_composite_set_during_the_day_starts_from_the_last_prices() -> None:
    floor = vintages("10.00 10.00 10.00 10.00 10.00", "10.00")
    traded(floor, "CEA21", "11.00")
    floor.do("composite", weights=dict.fromkeys(VINTAGES, 1), prev_close="10.00")
    traded(floor, "CEA22", "10.50")
    assert composite(floor) == ("10.30", "10.30", "10.30", "10.30", "10.00")
