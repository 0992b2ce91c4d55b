"""Two vintages with daily bars that are written out in the tests."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from exchange.models import Bar, CompositeBar, Instrument
from tests.support.trading_day import Market, open_market

FIRST = dt.date(2021, 9, 1)


@pytest.fixture
def market(db: None) -> Market:
    return open_market()


@pytest.fixture
def anybody() -> APIClient:
    return APIClient(headers={"accept-language": "en"})


def days(instrument: Instrument, closes: list[int], first: dt.date = FIRST) -> None:
    """A final bar a day with these closes in fen; nothing traded."""
    Bar.objects.bulk_create(
        Bar(
            instrument=instrument, day=first + dt.timedelta(days=number), final=True, prev_close_fen=close,
            open_fen=close, close_fen=close,
        )
        for number, close in enumerate(closes)
    )  # fmt: skip


def composite_days(closes: list[int], first: dt.date = FIRST) -> None:
    CompositeBar.objects.bulk_create(
        CompositeBar(
            day=first + dt.timedelta(days=number), prev_close_fen=close, open_fen=close, high_fen=close,
            low_fen=close, close_fen=close,
        )
        for number, close in enumerate(closes)
    )  # fmt: skip
