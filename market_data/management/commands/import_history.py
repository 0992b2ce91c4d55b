"""`manage.py import_history FILE`: daily bulletins into the daily figures (exchange/history)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange.history.bulletins import MissingColumnsError
from exchange.history.importing import Outcome, import_bulletins
from exchange.history.series import HEADLINE
from exchange.models import Instrument


class Command(BaseCommand):
    help = (
        "Imports daily bulletins (CSV). Lists what the trading rules contradict, without refusing it; leaves out"
        " and lists rows that cannot be read, and then ends with status 1. May be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--instrument", default=HEADLINE, help=f"of the listed rows (default {HEADLINE})")

    def handle(self, *args: Any, file: Path, instrument: str, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                outcome = import_bulletins(lines, instrument)
        except (OSError, UnicodeDecodeError, MissingColumnsError) as error:
            raise CommandError(f"{file}: {error}") from error
        except Instrument.DoesNotExist as error:
            raise CommandError(f"There is no instrument {instrument!r}.") from error
        self.stdout.write("\n".join(report(outcome)))
        if outcome.malformed:
            raise CommandError(f"{len(outcome.malformed)} rows were left out.")


def report(outcome: Outcome) -> list[str]:
    """The outcome in lines for a person."""
    lines = [f"cannot be read, left out: {finding}" for finding in outcome.malformed]
    lines += [f"does not fit: {finding}" for finding in outcome.findings]
    if outcome.own_days:
        lines.append(f"this market's own days, left alone: {', '.join(map(str, outcome.own_days))}")
    if outcome.simulated_removed:
        lines.append(f"simulated history removed: {outcome.simulated_removed} rows")
    lines.append(
        f"{outcome.rows} rows: {outcome.bars} bars, {outcome.composite_bars} days of the national market;"
        f" {len(outcome.findings)} findings, {len(outcome.malformed)} left out"
    )
    return lines
