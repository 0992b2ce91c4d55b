"""Published reports: what stands in them adds up, their hashes prove them, and nobody can change them."""

import csv
import datetime as dt
import hashlib
import io
import json

import openpyxl
import pytest
from django.db import IntegrityError, InternalError, transaction

from exchange import clock
from exchange.matching.money import parse_price
from market_data.end_of_day import settle
from market_data.models import Report
from market_data.reports import selectors
from market_data.reports.publish import correct, is_intact
from market_data.reports.render import file_name, forms_of, render
from registry.models import Account, LedgerDay
from registry.spreadsheets import harmless
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market, tamper

pytestmark = pytest.mark.django_db
NEXT_DAY = LAUNCH_DAY + dt.timedelta(days=3)


@pytest.fixture
def market() -> Market:
    market = busy_market()
    settle(LAUNCH_DAY)
    return market


def statement(market: Market, member: str, day: dt.date = LAUNCH_DAY) -> Report:
    found = selectors.statement(market.members[member], day)
    assert found is not None
    return found


def fen(amount: str | int) -> int:
    """A yuan string, perhaps negative, or tonnes as they are."""
    if isinstance(amount, int):
        return amount
    value = parse_price(amount.removeprefix("-"))
    assert value is not None
    return -value if amount.startswith("-") else value


def test_a_statement_leads_from_opening_to_closing_on_every_account(market: Market) -> None:
    for member in market.members:
        content = statement(market, member).content
        assert content["adds_up"] is True
        assert len(content["accounts"]) >= 6
        for account in content["accounts"]:
            moves = sum(fen(move["amount"]) for move in account["moves"])
            assert fen(account["opening"]) + moves == fen(account["closing"])
            kept = Account.objects.get(
                holder=market.members[member], asset=account["asset"], purpose=account["purpose"]
            )
            assert fen(account["closing"]) == kept.balance


def test_the_next_days_statement_opens_where_the_last_one_closed(market: Market) -> None:
    market.day = LAUNCH_DAY + dt.timedelta(days=1)
    market.give("yunling", "CNY", 12_345)  # a Saturday's deposit
    market.open_day(NEXT_DAY)
    market.trade("48.00", 10)
    settle(NEXT_DAY)
    first, second = statement(market, "yunling").content, statement(market, "yunling", NEXT_DAY).content
    closings = {(each["asset"], each["purpose"]): each["closing"] for each in first["accounts"]}
    for account in second["accounts"]:
        assert account["opening"] == closings[account["asset"], account["purpose"]]
        assert account["adds_up"]
    money = next(
        each for each in second["accounts"] if (each["asset"], each["purpose"]) == ("CNY", "trading")
    )
    assert {"kind": "deposit", "in": "123.45", "out": "0.00", "amount": "123.45"} in money["moves"]
    assert second["after"] == LAUNCH_DAY.isoformat()


def test_a_statement_of_books_that_were_tampered_with_does_not_add_up(market: Market) -> None:
    tamper("UPDATE registry_account SET balance = balance + 1 WHERE asset_id = 'CNY' AND purpose = 'trading'")
    market.open_day(NEXT_DAY)
    settlement = settle(NEXT_DAY)
    assert statement(market, "jianghai", NEXT_DAY).content["adds_up"] is False
    assert "THESE DO NOT ADD UP: jianghai, yunling" in settlement.done["statements"]


def test_a_statement_never_names_the_other_side(market: Market) -> None:
    text = json.dumps(statement(market, "jianghai").content, ensure_ascii=False)
    assert "yunling" not in text.lower()
    assert "buyer" not in text
    assert "jianghai" in text


def test_a_statement_says_what_was_traded_at_which_fee(market: Market) -> None:
    content = statement(market, "yunling").content
    first = content["trades"][0]
    assert (first["no"], first["side"], first["price"], first["qty"]) == (1, "buy", "48.00", 400)
    assert (first["turnover"], first["fee"]) == ("19200.00", "48.00")
    by_instrument = {each["instrument"]: each for each in content["settlement"]}
    assert by_instrument["CEA22"]["sold"] == 77
    assert by_instrument["CEA22"]["received"] == "3852.31"
    assert [order["status"] for order in content["orders"]].count("expired") == 1
    assert {trade["order"] for trade in content["trades"]} <= {order["no"] for order in content["orders"]}


def test_the_market_report_carries_the_proof(market: Market) -> None:
    report = selectors.market_report(LAUNCH_DAY)
    assert report is not None
    sealed = LedgerDay.objects.get()
    assert report.content["ledger"] == {
        "transfers": sealed.transfers, "head": sealed.head, "previous_head": sealed.previous_head,
    }  # fmt: skip
    assert report.content["reconciliation"]["clean"] is True
    assert report.content["totals"]["total_volume"] == 400 + 377 + 111 + 77
    assert report.content["composite"]["weights"] == {"CEA21": 1, "CEA22": 1}
    text = json.dumps(report.content)
    assert not any(member in text for member in market.members)


def test_cumulative_figures_run_on(market: Market) -> None:
    market.open_day(NEXT_DAY)
    market.trade("48.00", 10)
    settle(NEXT_DAY)
    report = selectors.market_report(NEXT_DAY)
    assert report is not None
    assert report.content["totals"]["total_volume"] == 10
    assert report.content["totals"]["cumulative_volume"] == 400 + 377 + 111 + 77 + 10
    assert report.content["totals"]["cumulative_since"] == LAUNCH_DAY.isoformat()


def test_the_json_file_hashes_to_the_published_number(market: Market) -> None:
    for report in Report.objects.all():
        assert is_intact(report)
        assert hashlib.sha256(render(report, "json").data).hexdigest() == report.sha256
        assert json.loads(render(report, "json").data) == report.content


def test_a_report_that_was_tampered_with_is_not_intact(market: Market) -> None:
    tamper(
        "UPDATE market_data_report SET content = jsonb_set(content, '{totals,trades}', '1') WHERE kind = 'market'"
    )
    assert not is_intact(Report.objects.get(kind="market"))


def test_a_published_report_cannot_be_changed_or_removed(market: Market) -> None:
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        Report.objects.filter(kind="market").update(sha256="0" * 64)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        Report.objects.filter(kind="market")._raw_delete("default")
    again = Report.objects.get(kind="market")
    again.pk = None
    with pytest.raises(IntegrityError, match="report_version_once"), transaction.atomic():
        again.save(force_insert=True)


def test_a_correction_is_a_new_version_with_a_reason(market: Market) -> None:
    first = Report.objects.get(kind="market")
    body = {**first.content, "instruments": []}
    with pytest.raises(ValueError, match="reason"):
        correct(first, body, reason=" ", at=clock.now())
    second = correct(first, body, reason="an instrument was named wrongly", at=clock.now())
    assert (second.version, second.content["reason"]) == (2, "an instrument was named wrongly")
    assert selectors.market_report(LAUNCH_DAY) == second
    assert selectors.market_report(LAUNCH_DAY, 1) == first
    assert [each.version for each in selectors.versions(first)] == [1, 2]
    assert list(selectors.market_reports()) == [second]
    assert is_intact(second)
    assert file_name(second, "csv") == "tanshi-market-2021-07-16-v2.csv"


def test_csv_opens_in_excel_and_holds_exact_strings(market: Market) -> None:
    data = render(Report.objects.get(kind="market"), "csv").data
    assert data.startswith(b"\xef\xbb\xbf")
    first, *_rest = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert first["instrument"] == "CEA21"
    assert first["turnover"] == "43013.17"  # 400 × 48.00 + 377 × 49.10 + 111 × 47.77
    assert first["close"] == "48.44"


def test_a_workbook_holds_numbers_with_two_places(market: Market) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(Report.objects.get(kind="market"), "xlsx").data))
    sheet = book["market"]
    names = [cell.value for cell in sheet[1]]
    assert len(names) == 21
    turnover = sheet.cell(2, 10)
    assert (turnover.value, turnover.number_format) == (43013.17, "0.00")
    assert sheet.cell(2, 9).value == 888


def test_statement_files_have_a_sheet_for_each_table(market: Market) -> None:
    report = statement(market, "jianghai")
    book = openpyxl.load_workbook(io.BytesIO(render(report, "xlsx").data))
    assert book.sheetnames == ["settlement", "accounts", "trades", "orders"]
    sections = render(report, "csv").data.decode("utf-8-sig").split("\r\n\r\n")
    assert [section.split(",")[0] for section in sections] == ["instrument", "asset", "no", "no"]
    assert file_name(report, "xlsx") == "tanshi-statement-jianghai-2021-07-16.xlsx"


def test_files_come_out_the_same_every_time(market: Market) -> None:
    report = Report.objects.get(kind="market")
    for form in forms_of("market"):
        assert render(report, form).data == render(report, form).data


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["-1.50", "-3", "48.00", "CEA21", None, 7, ""])
def test_numbers_and_plain_words_stay_as_they_are(cell: str | int | None) -> None:
    assert harmless(cell) == cell


def test_a_workbook_runs_no_formula_from_a_client_id(market: Market) -> None:
    report = statement(market, "jianghai")
    report.content["orders"][0]["id"] = "=HYPERLINK(0)"
    book = openpyxl.load_workbook(io.BytesIO(render(report, "xlsx").data))
    cell = book["orders"].cell(2, 2)
    assert (cell.value, cell.data_type) == ("=HYPERLINK(0)", "s")
