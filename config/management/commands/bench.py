"""`manage.py bench NAME [--set KEY=NUMBER …]`: one benchmark, its figures as one JSON object."""

import importlib
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

NAMES = ("engine", "ack", "issuance", "imports", "history", "report", "demo")


class Command(BaseCommand):
    help = "Runs a benchmark on an empty database and prints one JSON object."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=NAMES)
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="KEY=NUMBER",
            help="a setting of the benchmark, such as orders=1000",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings = {key: int(number) for key, number in (pair.split("=") for pair in options["set"])}
        except ValueError as error:
            raise CommandError("--set takes KEY=NUMBER") from error
        result = importlib.import_module(f"config.bench.{options['name']}").run(**settings)
        self.stdout.write(json.dumps(result, ensure_ascii=False))
