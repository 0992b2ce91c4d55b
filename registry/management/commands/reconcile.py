"""`manage.py reconcile`: every check of the books; non-zero exit and the list of breaks if anything is off."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.audit.run import Reconciliation, reconcile


class Command(BaseCommand):
    help = "Checks the books (registry-rules.md 1): prints each check with its result, and every break."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=dt.date.fromisoformat, help="the checks about a day look at this one alone"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        result = reconcile(options["day"])
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False))
        else:
            self.print_lines(result)
        if not result.clean:
            raise CommandError(f"The books do not agree: {len(result.breaks)} break(s).")

    def print_lines(self, result: Reconciliation) -> None:
        for name, found in result.checks.items():
            self.stdout.write(f"{name:<28}{'ok' if not found else f'{len(found)} break(s)'}")
            for each in found:
                self.stdout.write(
                    f"    {each.subject}: expected {each.expected}, found {each.found} ({each.detail})"
                )
