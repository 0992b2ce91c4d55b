"""The published composite is what our fold gives: the mean of the vintages' closes, half-up."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from exchange.matching.composite import Composite
from exchange.matching.money import parse_price
from exchange.models import Bar, CompositeBar, CompositeWeights, Instrument
from market_data.composite_day import composite_of
from registry.models import Asset

pytestmark = pytest.mark.real_data


def published(folder: Path) -> list[tuple[dt.date, dict[str, int], int]]:
    """Day, closes of the vintages that were live, published composite; in fen."""
    with (folder / "composite_close.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                dt.date.fromisoformat(row["date"]),
                {name.removesuffix("_close"): fen(value) for name, value in row.items() if name.startswith("CEA") and value},
                fen(row["published_composite_close"]),
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def fen(text: str) -> int:
    value = parse_price(text)
    assert value is not None, text
    return value


def test_every_published_composite_is_the_mean_of_the_closes(real_data: Path) -> None:
    days = published(real_data)
    assert len(days) == 41
    wrong = []
    for day, closes, expected in days:
        composite = Composite(dict.fromkeys(closes, 1), 0, closes)
        if composite.value(closes) != expected:
            wrong.append((day, composite.value(closes), expected))
    assert wrong == []


@pytest.mark.django_db
def test_a_quiet_day_keeps_the_composite_and_vintages_that_did_not_trade_keep_their_price(
    real_data: Path,
) -> None:
    """The first and the last published day as our tables would hold them, without a trade of our own."""
    for day, closes, expected in (published(real_data)[0], published(real_data)[-1]):
        CompositeWeights.objects.update_or_create(
            valid_from=day, defaults={"weights": dict.fromkeys(closes, 1)}
        )
        for code, close in closes.items():
            asset, _ = Asset.objects.get_or_create(
                code=code, defaults={"kind": "allowance", "name_zh": code, "name_en": code}
            )
            instrument, _ = Instrument.objects.update_or_create(
                code=code,
                defaults={"asset": asset, "name_zh": code, "name_en": code, "prev_close_fen": close},
            )
            Bar.objects.create(
                instrument=instrument,
                day=day,
                final=True,
                prev_close_fen=close,
                open_fen=close,
                close_fen=close,
            )
        CompositeBar.objects.all().delete()
        bar = composite_of(day)
        assert bar is not None
        assert (bar.prev_close_fen, bar.close_fen) == (expected, expected)
