"""The examples of the analysts' page run as they stand, against a real site; every column is explained."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from exchange.models import Instrument
from market_data.end_of_day import settle
from market_data.reports import data_guide
from market_data.reports.history import COLUMNS
from tests.support.processes import Site
from tests.support.trading_day import LAUNCH_DAY, busy_market


@pytest.fixture
def settled(transactional_db: None) -> None:
    market = busy_market()
    settle(LAUNCH_DAY)
    Instrument.objects.filter(pk=market.instruments["CEA22"].pk).update(code="CEA24")


def example(name: str, origin: str, folder: Path) -> Path:
    """The example as the page of this site shows it, in a file."""
    (found,) = (each for each in data_guide.examples(origin) if each.file == name)
    path = folder / name
    path.write_text(found.text, encoding="utf-8")
    return path


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_run_as_they_stand(settled: None, site: Site, tmp_path: Path) -> None:
    said = run(
        sys.executable, str(example("verify.py", site.url, tmp_path)), str(LAUNCH_DAY), folder=tmp_path
    )
    assert said.startswith("2021-07-16 version 1 ")
    # Of the last year this market has no day; the example must not mind.
    assert "0 days" in run(sys.executable, str(example("history.py", site.url, tmp_path)), folder=tmp_path)
    run("sh", "-e", str(example("history.sh", site.url, tmp_path)), folder=tmp_path)
    with (tmp_path / "history.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert line["total_volume"] == "965"
    sheet = openpyxl.load_workbook(tmp_path / "cea24.xlsx")["history"]
    assert sheet.max_row == 2


def test_the_power_query_asks_for_what_there_is() -> None:
    """No Excel runs here: its address is the CSV's of the test above, and its columns are ours."""
    (query,) = (each.text for each in data_guide.examples("http://site") if each.file == "history.pq")
    assert '"http://site/api/v1/reports/history/", [Query = [as = "csv"' in query
    named = set(re.findall(r'\{"(\w+)", ', query))
    assert named <= {column.name for column in COLUMNS}
    assert len(named) == 4


def test_every_column_is_explained_and_nothing_else() -> None:
    assert set(data_guide.MEANINGS) == {column.name for column in COLUMNS}
    assert [line.name for line in data_guide.columns()] == [column.name for column in COLUMNS]
