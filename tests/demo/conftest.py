"""A folder for the demo's keys, and a short past."""

import datetime as dt
from pathlib import Path

import pytest
from pytest_django import Settings

from exchange import clock
from exchange.calendar_source import FIRST_DAY, LIBRARY, dates
from exchange.models import CalendarDay


@pytest.fixture
def own_folder(settings: Settings, tmp_path: Path) -> None:
    """Where the demo keeps its API keys."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def short_calendar(db: None) -> None:
    """The launch week and the last weeks: a past of five years takes seconds, and one test of it is enough."""
    today = clock.today()
    days = [*dates(FIRST_DAY, FIRST_DAY + dt.timedelta(days=7)), *dates(today - dt.timedelta(days=30), today)]
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, is_trading=day.weekday() < 5, source=LIBRARY) for day in days
    )
