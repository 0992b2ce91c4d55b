"""`manage.py surveil DATE`: alerts of a settled day, idempotent: a second run finds the same and changes nothing."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from market_data.surveillance.run import NotSettledError, surveil


class Command(BaseCommand):
    help = "Looks through a settled trading day for conspicuous trading."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "day", type=dt.date.fromisoformat, metavar="DATE", help="the trading day, YYYY-MM-DD"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = surveil(options["day"])
        except NotSettledError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{outcome.day}: {outcome.alerts} alerts, {outcome.fresh} of them new")
