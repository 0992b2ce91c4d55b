"""Block trades are told one by one in the day's report, and not before it (domain.md 1.5)."""

import csv
import io

import pytest
from django.test import Client

from market_data.end_of_day import settle
from market_data.models import Report
from market_data.reports.market import tables
from market_data.reports.render import render
from tests.support.trading_day import LAUNCH_DAY, Market, open_market

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
PAGE = f"/reports/{LAUNCH_DAY}/"


@pytest.fixture
def market() -> Market:
    """A block of 100 000 t beside one listed trade."""
    market = open_market()
    market.trade("48.00", 400, "CEA22")
    offer = market.send("jianghai", "block", "sell", "40.00", 100_000)
    market.decide()
    market.send("yunling", "block_accept", "buy", "40.00", 100_000, offer=offer.pk)
    market.decide()
    return market


def test_the_report_lists_each_block_without_names(market: Market) -> None:
    settle(LAUNCH_DAY)
    report = Report.objects.get(kind="market")
    (block,) = report.content["blocks"]
    assert {key: value for key, value in block.items() if key != "time"} == {
        "instrument": "CEA21", "no": 1, "price": "40.00", "qty": 100_000, "amount": "4000000.00",
    }  # fmt: skip
    assert not {"jianghai", "yunling"} & set(str(report.content).lower().split("'"))
    rows = list(csv.reader(io.StringIO(render(report, "csv", only="blocks").data.decode("utf-8-sig"))))
    assert rows[0] == ["instrument", "no", "time", "price", "qty", "amount"]
    assert rows[1][-3:] == ["40.00", "100000", "4000000.00"]


def test_the_page_of_the_day_shows_it_only_once_the_day_is_settled(market: Market) -> None:
    client = Client(headers={"accept-language": "en"})
    assert client.get(PAGE).status_code == 404
    assert b"4000000.00" not in client.get("/api/v1/instruments/CEA21/quote/").content
    settle(LAUNCH_DAY)
    assert 'id="block-trades"' in client.get(PAGE).text


def test_a_report_of_before_blocks_were_listed_is_read_as_it_stands(market: Market) -> None:
    settle(LAUNCH_DAY)
    content = {
        key: value for key, value in Report.objects.get(kind="market").content.items() if key != "blocks"
    }
    (blocks,) = [each for each in tables(content) if each.name == "blocks"]
    assert blocks.rows == []
