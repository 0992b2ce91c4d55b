"""Candles of an instrument's listed trades, in Beijing time.

Minute candles are kept in a table and folded forward: whoever reads first folds in the trades since the last
folded number, under a lock on the instrument's mark. An instrument's trades are numbered in commit order
without a gap, so no trade is missed and none counts twice. Larger intervals are put together from minutes;
daily candles are the bars, whose close is the VWAP (trading-rules.md: End of day 2).
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from exchange.clock import BEIJING
from exchange.matching.money import yuan
from exchange.models import Bar, Instrument
from market_data.models import Candle, CandleMark

INTERVALS = {
    "1m": dt.timedelta(minutes=1),
    "5m": dt.timedelta(minutes=5),
    "15m": dt.timedelta(minutes=15),
    "1h": dt.timedelta(hours=1),
}
DAY = "1d"
#: The most candles of one answer: the latest of the range.
MOST_CANDLES = 5_000

#: Bins are counted from a midnight in Beijing, so that they begin on Beijing's hours.
ORIGIN = "2021-01-01 00:00:00+08"

FOLD = """
    INSERT INTO market_data_candle AS candle
        (instrument_id, start, open_fen, high_fen, low_fen, close_fen, volume_t, turnover_fen, trades)
    SELECT %(instrument)s, date_bin('1 minute', at, %(origin)s::timestamptz),
           (array_agg(price_fen ORDER BY no))[1], max(price_fen), min(price_fen),
           (array_agg(price_fen ORDER BY no DESC))[1], sum(qty_t), sum(price_fen::numeric * qty_t), count(*)
    FROM exchange_trade
    WHERE instrument_id = %(instrument)s AND kind = 'listed' AND no > %(after)s AND no <= %(until)s
    GROUP BY 2
    ON CONFLICT (instrument_id, start) DO UPDATE SET
        high_fen = greatest(candle.high_fen, excluded.high_fen), low_fen = least(candle.low_fen, excluded.low_fen),
        close_fen = excluded.close_fen, volume_t = candle.volume_t + excluded.volume_t,
        turnover_fen = candle.turnover_fen + excluded.turnover_fen, trades = candle.trades + excluded.trades
"""

LARGER = """
    SELECT date_bin(%(interval)s, start, %(origin)s::timestamptz) AS bin, (array_agg(open_fen ORDER BY start))[1],
           max(high_fen), min(low_fen), (array_agg(close_fen ORDER BY start DESC))[1],
           sum(volume_t)::bigint, sum(turnover_fen)::bigint
    FROM market_data_candle
    WHERE instrument_id = %(instrument)s AND start >= %(start)s AND start < %(end)s
    GROUP BY bin ORDER BY bin DESC LIMIT %(most)s
"""

CLOSES_BEFORE = """
    SELECT (array_agg(close_fen ORDER BY start DESC))[1]
    FROM (SELECT start, close_fen FROM market_data_candle
          WHERE instrument_id = %(instrument)s AND start < %(before)s ORDER BY start DESC LIMIT %(rows)s) AS minutes
    GROUP BY date_bin(%(interval)s, start, %(origin)s::timestamptz)
    ORDER BY date_bin(%(interval)s, start, %(origin)s::timestamptz) DESC LIMIT %(count)s
"""


def candles(
    instrument: Instrument, interval: str, start: dt.datetime, end: dt.datetime
) -> list[dict[str, Any]]:
    """Candles that begin in [start, end), oldest first, at most the latest MOST_CANDLES.

    Each has `time` (ISO, Beijing), `open`, `high`, `low`, `close`, `turnover` (yuan strings) and `volume` (t).
    Daily ones say their `source`, and have no high and low on a day without a listed trade. A minute without
    a trade has no candle. Raises ValueError for an interval that is none of 1m, 5m, 15m, 1h, 1d.
    """
    if interval == DAY:
        return list(_daily(instrument, start, end))
    if interval not in INTERVALS:
        raise ValueError(f"{interval!r} is not one of {', '.join([*INTERVALS, DAY])}")
    fold(instrument)
    # A bin that begins in the range is whole: the range is moved to the bins' edges, not cut inside one.
    parameters: dict[str, Any] = {
        "instrument": instrument.pk,
        "interval": INTERVALS[interval],
        "start": _next_edge(start, INTERVALS[interval]),
        "end": _next_edge(end, INTERVALS[interval]),
        "origin": ORIGIN,
        "most": MOST_CANDLES,
    }
    with connection.cursor() as cursor:
        cursor.execute(LARGER, parameters)
        rows = cursor.fetchall()
    return [_shown(*row) for row in reversed(rows)]


def closes_before(instrument: Instrument, interval: str, time: str, count: int) -> list[int]:
    """Closes in fen of the latest `count` candles that begin before `time` (ISO), oldest first.

    Of larger intervals only as many minutes are read as can hold so many candles: each holds at most `minutes`.
    The earliest of them may lack its first minutes, which changes no close.
    """
    if interval == DAY:
        bars = Bar.objects.filter(instrument=instrument, day__lt=dt.datetime.fromisoformat(time).date())
        return list(bars.order_by("-day").values_list("close_fen", flat=True)[:count])[::-1]
    minutes = INTERVALS[interval] // INTERVALS["1m"]
    parameters: dict[str, Any] = {
        "instrument": instrument.pk,
        "interval": INTERVALS[interval],
        "before": time,
        "origin": ORIGIN,
        "rows": count * minutes,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSES_BEFORE, parameters)
        return [int(close) for (close,) in reversed(cursor.fetchall())]


def fold(instrument: Instrument) -> None:
    """Brings the minute candles up to the instrument's last committed trade."""
    until = Instrument.objects.values_list("trade_count", flat=True).get(pk=instrument.pk)
    mark, _made = CandleMark.objects.get_or_create(instrument=instrument)
    if mark.trade_no >= until:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        mark = CandleMark.objects.select_for_update().get(instrument=instrument)
        # Another reader may have folded further while we waited.
        if mark.trade_no < until:
            numbers = {"after": mark.trade_no, "until": until}
            cursor.execute(FOLD, {"instrument": instrument.pk, "origin": ORIGIN, **numbers})
            mark.trade_no = until
            mark.save(update_fields=["trade_no"])


def rebuild(instrument: Instrument) -> bool:
    """Makes an instrument's minute candles anew from its trades; whether they came out as they were."""
    columns = [field.attname for field in Candle._meta.fields if field.attname != "id"]
    kept = Candle.objects.filter(instrument=instrument).order_by("start")
    with transaction.atomic():
        CandleMark.objects.get_or_create(instrument=instrument)
        CandleMark.objects.select_for_update().get(instrument=instrument)
        fold(instrument)
        before = list(kept.values_list(*columns))
        kept.delete()
        CandleMark.objects.filter(instrument=instrument).update(trade_no=0)
        fold(instrument)
        return list(kept.values_list(*columns)) == before


def _next_edge(moment: dt.datetime, interval: dt.timedelta) -> dt.datetime:
    """The first bin's beginning that is not before the moment."""
    local = moment.astimezone(BEIJING)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - local) // interval) * interval


def _daily(instrument: Instrument, start: dt.datetime, end: dt.datetime) -> Iterator[dict[str, Any]]:
    bars = Bar.objects.filter(instrument=instrument, day__gte=_first_day(start), day__lt=_first_day(end))
    for bar in reversed(bars.order_by("-day")[:MOST_CANDLES]):
        midnight = dt.datetime.combine(bar.day, dt.time(), tzinfo=BEIJING)
        yield {
            **_shown(
                midnight,
                bar.open_fen,
                bar.high_fen,
                bar.low_fen,
                bar.close_fen,
                bar.volume_t,
                bar.turnover_fen,
            ),
            "source": bar.source,
        }


def _first_day(moment: dt.datetime) -> dt.date:
    """The first date whose midnight in Beijing is not before the moment."""
    return _next_edge(moment, dt.timedelta(days=1)).date()


def _shown(
    start: dt.datetime,
    opened: int,
    high: int | None,
    low: int | None,
    close: int,
    volume_t: int,
    turnover: int,
) -> dict[str, Any]:
    return {
        "time": start.astimezone(BEIJING).isoformat(),
        "open": yuan(opened),
        "high": None if high is None else yuan(high),
        "low": None if low is None else yuan(low),
        "close": yuan(close),
        "volume": volume_t,
        "turnover": yuan(turnover),
    }
