"""Several instruments, the composite among them, as per cent from a common day (归一化走势)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from exchange.board import percent
from exchange.matching.money import yuan
from exchange.models import Bar, CompositeBar, Instrument
from market_data.composite_day import COMPOSITE_CODE

MOST_LINES = 8


class Unknown(LookupError):
    """There is no instrument of this code."""


def comparison(codes: Sequence[str], first: dt.date, last: dt.date) -> dict[str, Any]:
    """Closes of these codes, each day's change against the common day in per cent with two places.

    The common day is the first in [first, last] that every one of them has a close of; it is null, and the lines
    are empty, where there is none. One without any close in the range stands aside with an empty line. Lines stand in the order asked for. Raises Unknown with a code.
    """
    named = instruments_of(codes)
    lines = {code: closes(instrument, first, last) for code, instrument in named.items()}
    known = [set(line) for line in lines.values() if line]
    shared = set.intersection(*known) if known else set()
    base = min(shared, default=None)
    return {
        "day": base and base.isoformat(),
        "results": [
            {
                "instrument": code,
                "name": _("Composite") if named[code] is None else named[code].name,
                "base": yuan(line[base]) if base and line else None,
                "points": points(line, base) if base and line else [],
            }
            for code, line in lines.items()
        ],
    }


def instruments_of(codes: Sequence[str]) -> dict[str, Any]:
    """By code, each once, in their order; None for the composite. Raises Unknown."""
    found = {instrument.code: instrument for instrument in Instrument.objects.filter(code__in=codes)}
    wanted = dict.fromkeys(codes)
    for code in wanted:
        if code != COMPOSITE_CODE and code not in found:
            raise Unknown(code)
    return {code: found.get(code) for code in wanted}


def closes(instrument: Instrument | None, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """Fen by day, the earliest first; of the open day the close so far."""
    if instrument is None:
        days = CompositeBar.objects.filter(day__gte=first, day__lte=last)
        return dict(days.order_by("day").values_list("day", "close_fen"))
    bars = Bar.objects.filter(instrument=instrument, day__gte=first, day__lte=last)
    return dict(bars.order_by("day").values_list("day", "close_fen"))


def points(line: dict[dt.date, int], base: dt.date) -> list[dict[str, str]]:
    return [
        {"day": day.isoformat(), "close": yuan(close), "change_pct": percent(close - line[base], line[base])}
        for day, close in line.items()
        if day >= base
    ]
