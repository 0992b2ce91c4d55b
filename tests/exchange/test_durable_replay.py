"""Every scenario gives exactly its events down the path of live orders, and leaves clean books."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from exchange.durable_replay import DurableReplay
from registry.audit.run import reconcile

NAMES = sorted(
    path.name
    for path in (Path(__file__).parents[1] / "scenarios").glob("*.jsonl")
    if "events" not in path.name
)


def test_there_are_scenarios() -> None:
    assert len(NAMES) == 8


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_durable_engine_gives_exactly_the_scenario(scenarios: Path, name: str) -> None:
    expected = (scenarios / name.replace(".jsonl", ".events.jsonl")).read_text().splitlines()
    with (scenarios / name).open() as file:
        told = list(DurableReplay().lines(file))
    assert told == [json.loads(line) for line in expected]
    assert reconcile().clean, reconcile().breaks


@pytest.mark.django_db(transaction=True)
def test_the_command_uses_a_database_of_its_own(scenarios: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("replay", str(scenarios / "rules.jsonl"), "--engine", "durable")
    expected = (scenarios / "rules.events.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        json.loads(line) for line in expected
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'replay_%%'")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM exchange_command")
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"cmd": "fees", "bps": 0}\n{"cmd": "sell"}\n', "line 2: no command of this name"),
        ('{"cmd": "phase", "instrument": "CEA"}\n', "line 1: phase lacks the field 'phase'"),
        ("not json\n", "line 1: not JSON"),
    ],
)
def test_a_wrong_line_stops_with_its_number(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "commands.jsonl"
    file.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("replay", str(file))
