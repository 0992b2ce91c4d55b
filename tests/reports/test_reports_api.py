"""Reports over the API: the market's for everybody, a statement for its own organisation alone."""

import base64
import hashlib
import json

import pytest
from django.test import Client

from accounts.models import ApiKey, Organisation, User
from exchange import clock
from market_data.end_of_day import settle
from market_data.models import Report
from market_data.reports.publish import correct
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market

pytestmark = pytest.mark.django_db
DAILY = "/api/v1/reports/daily/"
STATEMENT = "/api/v1/reports/statement/"
DAY = f"{LAUNCH_DAY}/"


@pytest.fixture
def market() -> Market:
    market = busy_market()
    settle(LAUNCH_DAY)
    return market


def person(organisation: Organisation) -> User:
    return User.objects.create_user(f"trader@{organisation.code}.example", "x", organisation=organisation)


def signed_in(organisation: Organisation) -> Client:
    client = Client()
    client.force_login(person(organisation), backend="django.contrib.auth.backends.ModelBackend")
    return client


def with_key(organisation: Organisation, *scopes: str) -> Client:
    _key, plain = ApiKey.objects.create(user=person(organisation), scopes=list(scopes))
    return Client(headers={"authorization": f"Token {plain}"})


def test_everybody_may_list_and_read_the_market_reports(market: Market, client: Client) -> None:
    listed = client.get(DAILY).json()["results"]
    assert [(each["day"], each["version"]) for each in listed] == [(str(LAUNCH_DAY), 1)]
    response = client.get(DAILY + DAY)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="tanshi-market-2021-07-16.json"'
    assert response.json()["instruments"][0]["close"] == "48.44"
    found = hashlib.sha256(response.content)
    assert found.hexdigest() == listed[0]["sha256"]
    assert response["ETag"] == f'"{listed[0]["sha256"]}"'
    assert response["Repr-Digest"] == f"sha-256=:{base64.b64encode(found.digest()).decode()}:"


@pytest.mark.parametrize(
    ("form", "content_type", "begins"),
    [
        ("json", "application/json", b"{"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfinstrument,open,high"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_each_format_comes_as_a_file(
    market: Market, client: Client, form: str, content_type: str, begins: bytes
) -> None:
    response = client.get(f"{DAILY}{DAY}?as={form}", headers={"accept": "text/csv"})
    assert response["Content-Type"] == content_type
    assert f"2021-07-16.{form}" in response["Content-Disposition"]
    assert response.content.startswith(begins)


@pytest.mark.parametrize("form", ["parquet", "pdf"])
def test_a_format_of_a_later_release_says_what_is_offered(market: Market, client: Client, form: str) -> None:
    response = client.get(f"{DAILY}{DAY}?as={form}")
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")
    assert response.json()["code"] == "FORMAT_NOT_OFFERED"
    assert "json, csv, xlsx" in response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{DAY}?as=docx", 400),
        (f"{DAY}?as=", 400),
        (f"{DAY}?as=%00", 400),
        (f"{DAY}?version=x", 400),
        (f"{DAY}?version=2", 404),
        (f"{DAY}?version=999999999999", 404),
        ("2021-07-17/", 404),
        ("2021-02-30/", 400),
        ("0000-01-01/", 400),
        ("٢٠٢١-٠٧-١٦/", 404),
    ],
)
def test_what_makes_no_sense_is_a_problem(market: Market, client: Client, path: str, status: int) -> None:
    response = client.get(DAILY + path)
    assert response.status_code == status


def test_a_statement_needs_somebody_signed_in(market: Market, client: Client) -> None:
    for path in (STATEMENT, STATEMENT + DAY):
        response = client.get(path)
        assert response.status_code in {401, 403}
        assert response["Content-Type"] == "application/problem+json"


def test_a_statement_is_the_own_organisations(market: Market) -> None:
    for member in market.members.values():
        client = signed_in(member)
        response = client.get(STATEMENT + DAY)
        assert json.loads(response.content)["organisation"]["code"] == member.code
        assert response["Cache-Control"] == "private, no-store"
        assert f"tanshi-statement-{member.code}-2021-07-16.json" in response["Content-Disposition"]
        assert [each["day"] for each in client.get(STATEMENT).json()["results"]] == [str(LAUNCH_DAY)]


def test_an_organisation_without_a_statement_sees_none(market: Market) -> None:
    client = signed_in(market.offices["exchange"])
    assert client.get(STATEMENT).json()["results"] == []
    assert client.get(STATEMENT + DAY).status_code == 404


def test_a_key_needs_the_scope_read(market: Market) -> None:
    assert with_key(market.members["jianghai"], "read").get(STATEMENT + DAY).status_code == 200
    assert with_key(market.members["yunling"], "trade").get(STATEMENT + DAY).status_code == 403


def test_a_correction_is_what_is_served_and_the_first_version_stays(market: Market, client: Client) -> None:
    first = Report.objects.get(kind="market")
    second = correct(first, {**first.content, "sources": []}, reason="corrected for the test", at=clock.now())
    assert client.get(DAILY).json()["results"][0]["sha256"] == second.sha256
    assert client.get(DAILY + DAY)["ETag"] == f'"{second.sha256}"'
    assert client.get(f"{DAILY}{DAY}?version=1")["ETag"] == f'"{first.sha256}"'
