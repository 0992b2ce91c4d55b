"""The national market's day (日行情), as the exchange's bulletin prints it: composite, volumes by method, cumulative.

Days before this platform's own come from the kept bulletins (imported or simulated); its own days are counted
from their final bars, and their cumulative figures go on where the last bulletin stopped (domain.md 1.5, 9.7).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from exchange.board import percent
from exchange.history.series import FIRST_DAY
from exchange.matching.money import yuan
from exchange.models import Bar, Bulletin, CompositeBar

#: Codes of the national market's vintages begin so; Shanghai's allowances and credits are other markets.
NATIONAL = "CEA"
QUANTITIES = ("volume_t", "block_volume_t", "auction_volume_t")
MONEY = ("turnover_fen", "block_turnover_fen", "auction_turnover_fen")
MARKET = Bar.Source.MARKET


@dataclass(frozen=True, slots=True)
class NationalDay:
    """One day over all vintages: prices in fen, volumes in tonnes; None where the bulletin prints none."""

    day: dt.date
    source: str
    basis: str
    prev_close_fen: int | None
    open_fen: int | None
    high_fen: int | None
    low_fen: int | None
    close_fen: int
    volume_t: int
    turnover_fen: int
    block_volume_t: int
    block_turnover_fen: int
    auction_volume_t: int
    auction_turnover_fen: int
    cumulative_volume_t: int
    cumulative_turnover_fen: int

    @property
    def total_volume_t(self) -> int:
        return self.volume_t + self.block_volume_t + self.auction_volume_t

    @property
    def total_turnover_fen(self) -> int:
        return self.turnover_fen + self.block_turnover_fen + self.auction_turnover_fen


def national_day(day: dt.date) -> NationalDay | None:
    """A closed day; None where there is no bulletin and no composite of it."""
    return next(national_days(day, day), None)


def national_days(first: dt.date, last: dt.date) -> Iterator[NationalDay]:
    """The days of a range, the earliest first. Four statements, however long it is."""
    anchor = Bulletin.objects.filter(day__lte=first).order_by("-day").values_list("day", flat=True).first()
    begin = anchor or dt.date.min
    kept: dict[dt.date, Bulletin] = {
        row.day: row for row in Bulletin.objects.filter(day__range=(begin, last))
    }
    own = _own_days(begin, last)
    volume = turnover = 0
    for day in sorted({*kept, *own}):
        if day in own:
            bar, sums = own[day]
            volume += sum(sums[name] for name in QUANTITIES)
            turnover += sum(sums[name] for name in MONEY)
            found = _of_own(bar, sums, volume, turnover)
        else:
            found = _of_bulletin(kept[day])
            volume, turnover = found.cumulative_volume_t, found.cumulative_turnover_fen
        if day >= first:
            yield found


def _own_days(first: dt.date, last: dt.date) -> dict[dt.date, tuple[CompositeBar, Mapping[str, int]]]:
    """This platform's days that have a composite, each with its sums over the vintages."""
    bars = Bar.objects.filter(
        day__range=(first, last), source=MARKET, final=True, instrument__code__startswith=NATIONAL
    )
    names = (*QUANTITIES, *MONEY)
    # The day first: what is summed before it would be grouped by bar.
    by_day = bars.values("day").annotate(**{f"sum_{name}": Sum(name) for name in names}).order_by()
    rows = by_day.values_list("day", *(f"sum_{name}" for name in names))
    sums = {day: dict(zip(names, map(int, found), strict=True)) for day, *found in rows}
    composites = CompositeBar.objects.filter(day__range=(first, last), source=MARKET)
    nothing = dict.fromkeys(names, 0)
    return {bar.day: (bar, sums.get(bar.day, nothing)) for bar in composites}


def _of_own(bar: CompositeBar, sums: Mapping[str, int], volume: int, turnover: int) -> NationalDay:
    """A day without a listed trade prints no high and no low (domain.md 9.6)."""
    traded = sums["volume_t"] > 0
    return NationalDay(
        day=bar.day,
        source=bar.source,
        basis=Bulletin.Basis.COMPOSITE.value,
        prev_close_fen=bar.prev_close_fen,
        open_fen=bar.open_fen,
        high_fen=bar.high_fen if traded else None,
        low_fen=bar.low_fen if traded else None,
        close_fen=bar.close_fen,
        **sums,
        cumulative_volume_t=volume,
        cumulative_turnover_fen=turnover,
    )


def _of_bulletin(row: Bulletin) -> NationalDay:
    return NationalDay(**{name: getattr(row, name) for name in NationalDay.__slots__})


def shown(found: NationalDay) -> dict[str, Any]:
    """The bulletin in yuan strings and whole tonnes, as reports, downloads and the API hold it."""
    return {
        "source": found.source,
        "basis": found.basis,
        **prices(
            found.open_fen,
            found.high_fen,
            found.low_fen,
            found.close_fen,
            prev_close_fen=found.prev_close_fen,
        ),
        "volume": found.volume_t,
        "turnover": yuan(found.turnover_fen),
        "block_volume": found.block_volume_t,
        "block_turnover": yuan(found.block_turnover_fen),
        "auction_volume": found.auction_volume_t,
        "auction_turnover": yuan(found.auction_turnover_fen),
        "total_volume": found.total_volume_t,
        "total_turnover": yuan(found.total_turnover_fen),
        "cumulative_volume": found.cumulative_volume_t,
        "cumulative_turnover": yuan(found.cumulative_turnover_fen),
        "cumulative_since": FIRST_DAY.isoformat(),
    }


def prices(
    open_fen: int | None,
    high_fen: int | None,
    low_fen: int | None,
    close_fen: int,
    *,
    prev_close_fen: int | None,
) -> dict[str, str | None]:
    """Prices, and the change against the previous close where that is known."""
    change = None if prev_close_fen is None else close_fen - prev_close_fen
    return {
        "open": _yuan(open_fen),
        "high": _yuan(high_fen),
        "low": _yuan(low_fen),
        "close": yuan(close_fen),
        "prev_close": _yuan(prev_close_fen),
        "change": _yuan(change),
        "change_pct": percent(change, prev_close_fen) if change is not None and prev_close_fen else None,
    }


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
