"""`manage.py extend_calendar`: read the library's sessions, or enter days that it lacks."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange import calendar_source as source


class Command(BaseCommand):
    help = (
        "Without arguments: reads the XSHG sessions into the trading calendar. With FILE (CSV day,is_trading,note)"
        " or --year YEAR --closed DATE[..DATE] …: enters an operator's days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--year", type=int, help="Monday to Friday trade, but for --closed")
        parser.add_argument(
            "--closed", nargs="+", default=[], metavar="DATE[..DATE]", help="the year's holidays"
        )

    def handle(
        self, *args: Any, file: Path | None, year: int | None, closed: list[str], **options: Any
    ) -> None:
        if file and year:
            raise CommandError("Give a file or a year, not both.")
        try:
            if file:
                with file.open(encoding="utf-8-sig", newline="") as stream:
                    count = source.enter_days(source.read_entries(stream))
            elif year:
                count = source.enter_days(source.year_entries(year, holidays(closed)))
            else:
                count = source.load_library()
        except (source.CalendarError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{count} days written; the calendar ends {source.last_known_day() or 'before today'}."
        )
        if warning := source.calendar_warning():
            self.stdout.write(warning)


def holidays(words: list[str]) -> set[dt.date]:
    """Dates from `2027-01-01` and `2027-02-05..2027-02-12`. Raises CalendarError."""
    days: set[dt.date] = set()
    for word in words:
        first, _, last = word.partition("..")
        try:
            days |= set(source.dates(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)))
        except ValueError as error:
            raise source.CalendarError(f"Not a date or a range of dates: {word}") from error
    return days
