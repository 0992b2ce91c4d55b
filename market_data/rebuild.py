"""Everything derived, made anew from the trades."""

from collections.abc import Callable, Iterator

from django.db import connection, transaction

from exchange.models import Bar, CompositeBar, Instrument, TradingDay
from market_data import candles
from market_data.composite_day import composite_of
from market_data.models import Report
from market_data.reports.publish import is_intact

# A bar of this market against its day's trades; the close is the listed VWAP, half-up.
BARS = """
    WITH traded AS (
        SELECT instrument_id, day,
               (array_agg(price_fen ORDER BY no) FILTER (WHERE kind = 'listed'))[1] AS open_fen,
               max(price_fen) FILTER (WHERE kind = 'listed') AS high_fen,
               min(price_fen) FILTER (WHERE kind = 'listed') AS low_fen,
               (array_agg(price_fen ORDER BY no DESC) FILTER (WHERE kind = 'listed'))[1] AS last_fen,
               coalesce(sum(qty_t) FILTER (WHERE kind = 'listed'), 0) AS volume_t,
               coalesce(sum(price_fen::numeric * qty_t) FILTER (WHERE kind = 'listed'), 0) AS turnover_fen,
               count(*) FILTER (WHERE kind = 'listed') AS trades,
               coalesce(sum(qty_t) FILTER (WHERE kind = 'block'), 0) AS block_volume_t,
               coalesce(sum(price_fen::numeric * qty_t) FILTER (WHERE kind = 'block'), 0) AS block_turnover_fen,
               count(*) FILTER (WHERE kind = 'block') AS block_trades,
               coalesce(sum(qty_t) FILTER (WHERE kind = 'auction'), 0) AS auction_volume_t,
               coalesce(sum(price_fen::numeric * qty_t) FILTER (WHERE kind = 'auction'), 0) AS auction_turnover_fen,
               count(*) FILTER (WHERE kind = 'auction') AS auction_trades
        FROM exchange_trade GROUP BY 1, 2
    )
    SELECT instrument.code, bar.day
    FROM exchange_bar AS bar JOIN exchange_instrument AS instrument ON instrument.id = bar.instrument_id
    LEFT JOIN traded ON traded.instrument_id = bar.instrument_id AND traded.day = bar.day
    WHERE bar.source = 'market' AND (
        bar.open_fen, bar.high_fen, bar.low_fen, bar.last_fen, bar.close_fen,
        bar.volume_t, bar.turnover_fen, bar.trades, bar.block_volume_t, bar.block_turnover_fen, bar.block_trades,
        bar.auction_volume_t, bar.auction_turnover_fen, bar.auction_trades
    ) IS DISTINCT FROM (
        coalesce(traded.open_fen, bar.prev_close_fen), traded.high_fen, traded.low_fen, traded.last_fen,
        CASE WHEN coalesce(traded.volume_t, 0) > 0
             THEN div(2 * traded.turnover_fen + traded.volume_t, 2 * traded.volume_t) ELSE bar.prev_close_fen END,
        coalesce(traded.volume_t, 0), coalesce(traded.turnover_fen, 0), coalesce(traded.trades, 0),
        coalesce(traded.block_volume_t, 0), coalesce(traded.block_turnover_fen, 0), coalesce(traded.block_trades, 0),
        coalesce(traded.auction_volume_t, 0), coalesce(traded.auction_turnover_fen, 0),
        coalesce(traded.auction_trades, 0)
    ) ORDER BY 2, 1
"""


def rebuild_all(*, say: Callable[[str], object] = print) -> list[str]:
    """Rebuilds candles and composites, checks bars and reports; what was not identical, in words."""
    found: list[str] = []
    for what, run in (
        ("candles", _candles),
        ("composites", _composites),
        ("bars", _bars),
        ("reports", _reports),
    ):
        differences = list(run())
        say(f"{what:<12}{'identical' if not differences else f'{len(differences)} different'}")
        found += differences
    return found


def _candles() -> Iterator[str]:
    for instrument in Instrument.objects.order_by("code"):
        if not candles.rebuild(instrument):
            yield f"minute candles of {instrument.code} were not what its trades give"


def _composites() -> Iterator[str]:
    """Of this market's own closed days, in their order: each begins with the close before it."""
    days = (
        TradingDay.objects.exclude(status=TradingDay.Status.OPEN)
        .order_by("day")
        .values_list("day", flat=True)
    )
    with transaction.atomic():
        for day in days:
            kept = CompositeBar.objects.filter(day=day).first()
            if kept is None or kept.source != Bar.Source.MARKET:
                continue
            made = composite_of(day)
            if made is None or _figures(made) != _figures(kept):
                yield f"composite of {day} was {_figures(kept)}, its trades give {made and _figures(made)}"
            if made is not None:
                made.save(force_update=True)


def _figures(bar: CompositeBar) -> tuple[int, ...]:
    return bar.prev_close_fen, bar.open_fen, bar.high_fen, bar.low_fen, bar.close_fen


def _bars() -> Iterator[str]:
    """Bars belong to the exchange, which keeps them with every batch; here they are only checked."""
    with connection.cursor() as cursor:
        cursor.execute(BARS)
        for code, day in cursor.fetchall():
            yield f"bar of {code} on {day} is not what its trades give"


def _reports() -> Iterator[str]:
    for report in Report.objects.order_by("day", "kind", "pk").iterator(chunk_size=100):
        if not is_intact(report):
            yield f"report {report} (organisation {report.organisation_id}) does not give its hash"
