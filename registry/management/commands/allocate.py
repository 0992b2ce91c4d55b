"""`manage.py allocate FILE.csv --year Y`: the power sector's allocation of a file of units (registry-rules.md 3)."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from registry.allocation.formulas import UnknownYear, allocate, rules_of, years
from registry.allocation.formulas.csv_result import result_csv
from registry.allocation.formulas.csv_rows import Reading, read_rows
from registry.allocation.formulas.csv_text import NotText, decode_text
from registry.allocation.wording import line_of

STANDARD_INPUT = "-"


class Command(BaseCommand):
    help = "Prints the allocation of the units in a CSV file; needs no database. docs/allocation.md"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file, or - for standard input")
        parser.add_argument("--year", type=int, required=True, help="compliance year")

    def handle(self, *args: Any, **options: Any) -> None:
        file, year = options["file"], options["year"]
        try:
            rules_of(year)
        except UnknownYear as problem:
            known = ", ".join(map(str, years()))
            said = _("There is no allocation plan for %(year)s; there are: %(known)s.")
            raise CommandError(said % {"year": year, "known": known}) from problem
        reading = self._read(file)
        if reading.problems:
            for each in reading.problems:
                self.stderr.write(line_of(each))
            said = _("%(file)s: nothing was computed; %(count)s problem(s) to correct.")
            raise CommandError(said % {"file": file, "count": len(reading.problems)})
        self.stdout.write(result_csv(reading.rows, allocate(reading.units, year)), ending="")

    def _read(self, file: str) -> Reading:
        try:
            content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
            return read_rows(decode_text(content))
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        except NotText as problem:
            said = _("%(file)s: neither UTF-8 nor GBK text. Save the sheet as CSV.")
            raise CommandError(said % {"file": file}) from problem
