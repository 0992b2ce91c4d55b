"""Every scenario gives exactly its events down the path of live orders, and leaves clean books."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from exchange.durable_replay import DurableReplay
from exchange.matching.replay import replay
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
@pytest.mark.first
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


ODD = """
{"cmd": "instrument", "code": "CEA23", "prev_close": "48.00"}
{"cmd": "instrument", "code": "CEA24", "prev_close": "48.00"}
{"cmd": "member", "id": "A"}
{"cmd": "member", "id": "B"}
{"cmd": "credit", "member": "A", "asset": "CEA23", "amount": 100}
{"cmd": "credit", "member": "A", "asset": "GOLD", "amount": 7}
{"cmd": "credit", "member": "B", "asset": "CNY", "amount": "9000.00"}
{"cmd": "phase", "instrument": "CEA23", "phase": "morning"}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": 48.5, "qty": 1}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": "48.50", "qty": 1.0}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": [1], "qty": 1}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": NaN, "qty": Infinity}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": "\\u0000", "qty": 1}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": "\\ud800", "qty": "\\u0000"}
{"cmd": "list", "id": "1", "member": "A", "instrument": "NONE", "side": "sell", "price": "48.50", "qty": 1}
{"cmd": "list", "id": "1", "member": "X", "instrument": "CEA23", "side": "sell", "price": "48.50", "qty": 1}
{"cmd": "cancel", "id": "1", "member": "X"}
{"cmd": "list", "id": "1", "member": "A", "instrument": "CEA23", "side": "sell", "price": "48.50", "qty": 10}
{"cmd": "take", "id": "1", "member": "B", "instrument": "CEA23", "side": "buy", "price": "48.50", "qty": 4}
{"cmd": "composite", "weights": {"CEA23": 1, "CEA24": 1}, "prev_close": "48.00"}
{"cmd": "take", "id": "2", "member": "B", "instrument": "CEA23", "side": "buy", "price": "48.50", "qty": 4}
{"cmd": "close_day", "date": "2024-12-31"}
"""


@pytest.mark.django_db
def test_both_engines_agree_on_odd_lines() -> None:
    assert list(DurableReplay().lines(ODD.splitlines())) == list(replay(ODD.splitlines()))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"cmd": "fees", "bps": 0}\n{"cmd": "sell"}\n', "line 2: no command of this name"),
        ('{"cmd": "phase", "instrument": "CEA"}\n', "line 1: phase lacks the field 'phase'"),
        ("not json\n", "line 1: not JSON"),
        ('{"cmd": "instrument", "code": "CNY", "prev_close": "1.00"}\n', "line 1: the code 'CNY' is taken"),
    ],
)
def test_a_wrong_line_stops_with_its_number(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "commands.jsonl"
    file.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("replay", str(file))
