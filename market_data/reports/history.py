"""The daily history as one table: the national market, or one instrument, a line a day, the same columns."""

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from exchange.matching.money import yuan
from exchange.models import Bar, Instrument
from market_data.reports import writers
from market_data.reports.bulletin import national_days, prices, shown
from market_data.reports.tables import Column, Kind, money, table, text, whole

#: What each column means stands in data_guide.py, for the analysts' page.
COLUMNS = (
    Column("day", _("Day"), Kind.DAY),
    text("source", _("Source")),
    text("basis", _("Basis")),
    money("open", _("Open")),
    money("high", _("High")),
    money("low", _("Low")),
    money("close", _("Close")),
    money("prev_close", _("Previous close")),
    money("change", _("Change")),
    money("change_pct", _("Change %")),
    whole("volume", _("Listed volume (t)")),
    money("turnover", _("Listed turnover (yuan)")),
    whole("block_volume", _("Block volume (t)")),
    money("block_turnover", _("Block turnover (yuan)")),
    whole("auction_volume", _("Auction volume (t)")),
    money("auction_turnover", _("Auction turnover (yuan)")),
    whole("total_volume", _("Total volume (t)")),
    money("total_turnover", _("Total turnover (yuan)")),
    whole("cumulative_volume", _("Cumulative volume (t)")),
    money("cumulative_turnover", _("Cumulative turnover (yuan)")),
)
FIELDS = (
    "day", "source", "prev_close_fen", "open_fen", "high_fen", "low_fen", "close_fen", "volume_t", "turnover_fen",
    "block_volume_t", "block_turnover_fen", "auction_volume_t", "auction_turnover_fen",
)  # fmt: skip


def national(first: dt.date, last: dt.date) -> Iterator[dict[str, Any]]:
    """The national market's days of a range, as COLUMNS name them."""
    for found in national_days(first, last):
        yield {"day": found.day.isoformat(), **shown(found)}


def of_instrument(instrument: Instrument, first: dt.date, last: dt.date) -> Iterator[dict[str, Any]]:
    """One instrument's final days of a range; its cumulative figures begin with its first kept day."""
    bars = Bar.objects.filter(instrument=instrument, day__lte=last, final=True).order_by("day")
    rows = list(bars.values_list(*FIELDS))
    volumes = accumulate(row[7] + row[9] + row[11] for row in rows)
    turnovers = accumulate(row[8] + row[10] + row[12] for row in rows)
    for row, volume, turnover in zip(rows, volumes, turnovers, strict=True):
        if row[0] >= first:
            yield _line(row, volume, turnover)


def _line(row: tuple[Any, ...], volume: int, turnover: int) -> dict[str, Any]:
    day, source, prev_close, opened, high, low, close, *methods = row
    return {
        "day": day.isoformat(),
        "source": source,
        "basis": "listed",
        **prices(opened, high, low, close, prev_close_fen=prev_close),
        **{
            f"{method}{what}": yuan(value) if what == "turnover" else value
            for (method, what), value in zip(METHODS, methods, strict=True)
        },
        "total_volume": methods[0] + methods[2] + methods[4],
        "total_turnover": yuan(methods[1] + methods[3] + methods[5]),
        "cumulative_volume": volume,
        "cumulative_turnover": yuan(turnover),
    }


METHODS = tuple((method, what) for method in ("", "block_", "auction_") for what in ("volume", "turnover"))


FORMS = {
    "json": "application/json",
    "csv": writers.CSV,
    "xlsx": writers.XLSX,
    "parquet": writers.PARQUET,
}


def render(
    form: str, instrument: Instrument | None, first: dt.date, last: dt.date, *, now: dt.datetime
) -> writers.File:
    """The history of a range in one of FORMS; `now` stands in a workbook as its creation."""
    lines = national(first, last) if instrument is None else of_instrument(instrument, first, last)
    subject = "national" if instrument is None else instrument.code
    name = f"tanshi-history-{subject}-{first}-{last}.{form}"
    if form == "json":
        content = {"instrument": instrument and instrument.code, "results": list(lines)}
        return writers.File(name, FORMS[form], msgspec.json.encode(content))
    made = table("history", _("Daily history"), COLUMNS, lines)
    if form == "csv":
        data = writers.csv_file([made])
    elif form == "xlsx":
        data = writers.workbook([made], title=name, created=now)
    else:
        data = writers.parquet_file(made, {"history": subject, "from": str(first), "to": str(last)})
    return writers.File(name, FORMS[form], data)
