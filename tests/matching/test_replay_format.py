"""Replay files (replay-format.md): wrong lines stop with their number, money is parsed to the letter, nothing is Django."""

import json
import subprocess
import sys
from typing import Any

import pytest

from exchange.matching.money import parse_price, yuan
from exchange.matching.replay import replay
from exchange.matching.replay_format import BadLine
from tests.support.house_rules import ROOT

SCENE: tuple[dict[str, Any], ...] = (
    {"cmd": "instrument", "code": "CEA", "prev_close": "48.00"},
    {"cmd": "member", "id": "JIANGHAI"},
    {"cmd": "credit", "member": "JIANGHAI", "asset": "CEA", "amount": 1000},
    {"cmd": "phase", "instrument": "CEA", "phase": "morning"},
)
LISTING = {
    "cmd": "list", "id": "h1", "member": "JIANGHAI", "instrument": "CEA", "side": "sell", "price": "48.00", "qty": 10,
}  # fmt: skip


def events(*commands: dict[str, Any] | str) -> list[dict[str, Any]]:
    """What the scene and then these commands (or lines as they stand) give, without the balances."""
    lines = [line if isinstance(line, str) else json.dumps(line) for line in (*SCENE, *commands)]
    return [event for event in replay(lines) if event["event"] not in {"balance", "fees"}]


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in LISTING.items() if name != field}


# --- lines that are no commands ---------------------------------------------------------------------------

WRONG_LINES = [
    ("{", "not JSON"),
    ("[" * 100_000, "not JSON"),
    ('{"cmd": "list", "qty": ' + "9" * 5000 + "}", "not JSON"),
    ("null", "no command of this name"),
    ("[]", "no command of this name"),
    ('"list"', "no command of this name"),
    ({}, "no command of this name"),
    ({"cmd": "buy"}, "no command of this name"),
    ({"cmd": None}, "no command of this name"),
    ({"cmd": []}, "no command of this name"),
    ({"cmd": {"list": 1}}, "no command of this name"),
    *((without(field), f"list lacks the field '{field}'") for field in LISTING if field != "cmd"),
    ({**LISTING, "side": "both"}, "list has a wrong 'side': 'both'"),
    ({**LISTING, "side": []}, "list has a wrong 'side'"),
    ({**LISTING, "id": ""}, "list has a wrong 'id'"),
    ({**LISTING, "id": 7}, "list has a wrong 'id'"),
    ({**LISTING, "id": "\ud800"}, "list has a wrong 'id'"),
    ({**LISTING, "id": "nul\0"}, "list has a wrong 'id'"),
    ({**LISTING, "member": None}, "list has a wrong 'member'"),
    ({**LISTING, "cmd": "take", "prefer": "h1"}, "take has a wrong 'prefer'"),
    ({**LISTING, "cmd": "take", "prefer": [{"id": "h1"}]}, "take has a wrong 'prefer'"),
    ({**LISTING, "cmd": "take", "remainder": "keep"}, "take has a wrong 'remainder'"),
    ({**LISTING, "cmd": "block", "counterparty": 5}, "block has a wrong 'counterparty'"),
    ({"cmd": "block_accept", "id": "b", "member": "JIANGHAI", "offer": "h1"}, "block_accept has a wrong 'offer'"),
    ({"cmd": "bid", "id": "b", "member": "JIANGHAI", "price": "1.00", "qty": 1}, "bid lacks the field 'auction'"),
    ({"cmd": "phase", "instrument": "CEA", "phase": "night"}, "phase has a wrong 'phase'"),
    ({"cmd": "phase", "instrument": "CEA99", "phase": "morning"}, "no instrument 'CEA99'"),
    ({"cmd": "close_day", "date": "2021-02-30"}, "close_day has a wrong 'date'"),
    ({"cmd": "close_day", "date": "20210716"}, "close_day has a wrong 'date'"),
    ({"cmd": "fees", "bps": -1}, "fees has a wrong 'bps'"),
    ({"cmd": "fees", "bps": 10_001}, "fees has a wrong 'bps'"),
    ({"cmd": "fees", "bps": 0.5}, "fees has a wrong 'bps'"),
    ({"cmd": "fees", "bps": True}, "fees has a wrong 'bps'"),
    ({"cmd": "instrument", "code": "CEA", "prev_close": "48.00"}, "the code 'CEA' is taken"),
    ({"cmd": "instrument", "code": "CNY", "prev_close": "48.00"}, "the code 'CNY' is taken"),
    ({"cmd": "instrument", "code": "CEA24", "prev_close": "0.00"}, "instrument has a wrong 'prev_close'"),
    ({"cmd": "instrument", "code": "CEA24", "prev_close": -5}, "instrument has a wrong 'prev_close'"),
    ({"cmd": "instrument", "code": "CEA24", "prev_close": "1.00", "tick": -1}, "instrument has a wrong 'tick'"),
    ({"cmd": "instrument", "code": "CEA24", "prev_close": "1.00", "max_qty": "9"}, "wrong 'max_qty'"),
    ({"cmd": "member", "id": "BEIHAI", "status": "gone"}, "member has a wrong 'status'"),
    ({"cmd": "credit", "member": "NOBODY", "asset": "CNY", "amount": "1.00"}, "no member 'NOBODY'"),
    ({"cmd": "credit", "member": "JIANGHAI", "asset": "CEA", "amount": -5}, "credit has a wrong 'amount'"),
    ({"cmd": "credit", "member": "JIANGHAI", "asset": "CNY", "amount": -5}, "credit has a wrong 'amount'"),
    ({"cmd": "credit", "member": "JIANGHAI", "asset": "CNY", "amount": "-5.00"}, "credit has a wrong 'amount'"),
    ({"cmd": "credit", "member": "JIANGHAI", "asset": "CEA", "amount": "5.00"}, "credit has a wrong 'amount'"),
    ({"cmd": "composite", "weights": {"CEA": 0}, "prev_close": "48.00"}, "composite has a wrong 'weights'"),
    ({"cmd": "composite", "weights": {"CEA99": 1}, "prev_close": "48.00"}, "no instrument 'CEA99'"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "problem"), WRONG_LINES, ids=range(len(WRONG_LINES)))
def test_a_wrong_line_stops_the_replay_with_its_number_and_what_is_wrong(line: Any, problem: str) -> None:
    with pytest.raises(BadLine) as stopped:
        events(LISTING, line, {**LISTING, "id": "h2"})
    assert str(stopped.value).startswith(f"line {len(SCENE) + 2}: ")
    assert problem in str(stopped.value)


def test_what_happened_before_a_wrong_line_is_told_first() -> None:
    running = replay([json.dumps(line) for line in (*SCENE, LISTING, {"cmd": "buy"})])
    assert next(running) == {"event": "accepted", "id": "h1", "member": "JIANGHAI"}
    with pytest.raises(BadLine):
        next(running)


def test_empty_lines_count_but_are_no_commands() -> None:
    with pytest.raises(BadLine, match=r"^line 7: "):
        events("", "  ", {"cmd": "buy"})


def test_fields_of_other_names_are_notes_and_never_reach_the_market() -> None:
    assert events({**LISTING, "number": "x", "note": "挂牌"}) == [
        {"event": "accepted", "id": "h1", "member": "JIANGHAI"}
    ]
    bars = events({"cmd": "close_day", "date": "2021-07-16", "instrument": "CEA99"})
    assert [bar["instrument"] for bar in bars] == ["CEA"]


# --- prices and quantities are the engine's to refuse -----------------------------------------------------


def reason(**wrong: Any) -> str:
    (event,) = events({**LISTING, **wrong})
    return str(event.get("reason", event["event"]))


@pytest.mark.parametrize(
    "price",
    ["NaN", "Infinity", "1e3", "4.8e1", "٣", "٤٨.٠٠", "４８.００", "+48.00", "-48.00", "0.00", "0", "48.005", "48.000",
     "48.", ".48", "48,00", "4_8", " 48.00", "48.00 ", "48.00\n", "", "0x30", "½", None, True, [], {}, 48.5, 0, -48,
     float("nan"), float("inf"), "\ud800"],
)  # fmt: skip
def test_what_is_no_price_is_refused_as_one(price: Any) -> None:
    assert reason(price=price) == "BAD_PRICE"


@pytest.mark.parametrize("price", ["48.00", "48.0", "48", 48, "048.00"])
def test_yuan_with_up_to_two_decimals_are_a_price(price: Any) -> None:
    assert reason(price=price) == "accepted"


def test_a_price_of_many_digits_is_refused_like_any_other_that_is_too_high() -> None:
    assert reason(price="9" * 15) == "PRICE_BAND"
    assert reason(price=10**30) == "PRICE_BAND"


@pytest.mark.parametrize("price", ["9" * 16, "9" * 30 + ".00", "9" * 5000])
def test_a_price_no_account_could_hold_is_none(price: str) -> None:
    assert reason(price=price) == "BAD_PRICE"


@pytest.mark.parametrize(
    "qty", [0, -5, 100_000, 10**30, 1.5, 10.0, "10", "", None, True, [], {}, float("nan"), float("inf")]
)
def test_what_is_no_quantity_is_refused_as_one(qty: Any) -> None:
    assert reason(qty=qty) == "BAD_QUANTITY"


@pytest.mark.parametrize(
    ("text", "fen"), [("48.00", 4800), ("0.01", 1), ("0.1", 10), ("5", 500), ("210230053.25", 21_023_005_325)]
)
def test_yuan_become_whole_fen(text: str, fen: int) -> None:
    assert parse_price(text) == fen


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (1, "0.01"), (4800, "48.00"), (-5, "-0.05"), (-4801, "-48.01")]
)
def test_fen_are_shown_as_yuan_with_two_places(fen: int, text: str) -> None:
    assert yuan(fen) == text


# --- the core is pure -------------------------------------------------------------------------------------


def test_the_core_brings_in_no_framework() -> None:
    program = (
        "import sys, importlib, pkgutil, exchange.matching as core\n"
        "names = [module.name for module in pkgutil.iter_modules(core.__path__)]\n"
        "assert 'replay' in names and 'market' in names\n"
        "for name in names: importlib.import_module(f'exchange.matching.{name}')\n"
        "wrong = {'django', 'rest_framework', 'celery', 'channels', 'redis', 'psycopg', 'psycopg2',\n"
        "         'accounts', 'registry', 'market_data', 'random', 'time', 'socket'}\n"
        "print(sorted(wrong & set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; before = set(sys.modules) - {{'django'}}\n{program}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[]\n", "")
