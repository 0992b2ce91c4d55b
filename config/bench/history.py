"""`bench history`: how long a year's daily history takes to download, in the slowest of its formats."""

import datetime as dt
import time
from typing import Any

from django.core.management.base import CommandError
from django.test import Client

from exchange.history.series import FIRST_DAY, SERIES, list_instruments
from exchange.models import Bar, Bulletin, CompositeBar, Instrument

PATH = "/api/v1/reports/history/"
FORMS = ("json", "csv", "xlsx", "parquet")


def run(years: int = 5, runs: int = 5) -> dict[str, Any]:
    """Fills `years` of days, half of them our own, and reads the last one; the median of `runs` a format."""
    if Instrument.objects.exists():
        raise CommandError("Benchmarks write many rows: give them an empty database (make bench).")
    list_instruments(SERIES, {series.code: 5_000 for series in SERIES})
    days = fill(years * 365)
    client = Client(HTTP_HOST="localhost")
    seconds: dict[str, float] = {}
    sizes: dict[str, int] = {}
    query = {"from": (days[-1] - dt.timedelta(days=364)).isoformat(), "to": days[-1].isoformat()}
    for form in FORMS:
        seconds[form], sizes[form] = median_of(client, {**query, "as": form}, runs)
    return {
        "bench": "history",
        "value": round(max(seconds.values()), 3),
        "unit": "s to download a year's daily history in its slowest format",
        "baselines": {},
        "ratios": {},
        "details": {
            "days_stored": len(days),
            "days_downloaded": 365,
            **{f"{form}_ms": round(1000 * seconds[form], 1) for form in FORMS},
            **{f"{form}_bytes": sizes[form] for form in FORMS},
        },
    }


def median_of(client: Client, query: dict[str, str], runs: int) -> tuple[float, int]:
    """Seconds and size of one format; the first call, which loads libraries, is not counted."""
    found = []
    size = 0
    for _ in range(runs + 1):
        started = time.perf_counter()
        answer = client.get(PATH, query)
        found.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.content[:200]
        size = len(answer.content)
    return sorted(found[1:])[runs // 2], size


def fill(count: int) -> list[dt.date]:
    """Bulletins for the first half of the days, bars and composites of our own for all."""
    days = [FIRST_DAY + dt.timedelta(days=number) for number in range(count)]
    half = count // 2
    instruments = list(Instrument.objects.all())
    Bulletin.objects.bulk_create(
        [
            Bulletin(
                day=day, source="simulated", basis="composite", prev_close_fen=5_000, open_fen=5_000, high_fen=5_100,
                low_fen=4_900, close_fen=5_050, volume_t=1_000, turnover_fen=5_050_000, block_volume_t=0,
                block_turnover_fen=0, auction_volume_t=0, auction_turnover_fen=0, cumulative_volume_t=1_000 * number,
                cumulative_turnover_fen=5_050_000 * number,
            )
            for number, day in enumerate(days[:half], start=1)
        ]
    )  # fmt: skip
    for number, day in enumerate(days):
        source = "market" if number >= half else "simulated"
        CompositeBar.objects.create(
            day=day, source=source, prev_close_fen=5_000, open_fen=5_000, high_fen=5_100, low_fen=4_900,
            close_fen=5_050,
        )  # fmt: skip
        Bar.objects.bulk_create(
            [
                Bar(
                    instrument=instrument, day=day, source=source, final=True, prev_close_fen=5_000, open_fen=5_000,
                    high_fen=5_100, low_fen=4_900, close_fen=5_050, volume_t=100, turnover_fen=505_000, trades=3,
                )
                for instrument in instruments
            ]
        )  # fmt: skip
    return days
