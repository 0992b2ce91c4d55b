"""The calendar: read once from the library, extended by people, and a warning before it runs out."""

import csv
import datetime as dt
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exchange import calendar_source as source
from exchange import clock
from exchange.models import CalendarDay, TradingDay


@pytest.fixture(scope="session")
def library() -> dict[dt.date, bool]:
    return source.library_days()


@pytest.mark.parametrize(
    ("day", "trades"),
    [
        ("2021-07-16", True),
        ("2021-10-01", False),
        ("2026-01-04", False),  # Sundays and Saturdays on which offices work for a holiday
        ("2026-02-14", False),
        ("2026-02-28", False),
        ("2026-02-13", True),
        ("2026-12-31", True),
    ],
)
def test_the_library_knows_holidays_and_keeps_make_up_weekends_closed(
    library: dict[dt.date, bool], day: str, trades: bool
) -> None:
    assert library[dt.date.fromisoformat(day)] is trades


@pytest.mark.real_data
def test_the_library_agrees_with_the_published_sessions(
    library: dict[dt.date, bool], real_data: Path
) -> None:
    with (real_data / "xshg_sessions.csv").open(newline="") as file:
        published = {
            dt.date.fromisoformat(row["date"]): row["xshg_session"] == "1" for row in csv.DictReader(file)
        }
    compared = {day: trades for day, trades in published.items() if day >= source.FIRST_DAY}
    assert len(compared) > 1_900
    assert compared == {day: library[day] for day in compared}


@pytest.mark.django_db
def test_loading_twice_writes_once_and_leaves_the_operators_rows_alone() -> None:
    corrected = dt.date(2026, 12, 31)
    CalendarDay.objects.create(day=corrected, is_trading=False, source="operator", note="closed by notice")
    written = source.load_library()
    assert CalendarDay.objects.count() == written + 1
    assert source.load_library() == 0
    assert not CalendarDay.objects.get(day=corrected).is_trading
    assert CalendarDay.objects.filter(source="XSHG").exists()


def test_processes_that_serve_people_do_not_import_pandas() -> None:
    program = (
        "import django, sys; django.setup(); import exchange.sessions, config.urls, exchange.tasks;"
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**__import__("os").environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert done.returncode == 0


def days_from(first: dt.date, count: int) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(day=first + dt.timedelta(days=number), is_trading=True, source="XSHG")
        for number in range(count)
    )


TODAY = dt.date(2026, 11, 2)


@pytest.mark.django_db
def test_the_warning_begins_when_fewer_than_sixty_days_are_left() -> None:
    days_from(TODAY, 61)
    assert source.days_left_in_calendar(TODAY) == 60
    assert source.calendar_warning(TODAY) is None
    tomorrow = TODAY + dt.timedelta(days=1)
    assert source.days_left_in_calendar(tomorrow) == 59
    warning = source.calendar_warning(tomorrow)
    assert warning is not None
    assert "59" in warning
    assert "2027-01-01" in warning


@pytest.mark.django_db
def test_a_gap_ends_the_calendar_though_later_days_are_known() -> None:
    days_from(TODAY, 10)
    days_from(TODAY + dt.timedelta(days=11), 100)
    assert source.days_left_in_calendar(TODAY) == 9


@pytest.mark.django_db
def test_an_empty_calendar_has_no_days_left() -> None:
    assert source.days_left_in_calendar(TODAY) == 0
    assert source.calendar_warning(TODAY) is not None


@pytest.mark.django_db
def test_an_operator_adds_a_year_by_its_holidays() -> None:
    year = clock.today().year + 1
    out = StringIO()
    call_command(
        "extend_calendar", year=year, closed=[f"{year}-01-01", f"{year}-05-01..{year}-05-05"], stdout=out
    )
    days = CalendarDay.objects.filter(day__year=year)
    assert days.count() in {365, 366}
    assert set(days.values_list("source", flat=True)) == {"operator"}
    assert not days.get(day=dt.date(year, 5, 3)).is_trading
    assert not days.filter(day__week_day__in=[1, 7], is_trading=True).exists()
    assert days.filter(is_trading=True).count() > 250


@pytest.mark.django_db
def test_an_operators_file_goes_over_the_librarys_days(tmp_path: Path) -> None:
    day = next_weekday(clock.today() + dt.timedelta(days=30))
    days_from(day, 1)
    file = tmp_path / "days.csv"
    file.write_text(f"day,is_trading,note\n{day},0,closed by notice\n")
    call_command("extend_calendar", str(file), stdout=StringIO())
    row = CalendarDay.objects.get(day=day)
    assert (row.is_trading, row.source, row.note) == (False, "operator", "closed by notice")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("{today},1\n", "has begun or passed"),
        ("{saturday},1\n", "weekend"),
        ("{future},1\n{future},0\n", "twice"),
        ("{future},yes\n", "Line 2"),
        ("tomorrow,1\n", "Line 2"),
    ],
)
def test_days_that_make_no_sense_are_refused_whole(tmp_path: Path, lines: str, message: str) -> None:
    future = next_weekday(clock.today() + dt.timedelta(days=30))
    saturday = future + dt.timedelta(days=5 - future.weekday() + 7)
    file = tmp_path / "days.csv"
    file.write_text("day,is_trading\n" + lines.format(today=clock.today(), saturday=saturday, future=future))
    with pytest.raises(CommandError, match=message):
        call_command("extend_calendar", str(file), stdout=StringIO())
    assert not CalendarDay.objects.exists()


@pytest.mark.django_db
def test_a_day_that_the_market_has_opened_is_not_changed(tmp_path: Path) -> None:
    day = next_weekday(clock.today() + dt.timedelta(days=30))
    TradingDay.objects.create(day=day, calendar="xshg", opened_at=clock.now())
    with pytest.raises(source.CalendarError):
        source.enter_days([source.Entry(day, False)])


def next_weekday(day: dt.date) -> dt.date:
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day
