"""Writing the simulated past into the daily figures, marked as simulated."""

import datetime as dt

from django.db import transaction

from exchange.history.simulation import SimulatedDay, simulate
from exchange.models import Bar, Bulletin, CalendarDay, CompositeBar, Instrument

SIMULATED = Bar.Source.SIMULATED
BATCH = 1_000


def simulated_past(before: dt.date) -> list[SimulatedDay]:
    """The simulated days up to `before`, on the trading days of the real calendar (which must be loaded)."""
    days = CalendarDay.objects.filter(is_trading=True, day__lt=before).order_by("day")
    return list(simulate(days.values_list("day", flat=True)))


def history_exists() -> bool:
    """Whether there is any history from before this platform's own days, imported or simulated."""
    return CompositeBar.objects.exclude(source=Bar.Source.MARKET).exists()


@transaction.atomic
def store(past: list[SimulatedDay]) -> int:
    """Writes the days for all listed instruments; returns how many rows. Rows that are there stay as they are."""
    instruments = {row.code: row for row in Instrument.objects.all()}
    bars = [
        bar_of(simulated, code, instruments[code])
        for simulated in past
        for code in simulated.figures
        if code in instruments
    ]
    composites = [
        CompositeBar(
            day=simulated.day,
            source=SIMULATED,
            prev_close_fen=simulated.composite.prev_close,
            open_fen=simulated.composite.open,
            high_fen=simulated.composite.high,
            low_fen=simulated.composite.low,
            close_fen=simulated.composite.close,
        )
        for simulated in past
    ]
    Bar.objects.bulk_create(bars, BATCH, ignore_conflicts=True)
    CompositeBar.objects.bulk_create(composites, BATCH, ignore_conflicts=True)
    Bulletin.objects.bulk_create(bulletins_of(past), BATCH, ignore_conflicts=True)
    return len(bars) + 2 * len(composites)


def bar_of(simulated: SimulatedDay, code: str, instrument: Instrument) -> Bar:
    figures = simulated.figures[code]
    return Bar(
        instrument=instrument,
        day=simulated.day,
        source=SIMULATED,
        final=True,
        prev_close_fen=figures.prev_close,
        open_fen=figures.open,
        high_fen=figures.high,
        low_fen=figures.low,
        last_fen=figures.last,
        close_fen=figures.close,
        volume_t=figures.volume,
        turnover_fen=figures.turnover,
        trades=figures.trades,
        block_volume_t=figures.block_volume,
        block_turnover_fen=figures.block_turnover,
        block_trades=figures.block_trades,
    )


def bulletins_of(past: list[SimulatedDay]) -> list[Bulletin]:
    """The national market's days: all vintages together, and cumulative from the launch."""
    rows = []
    volume = turnover = 0
    for simulated in past:
        national = [figures for code, figures in simulated.figures.items() if code.startswith("CEA")]
        volume += sum(figures.volume + figures.block_volume for figures in national)
        turnover += sum(figures.turnover + figures.block_turnover for figures in national)
        traded = any(figures.trades for figures in national)
        rows.append(
            Bulletin(
                day=simulated.day,
                source=SIMULATED,
                basis=Bulletin.Basis.LISTED if len(national) == 1 else Bulletin.Basis.COMPOSITE,
                prev_close_fen=simulated.composite.prev_close,
                open_fen=simulated.composite.open,
                high_fen=simulated.composite.high if traded else None,
                low_fen=simulated.composite.low if traded else None,
                close_fen=simulated.composite.close,
                volume_t=sum(figures.volume for figures in national),
                turnover_fen=sum(figures.turnover for figures in national),
                block_volume_t=sum(figures.block_volume for figures in national),
                block_turnover_fen=sum(figures.block_turnover for figures in national),
                auction_volume_t=0,
                auction_turnover_fen=0,
                cumulative_volume_t=volume,
                cumulative_turnover_fen=turnover,
            )
        )
    return rows
