"""trading-rules.md by hand: expiry, bars, the close."""

from fractions import Fraction

import pytest

from exchange.matching.money import round_half_up
from tests.matching.floor import Floor


def test_the_launch_day_closes_at_its_volume_weighted_average_price() -> None:
    """210 230 053.25 yuan ÷ 4 103 953 t = 51.226… → 51.23; opened at 48.00, went to limit-up 52.80."""
    assert round_half_up(21_023_005_325, 4_103_953) == 5123
    floor = Floor("48.00")
    assert floor.pair.core.books["CEA"].price_band()[1] == 5280
    fen, tonnes = 21_023_005_325, 4_103_953
    # n tonnes at 48.00, m at 52.80 and one more trade make up the day's two sums exactly.
    at_low = (fen - 4800 * tonnes) // 480
    fills = (
        split(4800, tonnes - at_low - 1)
        + split(5280, at_low)
        + [(fen - 4800 * (tonnes - 1) - 480 * at_low, 1)]
    )
    for member in ("JIANGHAI", "BEIHAI"):
        floor.member(member, cny="900000000.00", CEA=5_000_000)
    for number, (price, qty) in enumerate(fills):
        shown = f"{price // 100}.{price % 100:02d}"
        floor.list(f"h{number}", "JIANGHAI", sell=qty, at=shown)
        floor.take(f"t{number}", "BEIHAI", buy=qty, at=shown)
    (bar,) = floor.close_day("2021-07-16")
    assert (bar["volume"], bar["turnover"]) == (4_103_953, "210230053.25")
    assert (bar["open"], bar["high"], bar["low"], bar["close"]) == ("48.00", "52.80", "48.00", "51.23")
    assert floor.pair.core.books["CEA"].prev_close == 5123


def split(price: int, tonnes: int) -> list[tuple[int, int]]:
    """Trades of what one listed order may be, and the rest."""
    return [(price, 99_999)] * (tonnes // 99_999) + ([(price, tonnes % 99_999)] if tonnes % 99_999 else [])


def test_orders_expire_oldest_acceptance_first_and_unlock() -> None:
    floor = Floor(block_min_qty=100)
    floor.list("h", "JIANGHAI", sell=10, at="49.00")
    floor.block("k", "BEIHAI", buy=100, at="47.00")
    floor.auction("a", "YUNLING", 100, "48.00")
    floor.bid("n", "BEIHAI", "YUNLING a", 5, "48.00")
    floor.list("b", "BEIHAI", buy=10, at="47.00")
    floor.take("t", "PUJIANG", buy=3, at="49.00")
    expired = [(event["id"], event["qty"]) for event in floor.close_day() if event["event"] == "expired"]
    assert expired == [("h", 7), ("k", 100), ("a", 100), ("n", 5), ("b", 10)]
    assert floor.wallet("BEIHAI") == ("100000000.00", "0.00", "0.00")
    assert floor.wallet("YUNLING", "CEA") == (500_000, 0, 0)


def test_a_day_without_a_listed_trade_closes_at_the_previous_close_and_has_no_high_or_low() -> None:
    """domain.md 9.6, 2026-01-13: 1 070 000 t of blocks move nothing."""
    floor = Floor("78.31")
    floor.member("JIANGHAI", CEA=1_000_000)
    floor.block("k", "JIANGHAI", sell=1_070_000, at="62.74")
    floor.block_accept("l", "BEIHAI", "JIANGHAI k")
    (bar,) = floor.close_day("2026-01-13")
    assert (bar["open"], bar["high"], bar["low"], bar["close"]) == ("78.31", None, None, "78.31")
    assert (bar["volume"], bar["block_volume"], bar["block_turnover"]) == (0, 1_070_000, "67131800.00")


@pytest.mark.parametrize(
    ("day", "close"),
    [([("78.00", 1), ("79.00", 1)], "78.50"), ([("48.00", 1), ("48.01", 1)], "48.01"), ([("48.00", 2), ("48.01", 1)], "48.00")],
)  # fmt: skip
def test_the_close_is_turnover_over_volume_half_up(day: list[tuple[str, int]], close: str) -> None:
    floor = Floor(day[0][0])
    for number, (price, qty) in enumerate(day):
        floor.list(f"h{number}", "JIANGHAI", sell=qty, at=price)
        floor.take(f"t{number}", "BEIHAI", buy=qty, at=price)
    (bar,) = floor.close_day()
    assert bar["close"] == close
    turnover = sum(Fraction(price) * qty for price, qty in day)
    assert Fraction(bar["turnover"]) == turnover


def test_the_close_is_the_next_days_previous_close_and_moves_its_band() -> None:
    floor = Floor("48.00")
    floor.list("h", "JIANGHAI", sell=1, at="52.80")
    floor.take("t", "BEIHAI", buy=1, at="52.80")
    floor.close_day("2021-07-16")
    assert floor.list("x", "JIANGHAI", sell=1, at="58.08") == ["MARKET_CLOSED"]
    floor.phase("morning")
    assert floor.list("x", "JIANGHAI", sell=1, at="58.09") == ["PRICE_BAND"]
    assert floor.list("x", "JIANGHAI", sell=1, at="58.08") == ["accepted x"]
    (expired, bar) = floor.close_day("2021-07-19")
    assert (expired["id"], bar["prev_close"], bar["close"]) == ("x", "52.80", "52.80")
