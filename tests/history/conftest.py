"""A small synthetic history: the first days of the market, no real figure in it but the launch price."""

import datetime as dt

import pytest

from exchange.calendar_source import dates
from exchange.history.bulletins import COLUMNS
from exchange.models import CalendarDay

HEADER = ",".join(COLUMNS)
#: open … cumulative of three invented days: 1 000 t at 50.00; 300 t for 15 150.10, a block; no trade.
LAUNCH = "2021-07-16,listed,48.00,52.80,48.00,50.00,1000,50000.00,0,0.00,0,0.00,1000,50000.00,1000,50000.00"
SECOND = (
    "2021-07-19,listed,50.10,51.00,50.00,50.50,300,15150.10,100000,4500000.00,0,0.00,"
    "100300,4515150.10,101300,4565150.10"
)
QUIET = "2021-07-20,listed,50.50,,,50.50,0,0.00,0,0.00,0,0.00,0,0.00,101300,4565150.10"
COMPOSITE = "2025-01-02,composite,,,,97.01,40,3880.40,0,0.00,0,0.00,40,3880.40,200000,9000000.00"
ROWS = [LAUNCH, SECOND, QUIET, COMPOSITE]


@pytest.fixture
def calendar(db: None) -> None:
    """Monday to Friday in July 2021 and January 2025, but for 2025-01-01."""
    days = [
        *dates(dt.date(2021, 7, 16), dt.date(2021, 7, 31)),
        *dates(dt.date(2024, 12, 30), dt.date(2025, 1, 10)),
    ]
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, is_trading=day.weekday() < 5 and day != dt.date(2025, 1, 1), source="XSHG")
        for day in days
    )
