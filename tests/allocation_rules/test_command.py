"""`manage.py allocate` as people run it: another process, without a database."""

import os
import subprocess
import sys

import pytest

from tests.support.house_rules import ROOT

FOLDER = ROOT / "tests" / "allocation"
HEADER = b"entity,unit,class,generation_mwh,supply_mwh,heat_gj,load_factor,heat_ratio,cooling,verified_t\n"


def allocate(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Nobody listens at these addresses."""
    env = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    command = [sys.executable, "manage.py", "allocate", *arguments]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, env=env)


@pytest.mark.parametrize("year", [2020, 2022, 2024, 2026])
def test_a_delivered_file_is_printed_byte_for_byte(year: int) -> None:
    done = allocate(f"tests/allocation/units-{year}.csv", "--year", str(year))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (FOLDER / f"units-{year}.result.csv").read_bytes()


def test_standard_input_is_read_and_gbk_understood() -> None:
    row = "云岭能源,1号机组,I,3000000,2800000,1000000,0.60,0,water,2700000\n"
    done = allocate("-", "--year", "2024", given=HEADER + row.encode("gbk"))
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines()[1:] == [
        "云岭能源,1号机组,I,3000000,2800000,1000000,0.60,0,water,2700000,1.061364,2518616,103300,0,2621916",
        "",
        "entity,initial_t,floor_t,final_t,verified_t,gap_rate_pct",
        "云岭能源,2621916,2160000,2621916,2700000,2.89",
    ]


def test_a_bad_file_prints_every_bad_row_on_stderr_and_nothing_else() -> None:
    rows = b"E1,U1,V,1,1,1,0.5,0,water,0\nE1,U2,I,1,1,1,0.5,0,water,0\nE1,U3,I,-1,1,1,1.5,0,water,0\n"
    done = allocate("-", "--year", "2024", given=HEADER + rows)
    assert done.returncode != 0
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 4
    assert [("2" in lines[0], "class" in lines[0]), ("4" in lines[1], "generation_mwh" in lines[1])] == [
        (True, True), (True, True),
    ]  # fmt: skip
    assert "load_factor" in lines[2]


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("missing.csv", "--year", "2024"), b""),
        ((".", "--year", "2024"), b""),
        (("-", "--year", "2018"), HEADER),
        (("-", "--year", "soon"), HEADER),
        (("-",), HEADER),
        (("-", "--year", "2024"), b""),
        (("-", "--year", "2024"), b"\xff\xfe\x00"),
    ],
)
def test_what_cannot_be_computed_ends_with_a_sentence_and_no_output(
    arguments: tuple[str, ...], given: bytes
) -> None:
    done = allocate(*arguments, given=given)
    assert done.returncode != 0
    assert done.stdout == b""
    assert done.stderr.strip()
    assert b"Traceback" not in done.stderr
