"""`manage.py load_demo`: the demo's people, companies, instruments, history, holdings and listings."""

import gc
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from exchange.history.bulletins import MissingColumnsError
from market_data.demo.emitters_stats import TOTAL
from market_data.demo.load import Loaded, NotADemoError, load
from market_data.demo.people import PASSWORD, sign_ins
from market_data.management.commands.import_history import report


class Command(BaseCommand):
    help = "Loads the demo's data; a second run changes nothing. Only with DEMO=1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--history", type=Path, help="daily bulletins to show instead of a simulated past"
        )
        parser.add_argument(
            "--emitters", type=int, default=TOTAL, help="how many, about (default %(default)s)"
        )
        parser.add_argument("--migrate", action="store_true", help="bring the tables up to date first")
        parser.add_argument("--sign-ins", action="store_true", help="print who may sign in, too")

    def handle(
        self, *args: Any, history: Path | None, emitters: int, sign_ins: bool, migrate: bool, **options: Any
    ) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's sign-ins are known to everybody: load_demo runs only with DEMO=1.")
        if migrate:
            # In this process: one of its own would import all of Django once more, at every start of the demo.
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        # What it prints, `manage.py demo` shows to a person: no log between the lines.
        logging.disable(logging.INFO)
        # Hundreds of thousands of rows and none in a circle: looking for circles is a seventh of the time.
        gc.disable()
        try:
            loaded = load(history, emitters=emitters)
        except NotADemoError as error:
            raise CommandError(str(error)) from error
        except (OSError, UnicodeDecodeError, MissingColumnsError) as error:
            raise CommandError(f"{history}: {error}") from error
        finally:
            gc.enable()
            logging.disable(logging.NOTSET)
        self.stdout.write("\n".join([*self.people(sign_ins), *self.lines(loaded)]))

    def people(self, wanted: bool) -> list[str]:
        """Everybody who can sign in. `manage.py demo` has a table of its own."""
        if not wanted:
            return []
        return [
            f"Sign-ins, password `{PASSWORD}`:",
            *(f"  {email:<28} {house}" for email, house in sign_ins()),
            "",
        ]

    def lines(self, loaded: Loaded) -> list[str]:
        lines = []
        if loaded.outcome:
            lines += ["History:", *(f"  {line}" for line in report(loaded.outcome))]
        lines += ["API keys (Authorization: Token KEY):"]
        return lines + [f"  {email:<28} {key}" for email, key in loaded.keys.items()]
