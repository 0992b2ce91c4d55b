"""Writing bulletins into the daily figures. Idempotent; a day of this platform's own is never touched.

`listed` rows are the days of the only vintage: they become that instrument's Bar. Every row is the
national market's headline too: CompositeBar and Bulletin. An imported history replaces a simulated one
altogether, so that no chart mixes them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction

from exchange import calendar_source, clock
from exchange.history import bulletins, checks
from exchange.history.bulletins import BulletinRow, Finding
from exchange.history.series import (
    BY_CODE,
    FIRST_DAY,
    HEADLINE,
    LAUNCH_PRICE_FEN,
    enter_weights,
    list_instruments,
)
from exchange.models import Bar, Bulletin, CalendarDay, CompositeBar, Instrument

IMPORTED = Bar.Source.IMPORTED
BATCH = 1_000


@dataclass
class Outcome:
    """What an import did, and what a person should look at."""

    rows: int = 0
    bars: int = 0
    composite_bars: int = 0
    #: days of this platform's own that the file has too
    own_days: list[dt.date] = field(default_factory=list)
    simulated_removed: int = 0
    findings: list[Finding] = field(default_factory=list)
    malformed: list[Finding] = field(default_factory=list)


def import_bulletins(lines: Iterable[str], code: str = HEADLINE) -> Outcome:
    """Reads, checks and writes the bulletins; `listed` rows go to the instrument `code`.

    Raises bulletins.MissingColumnsError, and Instrument.DoesNotExist for an instrument that is neither
    listed nor one that this project knows.
    """
    rows, malformed = bulletins.read(lines, before=clock.today())
    if not calendar_source.calendar_is_loaded():
        calendar_source.load_library()
    outcome = Outcome(rows=len(rows), malformed=malformed)
    outcome.findings = checks.check_all(rows, previous_trading_days())
    if rows:
        with transaction.atomic():
            write(rows, instrument_for(code), outcome)
    return outcome


def instrument_for(code: str) -> Instrument:
    """The instrument; one that the project knows is listed now if it has not been, at the launch price."""
    if code in BY_CODE and not Instrument.objects.filter(code=code).exists():
        list_instruments([BY_CODE[code]], {code: LAUNCH_PRICE_FEN})
        enter_weights()
    return Instrument.objects.get(code=code)


def previous_trading_days() -> dict[dt.date, dt.date | None]:
    """For every trading day of the calendar the one before it."""
    days = CalendarDay.objects.filter(is_trading=True).order_by("day").values_list("day", flat=True)
    previous: dict[dt.date, dt.date | None] = {}
    before = None
    for day in days:
        previous[day], before = before, day
    return previous


def remove_simulated() -> int:
    """Removes the simulated history; returns how many rows went."""
    return sum(
        model._default_manager.filter(source=Bar.Source.SIMULATED).delete()[0]
        for model in (Bar, CompositeBar, Bulletin)
    )


def write(rows: list[BulletinRow], instrument: Instrument, outcome: Outcome) -> None:
    """Everything in one transaction of the caller's."""
    outcome.simulated_removed = remove_simulated()
    closes = previous_closes(rows)
    listed = [bar_of(row, closes[row.day], instrument) for row in rows if row.basis == "listed"]
    own_bars = own_days(Bar.objects.filter(instrument=instrument))
    outcome.bars = upsert(Bar, [bar for bar in listed if bar.day not in own_bars], ["instrument", "day"])
    outcome.own_days = sorted(own_bars & {bar.day for bar in listed})
    if instrument.code != HEADLINE:
        return
    own = own_days(CompositeBar.objects.all())
    outcome.own_days = sorted({*outcome.own_days, *(own & {row.day for row in rows})})
    headline = [row for row in rows if row.day not in own]
    outcome.composite_bars = upsert(
        CompositeBar, [composite_bar_of(row, closes[row.day]) for row in headline], ["day"]
    )
    upsert(Bulletin, [bulletin_of(row, closes[row.day]) for row in headline], ["day"])


def own_days(bars: "models.QuerySet[Bar] | models.QuerySet[CompositeBar]") -> set[dt.date]:
    return set(bars.filter(source=Bar.Source.MARKET).values_list("day", flat=True))


def previous_closes(rows: list[BulletinRow]) -> dict[dt.date, int | None]:
    """For each row the close of the trading day before it, in fen; None where the file does not have it."""
    previous = previous_trading_days()
    closes = {row.day: row.close_fen for row in rows}
    found = {row.day: closes.get(before) if (before := previous.get(row.day)) else None for row in rows}
    if FIRST_DAY in found:
        found[FIRST_DAY] = LAUNCH_PRICE_FEN
    return found


def upsert(model: type[models.Model], objects: list[models.Model], key: list[str]) -> int:
    """Writes rows over those with the same key; returns how many."""
    others = [item.name for item in model._meta.concrete_fields if item.name not in {"id", *key}]
    model._default_manager.bulk_create(
        objects, BATCH, update_conflicts=True, unique_fields=key, update_fields=others
    )
    return len(objects)


def bar_of(row: BulletinRow, prev_close: int | None, instrument: Instrument) -> Bar:
    """A day without a known day before shows no change: its own close stands for the previous one."""
    return Bar(
        instrument=instrument,
        day=row.day,
        source=IMPORTED,
        final=True,
        prev_close_fen=prev_close or row.close_fen,
        open_fen=row.open_fen or prev_close or row.close_fen,
        high_fen=row.high_fen,
        low_fen=row.low_fen,
        close_fen=row.close_fen,
        volume_t=row.listed.volume_t,
        turnover_fen=row.listed.turnover_fen,
        block_volume_t=row.block.volume_t,
        block_turnover_fen=row.block.turnover_fen,
        auction_volume_t=row.auction.volume_t,
        auction_turnover_fen=row.auction.turnover_fen,
    )


def composite_bar_of(row: BulletinRow, prev_close: int | None) -> CompositeBar:
    """Where the bulletin prints no open, high and low, the close stands for them; Bulletin keeps the difference."""
    return CompositeBar(
        day=row.day,
        source=IMPORTED,
        prev_close_fen=prev_close or row.close_fen,
        open_fen=row.open_fen or row.close_fen,
        high_fen=row.high_fen or row.close_fen,
        low_fen=row.low_fen or row.close_fen,
        close_fen=row.close_fen,
    )


def bulletin_of(row: BulletinRow, prev_close: int | None) -> Bulletin:
    return Bulletin(
        day=row.day,
        source=IMPORTED,
        basis=row.basis,
        prev_close_fen=prev_close,
        open_fen=row.open_fen,
        high_fen=row.high_fen,
        low_fen=row.low_fen,
        close_fen=row.close_fen,
        volume_t=row.listed.volume_t,
        turnover_fen=row.listed.turnover_fen,
        block_volume_t=row.block.volume_t,
        block_turnover_fen=row.block.turnover_fen,
        auction_volume_t=row.auction.volume_t,
        auction_turnover_fen=row.auction.turnover_fen,
        cumulative_volume_t=row.cumulative.volume_t,
        cumulative_turnover_fen=row.cumulative.turnover_fen,
    )
