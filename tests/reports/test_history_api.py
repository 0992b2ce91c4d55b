"""The daily history over the API: one line a day in four formats, by range and by instrument."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from pyarrow import parquet

from exchange.models import Bar
from market_data.end_of_day import settle
from market_data.reports.history import COLUMNS
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market

pytestmark = pytest.mark.django_db
HISTORY = "/api/v1/reports/history/"
NAMES = [column.name for column in COLUMNS]


@pytest.fixture
def market() -> Market:
    market = busy_market()
    for days in (2, 1):
        Bar.objects.create(
            instrument=market.instruments["CEA21"], day=LAUNCH_DAY - dt.timedelta(days=days), source="simulated",
            final=True, prev_close_fen=4700, open_fen=4800, close_fen=4800, volume_t=10, turnover_fen=48_000,
            block_volume_t=5, block_turnover_fen=20_000,
        )  # fmt: skip
    settle(LAUNCH_DAY)
    return market


def test_the_national_history_is_the_bulletins(market: Market, client: Client) -> None:
    (line,) = client.get(f"{HISTORY}?from={LAUNCH_DAY}&to={LAUNCH_DAY}").json()["results"]
    report = client.get(f"/api/v1/reports/daily/{LAUNCH_DAY}/").json()["bulletin"]
    assert line == {"day": LAUNCH_DAY.isoformat(), **report}
    assert set(NAMES) <= set(line)


def test_an_instruments_history_counts_from_its_first_day(market: Market, client: Client) -> None:
    lines = client.get(f"{HISTORY}?instrument=CEA21&from=2021-07-15&to=2021-07-16").json()["results"]
    assert [line["day"] for line in lines] == ["2021-07-15", "2021-07-16"]
    assert (lines[0]["total_volume"], lines[0]["cumulative_volume"]) == (15, 30)
    assert (lines[0]["total_turnover"], lines[0]["cumulative_turnover"]) == ("680.00", "1360.00")
    assert (lines[0]["change"], lines[0]["change_pct"]) == ("1.00", "2.13")
    assert lines[1]["close"] == "48.44"
    assert lines[1]["cumulative_volume"] == 30 + 400 + 377 + 111


def test_every_format_has_the_same_table(market: Market, client: Client) -> None:
    query = f"{HISTORY}?instrument=CEA21&from=2021-07-01&to=2021-07-31&as="
    rows = client.get(query + "json").json()["results"]
    text = client.get(query + "csv").content.decode("utf-8-sig")
    assert [row["turnover"] for row in csv.DictReader(io.StringIO(text))] == [row["turnover"] for row in rows]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(query + "xlsx").content))["history"]
    assert sheet.cell(4, 1).value == dt.datetime(2021, 7, 16)  # noqa: DTZ001 - a workbook's dates have no zone
    assert sheet.cell(4, NAMES.index("close") + 1).value == 48.44
    found = parquet.read_table(io.BytesIO(client.get(query + "parquet").content))
    assert found.column_names == NAMES
    assert found.to_pylist()[2]["day"] == LAUNCH_DAY
    assert found.to_pylist()[2]["close"] == Decimal("48.44")


def test_the_same_question_gives_the_same_bytes(market: Market, client: Client) -> None:
    for form in ("json", "csv", "xlsx", "parquet"):
        query = f"{HISTORY}?from=2021-07-01&to=2021-07-31&as={form}"
        assert client.get(query).content == client.get(query).content


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("as=pdf", 400),
        ("from=yesterday", 400),
        ("from=2021-07-17&to=2021-07-16", 400),
        ("instrument=NOPE", 404),
        ("from=9999-12-31&to=9999-12-31", 200),
    ],
)
def test_what_makes_no_sense_is_a_problem(market: Market, client: Client, query: str, status: int) -> None:
    assert client.get(f"{HISTORY}?{query}").status_code == status
