"""`manage.py replay FILE`: a file of commands, what happened printed line by line (replay-format.md)."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from exchange.matching.replay import replay
from exchange.matching.replay_format import BadLine


class Command(BaseCommand):
    help = "Replays a file of commands and prints the events, one JSON object a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--engine", choices=["memory", "durable"], default="memory",
            help="memory: the pure core, no database; durable: the path of live orders, in a database of its own",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8") as file:
                if options["engine"] == "memory":
                    self._print(replay(file))
                else:
                    with own_database():
                        from exchange.durable_replay import DurableReplay

                        self._print(DurableReplay().lines(file))
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from problem
        except UnicodeDecodeError as problem:
            raise CommandError(f"{options['file']}: not UTF-8 ({problem})") from problem
        except BadLine as problem:
            raise CommandError(f"{options['file']}, {problem}") from problem

    def _print(self, lines: Iterator[dict[str, Any]]) -> None:
        for line in lines:
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def own_database() -> Iterator[None]:
    """A fresh database beside the configured one, dropped afterwards; the platform's own is never touched."""
    name, original = f"replay_{os.getpid()}", connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
