"""Moving averages (移动平均线, MA) of candles' closes, to the fen: worked out here and nowhere else."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from exchange.matching.money import parse_price, round_half_up, yuan
from exchange.models import Instrument
from market_data.candles import closes_before

#: Of an answer: so many averages, each over so many candles.
MOST_AVERAGES = 6
LONGEST = 250


def moving_averages(closes: list[int], length: int) -> list[int | None]:
    """For each close the mean of the latest `length` up to it, half-up to the fen; None while there are fewer."""
    sums = [0, *accumulate(closes)]
    return [
        round_half_up(sums[end] - sums[end - length], length) if end >= length else None
        for end in range(1, len(closes) + 1)
    ]


def with_averages(
    shown: list[dict[str, Any]], lengths: Iterable[int], *, instrument: Instrument, interval: str
) -> list[dict[str, Any]]:
    """Candles of an answer, each with `averages` by length in yuan, or null where there are too few candles.

    Candles before the answer's first count too, so an average does not depend on where the answer begins.
    """
    lengths = sorted(set(lengths))
    if not lengths or not shown:
        return shown
    before = closes_before(instrument, interval, shown[0]["time"], lengths[-1] - 1)
    closes = before + [_fen(candle["close"]) for candle in shown]
    columns = {
        str(length): [
            None if value is None else yuan(value) for value in moving_averages(closes, length)[len(before) :]
        ]
        for length in lengths
    }
    return [
        {**candle, "averages": {length: values[place] for length, values in columns.items()}}
        for place, candle in enumerate(shown)
    ]


def _fen(price: str) -> int:
    fen = parse_price(price)
    assert fen is not None, "a candle's close is a price"
    return fen
