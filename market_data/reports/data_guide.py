"""What each column of the daily history means, and the examples of the analysts' page; a test runs them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from market_data.reports.history import COLUMNS
from market_data.reports.tables import Kind

EXAMPLES = Path(__file__).parent / "examples"
#: The address that the files name, for the reader's own to stand in its place.
LOCAL = "http://localhost:8000"

MEANINGS: dict[str, Any] = {
    "day": _("Trading day in Beijing."),
    "source": _(
        "market: a day of this platform; imported: bulletin of the Shanghai exchange; simulated: made up."
    ),
    "basis": _(
        "What the prices are: listed, of the one instrument (until 2023 of the only vintage); composite, over vintages."
    ),
    "open": _(
        "Composite at the first listed trade of any vintage, or first listed price. Empty where unknown."
    ),
    "high": _("Highest of the day. Empty on a day without a listed trade."),
    "low": _("Lowest of the day. Empty on a day without a listed trade."),
    "close": _(
        "Weighted mean of the vintages' closes; a vintage's close is its listed turnover by volume, half-up."
    ),
    "prev_close": _("Close of the trading day before. Empty where that is not known."),
    "change": _("close − prev_close."),
    "change_pct": _("change in per cent of prev_close, half away from zero."),
    "volume": _("Listed agreements: whole tonnes of CO₂ equivalent, each trade counted once."),
    "turnover": _("Listed agreements: money, without fees."),
    "block_volume": _("Block agreements; they never enter open, high, low or close."),
    "block_turnover": _("Block agreements: money, without fees."),
    "auction_volume": _("One-way auctions; they never enter open, high, low or close."),
    "auction_turnover": _("One-way auctions: money, without fees."),
    "total_volume": _("volume + block_volume + auction_volume."),
    "total_turnover": _("turnover + block_turnover + auction_turnover."),
    "cumulative_volume": _(
        "Sum of total_volume since 2021-07-16; of one instrument since its first kept day."
    ),
    "cumulative_turnover": _("Sum of total_turnover since the same day."),
}
UNITS: dict[Kind, Any] = {
    Kind.TEXT: _("word"),
    Kind.WHOLE: _("whole tonnes"),
    Kind.MONEY: _("yuan, two places"),
    Kind.DAY: _("date"),
    Kind.MOMENT: _("time in Beijing"),
}
TYPES = {
    Kind.TEXT: "string",
    Kind.WHOLE: "int64",
    Kind.MONEY: "decimal128(18, 2)",
    Kind.DAY: "date32",
    Kind.MOMENT: "timestamp[ms, Asia/Shanghai]",
}


@dataclass(frozen=True, slots=True)
class ColumnLine:
    name: str
    label: str
    unit: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Example:
    """`file` is its name under `examples`, `text` what stands in it with the reader's own address."""

    title: Any
    file: str
    text: str


def columns() -> Iterator[ColumnLine]:
    """Every column of the history in its order."""
    for column in COLUMNS:
        unit = _("per cent, two places") if column.name == "change_pct" else UNITS[column.kind]
        yield ColumnLine(
            column.name, str(column.label), str(unit), TYPES[column.kind], str(MEANINGS[column.name])
        )


def examples(origin: str) -> list[Example]:
    """The examples, asking `origin`."""
    return [
        Example(title, name, (EXAMPLES / name).read_text(encoding="utf-8").replace(LOCAL, origin))
        for title, name in (
            (_("Python: a year as a table"), "history.py"),
            (_("Python: check a published report"), "verify.py"),
            ("curl", "history.sh"),
            (_("Excel: Power Query"), "history.pq"),
        )
    ]
