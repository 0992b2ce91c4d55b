"""What there is to list: each instrument's name, since when it trades, and how the composite is weighted.

Facts of public record (trading-rules.md: Instruments, End of day; domain.md 1.6). Entered once with
`list_instruments`; afterwards the tables are what counts, and an operator may add to them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exchange.models import CompositeWeights, Instrument, InstrumentParameters
from registry.models import Asset

FIRST_DAY = dt.date(2021, 7, 16)
LAUNCH_PRICE_FEN = 4_800
#: The only vintage until 2023-08-28: its listed price was the national market's.
HEADLINE = "CEA19-20"


@dataclass(frozen=True, slots=True)
class Series:
    """One instrument. `since` is the first day on which it could trade."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    since: dt.date
    rank: int


def allowance(code: str, years: str, since: dt.date, rank: int) -> Series:
    return Series(
        code, Asset.Kind.ALLOWANCE, f"全国碳排放配额{years}", f"National allowance {years}", since, rank
    )


SERIES = (
    allowance("CEA25", "2025", dt.date(2026, 1, 5), 10),
    allowance("CEA24", "2024", dt.date(2025, 4, 29), 20),
    allowance("CEA23", "2023", dt.date(2024, 12, 2), 30),
    allowance("CEA22", "2022", dt.date(2023, 8, 28), 40),
    allowance("CEA21", "2021", dt.date(2023, 8, 28), 50),
    allowance("CEA19-20", "2019–2020", FIRST_DAY, 60),
    Series(
        "CCER", Asset.Kind.CREDIT, "国家核证自愿减排量", "China certified emission reduction",
        dt.date(2024, 1, 22), 70,
    ),
    Series("SHEA", Asset.Kind.ALLOWANCE, "上海碳排放配额", "Shanghai emission allowance", FIRST_DAY, 80),
)  # fmt: skip
BY_CODE = {series.code: series for series in SERIES}

#: Equal over the live vintages, from the dates on which one joined; CEA25 alone from 2026-01-05.
WEIGHTS: dict[dt.date, dict[str, int]] = {
    FIRST_DAY: {"CEA19-20": 1},
    dt.date(2023, 8, 28): {"CEA19-20": 1, "CEA21": 1, "CEA22": 1},
    dt.date(2024, 12, 2): {"CEA19-20": 1, "CEA21": 1, "CEA22": 1, "CEA23": 1},
    dt.date(2025, 4, 29): {"CEA19-20": 1, "CEA21": 1, "CEA22": 1, "CEA23": 1, "CEA24": 1},
    dt.date(2026, 1, 5): {"CEA25": 1},
}


def list_instruments(series: Iterable[Series], reference_fen: Mapping[str, int]) -> list[Instrument]:
    """Lists what is not listed yet, at the reference price (fen) that stands for its previous close."""
    rows = list(series)
    listed = set(Instrument.objects.values_list("code", flat=True))
    for row in rows:
        if row.code in listed:
            continue
        asset, _ = Asset.objects.get_or_create(
            code=row.code, defaults={"kind": row.kind, "name_zh": row.name_zh, "name_en": row.name_en}
        )
        instrument, _ = Instrument.objects.get_or_create(
            code=row.code,
            defaults={
                "asset": asset, "name_zh": row.name_zh, "name_en": row.name_en, "rank": row.rank,
                "prev_close_fen": reference_fen[row.code],
            },
        )  # fmt: skip
        InstrumentParameters.objects.get_or_create(instrument=instrument, valid_from=row.since)
    return list(Instrument.objects.filter(code__in=[row.code for row in rows]))


def enter_weights() -> None:
    """The composite's dated weights, where a date has none yet."""
    known = set(CompositeWeights.objects.values_list("valid_from", flat=True))
    CompositeWeights.objects.bulk_create(
        [
            CompositeWeights(valid_from=day, weights=weights)
            for day, weights in WEIGHTS.items()
            if day not in known
        ],
        ignore_conflicts=True,
    )


def weights_on(day: dt.date) -> dict[str, int]:
    """The weights of WEIGHTS that hold on a date not before the launch."""
    return WEIGHTS[max(since for since in WEIGHTS if since <= day)]
