"""What strangers see: by hand, in both languages, never a holding or a trading partner; few statements."""

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import Cancellation, Certificate, ComplianceYear, Deadline, Emitter
from registry.public import selectors
from tests.oversight.conftest import EMITTERS, build
from tests.oversight.test_regulator_pages import many
from tests.support.registry import Registry, beijing
from tests.support.trading_day import tamper

PAGES = ["/public/", "/public/emitters/", "/public/vintages/", "/public/projects/", "/public/certificates/"]
LISTS = ["/api/v1/public/emitters/", "/api/v1/public/certificates/", "/api/v1/credits/projects/"]
ANSWERS = ["/api/v1/public/years/", "/api/v1/public/vintages/"]


@pytest.fixture
def made(db: None) -> Registry:
    """The deadline of 2024 passed, that of 2025 lies ahead; `half` is covered in 2025 too."""
    made = build(2024)
    Deadline.objects.filter(year=2025).update(day=dt.date(2099, 12, 31))
    made.year("half", 2025, verified_t=10, obligation_t=10)
    Emitter.objects.filter(organisation__code="done").update(synthetic=True)
    return made


def stranger(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def cancelled(made: Registry, number: str = "CN-2025-1") -> Cancellation:
    house = made.organisations["done"]
    certificate = Certificate.objects.create(
        number=number,
        kind="cancellation",
        organisation=house,
        content={},
        sha256="0" * 64,
        issued_at=beijing(2025, 6, 1),
    )
    return Cancellation.objects.create(
        organisation=house, asset_id="CCER", quantity_t=7, beneficiary="=SUM(1)", purpose="a conference",
        state="cancelled", certificate=certificate, submitted_at=beijing(2025, 5, 1), decided_at=beijing(2025, 6, 1),
    )  # fmt: skip


def states(today: dt.date) -> dict[tuple[str, int], str]:
    rows = selectors.emitters(selectors.Wanted(), today)
    return {(row.emitter.organisation.code, row.year): row.published for row in rows}


def test_no_state_is_published_before_the_deadline(made: Registry) -> None:
    assert set(states(dt.date(2025, 12, 31)).values()) == {""}
    assert states(dt.date(2026, 1, 1)) == {
        ("done", 2024): "complete", ("half", 2024): "overdue", ("none", 2024): "overdue", ("south", 2024): "complete",
        ("late", 2024): "not_due", ("half", 2025): "",
    }  # fmt: skip


def test_a_state_stays_as_kept_at_the_deadline_until_the_next_one(made: Registry) -> None:
    rows = ComplianceYear.objects.filter(emitter__organisation__code="half", year=2024)
    rows.update(state_at_deadline="part", surrendered_t=2_000, completed_at=beijing(2026, 2, 1))
    assert states(dt.date(2026, 3, 1))["half", 2024] == "overdue"
    Deadline.objects.filter(year=2025).update(day=dt.date(2026, 12, 31))
    assert states(dt.date(2026, 12, 31))["half", 2024] == "overdue"
    assert states(dt.date(2027, 1, 1))["half", 2024] == "complete"


def test_years_in_figures(made: Registry) -> None:
    later, earlier = selectors.years(dt.date(2026, 1, 5))
    assert (later.year, later.emitters, later.due) == (2025, 1, False)
    assert (earlier.emitters, earlier.verified_t, earlier.allocated_t) == (5, 4_000, 4_000)
    assert (earlier.complete, earlier.overdue, earlier.due) == (2, 2, True)


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_pages_need_no_sign_in(made: Registry, url: str, language: str) -> None:
    answer = stranger(language).get(url)
    assert answer.status_code == 200
    assert ("信息公开" in answer.text) == (language == "zh-CN")
    for form in ("csv", "xlsx"):
        assert stranger(language).get(f"{url}?as={form}").status_code == 200
    assert stranger().get(f"{url}?as=exe").status_code == 400
    assert stranger().post(url).status_code == 405


@pytest.mark.parametrize("url", LISTS + ANSWERS)
def test_the_api_needs_no_sign_in(made: Registry, url: str) -> None:
    answer = stranger().get(url)
    assert answer.status_code == 200
    assert "results" in answer.json()
    for form in ("csv", "xlsx"):
        assert stranger().get(f"{url}?as={form}", headers={"accept": "text/csv"}).status_code == 200
    assert stranger().get(f"{url}?as=exe").json()["errors"]["as"]
    assert stranger().post(url, {}, content_type="application/json").status_code in {401, 403, 405}


@pytest.mark.parametrize("url", [*LISTS[:2], *ANSWERS])
def test_an_answer_that_the_reader_has_is_not_sent_again(made: Registry, url: str) -> None:
    first = stranger().get(url)
    assert first["Cache-Control"] == "public, max-age=30"
    again = stranger().get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_emitters_by_year(made: Registry) -> None:
    rows = stranger().get("/api/v1/public/emitters/?year=2024&province=310000&page_size=2").json()
    assert [row["code"] for row in rows["results"]] == ["none", "half"]
    assert rows["results"][1] == {
        "code": "half", "name_zh": "half发电", "name_en": "half Power", "synthetic": False, "province": "310000",
        "sector": "power", "year": 2024, "verified_t": 2_000, "allocated_t": 2_000, "state": "overdue",
    }  # fmt: skip
    (last,) = stranger().get(rows["next"]).json()["results"]
    assert (last["code"], last["synthetic"], last["state"]) == ("done", True, "complete")
    assert stranger().get("/api/v1/public/emitters/?year=x").status_code == 400
    assert stranger().get("/api/v1/public/emitters/?state=open").status_code == 400


def test_nothing_public_tells_of_holdings_or_partners(made: Registry) -> None:
    """Odd amounts that stand nowhere but in one emitter's accounts appear on no public page."""
    made.give("done", "CEA24", 123_457)
    made.give("half", "CEA24", 100_000, "trading")
    for url in [*PAGES, *LISTS, "/api/v1/public/years/", "/"]:
        text = stranger().get(url).text
        assert "123457" not in text
        assert "123\u00a0457" not in text


def test_the_identity_is_checked_live(made: Registry) -> None:
    made.give("done", "CEA24", 900)
    assert "does not hold" not in stranger().get("/public/").text
    tamper(
        "UPDATE registry_account SET balance = balance - 3 WHERE asset_id = 'CEA24' AND purpose = 'registry'"
    )
    page = stranger().get("/public/").text
    assert "does not hold" in page
    rows: list[dict[str, Any]] = stranger().get("/api/v1/public/vintages/").json()["results"]
    assert {row["code"]: row["difference_t"] for row in rows if row["difference_t"]} == {"CEA24": 3}


def test_certificates_are_found_and_harmless_in_a_spreadsheet(made: Registry) -> None:
    cancelled(made)
    assert "CN-2025-1" in stranger().get("/public/certificates/?q=conference").text
    assert "No certificate answers" in stranger().get("/public/certificates/?q=nothing").text
    (row,) = stranger().get("/api/v1/public/certificates/?q=cn-2025-1").json()["results"]
    assert (row["quantity_t"], row["asset"], row["organisation_en"]) == (7, "CCER", "done Power")
    data = b"".join(stranger().get("/public/certificates/?as=csv"))
    _head, line = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert line[5] == "'=SUM(1)"
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(stranger().get("/api/v1/public/certificates/?as=xlsx")))
    )
    assert book.worksheets[0].cell(2, 6).data_type == "s"


def test_a_whole_year_as_a_file(made: Registry) -> None:
    data = b"".join(stranger("zh-CN").get("/public/emitters/?year=2024&as=csv"))
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert head[0] == "代码"
    assert {row[0] for row in rows} == set(EMITTERS)
    assert {row[1] for row in rows} >= {"done发电"}


@pytest.mark.parametrize(
    ("url", "most"), [*((url, 12) for url in PAGES), ("/api/v1/public/emitters/?page_size=1000", 4)]
)
def test_the_number_of_statements_does_not_grow(made: Registry, url: str, most: int) -> None:
    stranger().get(url)
    many(made, 120)
    with CaptureQueriesContext(connection) as lots:
        assert stranger().get(url).status_code == 200
    assert len(lots) <= most
