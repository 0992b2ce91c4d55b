"""Anybody can check a file or a hash against what was published; nobody learns whose statement a hash is."""

import json

import pytest
from django.test import Client

from accounts.models import User
from exchange import clock
from market_data.end_of_day import settle
from market_data.models import Report
from market_data.reports import check
from market_data.reports.publish import correct
from market_data.reports.render import forms_of, render
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = busy_market()
    settle(LAUNCH_DAY)
    return market


@pytest.fixture
def report(market: Market) -> Report:
    return Report.objects.get(kind="market")


def test_a_hash_says_which_report_and_whether_it_is_the_latest(report: Report) -> None:
    found = check.of_hash(f"  {report.sha256.upper()}\n")
    assert found is not None
    assert (found.report, found.way, found.latest, found.intact) == (report, "published", True, True)
    second = correct(report, {**report.content, "sources": []}, reason="for the test", at=clock.now())
    older, newer = check.of_hash(report.sha256), check.of_hash(second.sha256)
    assert older is not None
    assert newer is not None
    assert (older.latest, newer.latest) == (False, True)


@pytest.mark.parametrize("text", ["", "0" * 64, "0" * 63, "nonsense", "٣" * 64])
def test_other_hashes_are_nobodys(report: Report, text: str) -> None:
    assert check.of_hash(text) is None


def test_the_published_bytes_are_genuine_under_any_name(report: Report) -> None:
    found = check.of_file(render(report, "json").data, "copy.bin", None)
    assert found is not None
    assert found.way == "published"


def test_the_same_content_written_otherwise_is_recognised(report: Report) -> None:
    found = check.of_file(json.dumps(report.content, indent=2).encode(), "pretty.json", None)
    assert found is not None
    assert (found.way, found.report) == ("rewritten", report)


@pytest.mark.parametrize("form", [form for form in forms_of("market") if form != "json"])
def test_our_own_files_are_recognised_byte_for_byte(report: Report, form: str) -> None:
    file = render(report, form)
    for name in (file.name, file.name.replace(".", " (1).", 1)):
        found = check.of_file(file.data, name, None)
        assert found is not None
        assert (found.way, found.report) == ("made", report)
    assert check.of_file(file.data + b" ", file.name, None) is None
    assert check.of_file(file.data, "other.csv", None) is None


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b"{" * 100_000, b"\xff\xfe", b'{"day": 1.5}', b'{"a": NaN}', b"[" * 100_000]
)
def test_other_files_are_nobodys(report: Report, data: bytes) -> None:
    assert check.of_file(data, "tanshi-market-2021-02-30.csv", None) is None


def test_a_changed_figure_is_not_genuine(report: Report) -> None:
    changed = render(report, "json").data.replace(b'"43013.17"', b'"43013.18"')
    assert check.of_file(changed, "tanshi-market-2021-07-16.json", None) is None


def test_a_statement_is_made_anew_for_its_own_people_alone(market: Market) -> None:
    own = Report.objects.get(kind="member", organisation=market.members["jianghai"])
    file = render(own, "csv")
    person, stranger = (
        User.objects.create_user(f"a@{code}.example", "x", organisation=market.members[code])
        for code in ("jianghai", "yunling")
    )
    assert check.of_file(file.data, file.name, person) is not None
    assert check.of_file(file.data, file.name, stranger) is None
    assert check.of_file(file.data, file.name, None) is None
    assert check.may_name(own, person)
    assert not check.may_name(own, stranger)


def test_what_was_tampered_with_in_the_database_is_told(report: Report) -> None:
    tamper("UPDATE market_data_report SET content = jsonb_set(content, '{day}', '\"2021-07-17\"')")
    found = check.of_hash(report.sha256)
    assert found is not None
    assert found.intact is False


def test_the_api_answers_for_everybody_without_names(market: Market, client: Client) -> None:
    statement = Report.objects.get(kind="member", organisation=market.members["jianghai"])
    answer = client.get(f"/api/v1/reports/check/{statement.sha256}/")
    assert answer.status_code == 200
    assert answer.json()["kind"] == "member"
    assert answer.json()["day"] == LAUNCH_DAY.isoformat()
    assert "jianghai" not in answer.text
    assert client.get(f"/api/v1/reports/check/{'0' * 64}/").status_code == 404
