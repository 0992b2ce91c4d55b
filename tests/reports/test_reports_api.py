"""Reports over the API: the market's for everybody, a statement for its own organisation alone."""

import base64
import hashlib
import io
import json
from decimal import Decimal

import pytest
from django.test import Client
from pyarrow import parquet
from pypdf import PdfReader

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


def test_parquet_holds_exact_money_and_says_which_report_it_is(market: Market, client: Client) -> None:
    response = client.get(f"{DAILY}{DAY}?as=parquet")
    found = parquet.read_table(io.BytesIO(response.content))
    assert str(found.schema.field("turnover").type) == "decimal128(18, 2)"
    assert str(found.schema.field("volume").type) == "int64"
    assert found.schema.metadata[b"sha256"].decode() == Report.objects.get(kind="market").sha256
    first, *_rest, total = found.to_pylist()
    assert (first["day"], first["instrument"], first["turnover"]) == (
        LAUNCH_DAY,
        "CEA21",
        Decimal("43013.17"),
    )
    assert (total["instrument"], total["total_volume"]) == ("TOTAL", 400 + 377 + 111 + 77)


def test_a_statements_tables_come_one_by_one(market: Market) -> None:
    client = signed_in(market.members["yunling"])
    trades = parquet.read_table(io.BytesIO(client.get(f"{STATEMENT}{DAY}?as=parquet").content)).to_pylist()
    assert (trades[0]["price"], trades[0]["qty"], trades[0]["side"]) == (Decimal("48.00"), 400, "buy")
    assert trades[0]["time"].tzinfo is not None
    accounts = client.get(f"{STATEMENT}{DAY}?as=csv&table=accounts")
    assert accounts.content.startswith(b"\xef\xbb\xbfasset,purpose,entry,in,out,amount")
    assert "2021-07-16-accounts.csv" in accounts["Content-Disposition"]
    assert client.get(f"{STATEMENT}{DAY}?as=csv&table=secrets").status_code == 400
    assert client.get(f"{STATEMENT}{DAY}?as=json&table=trades").status_code == 400
    assert client.get(f"{STATEMENT}{DAY}?as=txt").status_code == 400


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "全国碳排放配额总成交量"), ("en", "In all: 965 t")]
)
def test_the_bulletin_as_text_and_on_paper(market: Market, client: Client, language: str, word: str) -> None:
    headers = {"accept-language": language}
    assert word in client.get(f"{DAILY}{DAY}?as=txt", headers=headers).content.decode()
    printed = PdfReader(io.BytesIO(client.get(f"{DAILY}{DAY}?as=pdf", headers=headers).content))
    text = "".join(page.extract_text() for page in printed.pages).replace("\n", "")
    assert word in text
    assert Report.objects.get(kind="market").sha256 in text
    assert "43013.17" in text


def test_a_statement_on_paper(market: Market) -> None:
    client = signed_in(market.members["yunling"])
    printed = PdfReader(io.BytesIO(client.get(f"{STATEMENT}{DAY}?as=pdf").content))
    text = "".join(page.extract_text() for page in printed.pages)
    assert "yunling 有限公司" in text
    assert "19200.00" in text


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
