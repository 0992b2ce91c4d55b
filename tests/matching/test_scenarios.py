"""Every delivered file of commands gives exactly its delivered events, in the core and in the naive market."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from exchange.matching.replay import replay
from tests.matching.naive import NaiveMarket
from tests.support.house_rules import ROOT

FOLDER = ROOT / "tests" / "scenarios"
NAMES = sorted(path.name.removesuffix(".events.jsonl") for path in FOLDER.glob("*.events.jsonl"))
Line = dict[str, Any]


def lines_of(name: str) -> list[Line]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def same(got: Iterable[Line], name: str) -> None:
    """Line by line, so that a failure shows the first line that differs."""
    got, expected = list(got), lines_of(f"{name}.events.jsonl")
    for number, (mine, theirs) in enumerate(zip(got, expected, strict=False), 1):
        assert mine == theirs, f"line {number} of {name}.events.jsonl"
    assert len(got) == len(expected)


def test_every_file_of_commands_has_its_events_and_none_is_missing() -> None:
    commands = {path.name for path in FOLDER.glob("*.jsonl") if not path.name.endswith(".events.jsonl")}
    assert commands == {f"{name}.jsonl" for name in NAMES}
    assert {"rules", "auction", "random-1", "random-6"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_core_gives_exactly_the_events(name: str) -> None:
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as lines:
        same(replay(lines), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_naive_market_gives_exactly_the_events(name: str) -> None:
    market = NaiveMarket()
    events = [event for command in lines_of(f"{name}.jsonl") for event in market.feed(command)]
    same([*events, *market.balances()], name)
