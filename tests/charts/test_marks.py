"""Marks on charts: deadlines of the table of dates, policies with their documents, first days."""

import datetime as dt

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from market_data.charts.marks import deadlines, marks, policies, policy_rows
from registry.models import Deadline
from tests.charts.conftest import days
from tests.support.trading_day import Market


@pytest.mark.django_db
def test_a_row_of_the_table_of_dates_stands_above_the_rule() -> None:
    Deadline.objects.create(year=2024, day=dt.date(2025, 12, 15))
    by_day = {mark.day: mark.what for mark in deadlines()}
    assert "2024" in by_day[dt.date(2025, 12, 15)]
    assert dt.date(2025, 12, 31) not in by_day
    # Two years, one day.
    assert "2019–2020" in by_day[dt.date(2021, 12, 31)]


def test_every_policy_names_its_document_and_where_it_was_read() -> None:
    rows = policy_rows()
    assert len(rows) > 10
    assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)
    for row in rows:
        assert set(row) == {"day", "document", "what_en", "what_zh", "source"}
        assert all(row.values())


def test_policies_speak_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert "全国碳市场开市" in {mark.what for mark in policies()}
    with translation.override("en"):
        assert "The national market opens" in {mark.what for mark in policies()}


def test_a_range_gives_its_own_days_in_order(market: Market, anybody: APIClient) -> None:
    days(market.instruments["CEA22"], [4800], dt.date(2021, 6, 22))
    answer = anybody.get("/api/v1/market-events/?from=2021-05-14&to=2021-06-22").json()["results"]
    assert [(mark["day"], mark["kind"]) for mark in answer] == [
        ("2021-05-14", "policy"), ("2021-06-22", "listing"), ("2021-06-22", "policy"),
    ]  # fmt: skip
    assert answer[2]["document"] == "沪环境交〔2021〕34号"
    with translation.override("en"):
        assert len(marks(dt.date(2025, 12, 31), dt.date(2025, 12, 31))) == 1
