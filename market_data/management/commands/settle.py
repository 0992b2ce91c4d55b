"""`manage.py settle DATE`: the end of a day, idempotent: a second run changes nothing."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from market_data.end_of_day import SettlementRefused, settle
from market_data.models import SettlementStep


class Command(BaseCommand):
    help = "Settles a trading day, or finishes what an interrupted settlement left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "day", type=dt.date.fromisoformat, metavar="DATE", help="the trading day, YYYY-MM-DD"
        )
        parser.add_argument("--force", action="store_true", help="settle a day that is not over")

    def handle(self, *args: Any, **options: Any) -> None:
        day: dt.date = options["day"]
        try:
            settlement = settle(day, early=options["force"], on_step=self.say)
        except SettlementRefused as refused:
            raise CommandError(f"{refused.code}: {refused.detail}") from refused
        if not settlement.done:
            self.stdout.write(f"{day} is settled already; nothing was changed.")
            return
        for name, said in settlement.done.items():
            self.stdout.write(f"{name:<12}{said}")

    def say(self, name: str, state: str) -> None:
        if state == SettlementStep.State.FAILED:
            self.stderr.write(f"{name} failed; run the command again when the reason is gone.")
