"""The emitter's year, the landing by role, shortfalls and certificates as people see them."""

import datetime as dt
import io
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts import clock
from registry.certificates import issue, new_number, normal_form
from registry.certificates.issuing import digest
from registry.certificates.pdf import pdf
from registry.compliance import deadline
from registry.compliance.models import Certificate, Deadline, Surrender
from tests.compliance.conftest import AT, year_of
from tests.support.registry import Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_year(made: Registry) -> Registry:
    Deadline.objects.filter(year=2025).update(day=clock.now().date() + dt.timedelta(days=40))
    return made


def signed_in(made: Registry, who: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(made.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def certificate(made: Registry) -> Certificate:
    return issue(
        "compliance",
        made.organisations["jianghai"],
        {
            "year": 2024, "obligation_t": 100_000, "surrendered_t": 100_000, "allowances_t": 95_000,
            "credits_t": 5_000, "sector": "power", "province": "310000", "credit_code": "", "synthetic": True,
            "deadline": "2025-12-31", "completed_on": "2025-12-01", "in_time": True,
        },
        AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("initiator@jianghai", "60\u00a0000 t to go"),
        ("regulator@shanghai", "Shortfalls"),
        ("issuer@registry", "Allocation"),
        ("regulator@mee", "Surrender status"),
    ],
)
def test_the_landing_by_role(open_year: Registry, who: str, says: str) -> None:
    page = signed_in(open_year, who).get("/registry/")
    assert page.status_code == 200
    assert says in page.content.decode()


def test_the_landing_for_strangers(open_year: Registry) -> None:
    page = Client(headers={"accept-language": "en"}).get("/registry/").content.decode()
    assert "Check a certificate" in page
    assert "Compliance 2025" not in page


def test_the_year_shows_need_have_gap_and_the_way(open_year: Registry) -> None:
    open_year.give("jianghai", "CEA25", 4_000, "trading")
    page = signed_in(open_year, "initiator@jianghai").get("/registry/compliance/2025/").content.decode()
    figures = dict(re.findall(r'<dd id="(\w+)"[^>]*>([^<]+)</dd>', page))
    # 50 000 and 4 000 CEA25, and the 3 000 CCER that the cap takes of 10 000.
    assert figures == {
        "need": "60\u00a0000", "surrendered": "0", "pending": "0", "have": "57\u00a0000", "gap": "3\u00a0000",
    }  # fmt: skip
    assert "40 days left" in page
    assert "carry over first" in page
    assert 'id="qty-CEA25" value="50000"' in page
    assert "move 4\u00a0000" in page
    assert " style=" not in page


def test_in_chinese_too(open_year: Registry) -> None:
    page = signed_in(open_year, "initiator@jianghai", "zh-hans").get("/registry/compliance/2025/")
    assert "应清缴" in page.content.decode()


def test_of_others_there_is_nothing(open_year: Registry) -> None:
    for who in ("initiator@yunling", "issuer@registry", "regulator@mee"):
        client = signed_in(open_year, who)
        assert client.get("/registry/compliance/2025/").status_code == 404
        assert client.post("/registry/compliance/2025/surrender/").status_code == 404
    assert Client().get("/registry/compliance/2025/").status_code == 302


def test_check_then_send(open_year: Registry) -> None:
    client = signed_in(open_year, "initiator@jianghai")
    typed = {"qty-CEA25": "20 000", "qty-CCER": "", "reason": "for 2025", "step": "check"}
    page = client.post("/registry/compliance/2025/surrender/", typed).content.decode()
    assert "Then still to be surrendered" in page
    assert "40\u00a0000" in page
    assert not Surrender.objects.exists()
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    for _twice in range(2):
        sent = client.post("/registry/compliance/2025/surrender/", {**hidden, "step": "send"}, follow=True)
        assert sent.status_code == 200
    assert Surrender.objects.get().quantity_t == 20_000
    assert year_of(open_year, year=2025).pending_t == 20_000


@pytest.mark.parametrize(
    ("typed", "says", "status"),
    [
        ({"qty-CEA25": "1.5"}, "whole tonnes", 400),
        ({"qty-CEA25": "-5"}, "whole tonnes", 400),
        ({"qty-CEA25": "60001"}, "more than the", 409),
        ({"qty-CCER": "3001"}, "5 % of the obligation", 409),
        ({"qty-CEA24": "1"}, "CEA25 and later only", 409),
        ({}, "at least one unit", 409),
        ({"qty-CEA25": "1", "beneficiary": "nobody"}, "no covered emitter", 409),
        ({"qty-CEA25": "1", "reason": " "}, "Give a reason", 409),
    ],
)
def test_what_is_refused_comes_back_as_typed(
    open_year: Registry, typed: dict[str, str], says: str, status: int
) -> None:
    client = signed_in(open_year, "initiator@jianghai")
    answer = client.post(
        "/registry/compliance/2025/surrender/", {"reason": "my own words", "step": "check", **typed}
    )
    page = answer.content.decode()
    assert answer.status_code == status
    assert says in page
    if "qty-CEA25" in typed:
        assert f'value="{typed["qty-CEA25"]}"' in page
    assert typed.get("reason", "my own words").strip() in page


def test_shortfalls_for_authorities_with_their_working(made: Registry) -> None:
    made.year("yunling", 2023, obligation_t=5)
    made.year("yunling", 2022, obligation_t=7)
    for year, day in ((2023, "2024-12-31"), (2022, "2023-12-31")):
        Deadline.objects.create(year=year, day=day)
        deadline.pass_deadline(year, clock.now())
    province = signed_in(made, "regulator@shanghai")
    page = province.get("/registry/shortfalls/").content.decode()
    assert "no trades in the month" in page
    assert "20\u00a0000.00" in page
    short = year_of(made, "yunling", 2023).shortfall
    page = province.get(f"/registry/shortfalls/{short.pk}/").content.decode()
    assert "the market had no trades that month" in page
    assert "Decree 775" in page
    typed = {"fine": "100.00", "deduction": "0", "decision": "文号 1", "reason": "late"}
    answer = province.post(f"/registry/shortfalls/{short.pk}/", typed, follow=True)
    assert answer.status_code == 200
    short.refresh_from_db()
    assert short.state == "proposed"
    assert signed_in(made, "regulator@yunnan").get(f"/registry/shortfalls/{short.pk}/").status_code == 404
    assert signed_in(made, "approver@jianghai").get("/registry/shortfalls/").status_code == 403
    own = signed_in(made, "approver@yunling").get(f"/registry/shortfalls/{short.pk}/").content.decode()
    assert "文号 1" not in own, "a proposal is no decision"


def test_the_certificates_page_is_public(certificate: Certificate) -> None:
    page = Client(headers={"accept-language": "en"}).get(f"/certificates/{certificate.number}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "jianghai Power" in text
    assert certificate.sha256 in text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert "Made up for the demo" in text
    assert digest(certificate.content) == certificate.sha256


def test_the_look_up_helps(certificate: Certificate) -> None:
    client = Client(headers={"accept-language": "en"})
    typed = certificate.number.lower().replace("-", " ")
    assert (
        client.get("/certificates/", {"number": typed}).headers["Location"].endswith(f"{certificate.number}/")
    )
    wrong = certificate.number[:-1] + ("2" if certificate.number[-1] != "2" else "3")
    assert "sign by sign" in client.get("/certificates/", {"number": wrong}).content.decode()
    unknown = client.get("/certificates/", {"number": new_number("compliance", 2024)})
    assert (unknown.status_code, "No certificate was issued" in unknown.content.decode()) == (404, True)
    assert client.get(f"/certificates/{wrong}/").status_code == 404


def test_a_wrong_sign_or_a_swap_is_seen() -> None:
    number = new_number("cancellation", 2026)
    assert normal_form(number) == number
    signs = number.replace("-", "")
    for at in range(len(signs) - 1):
        swapped = signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :]
        if swapped != signs:
            assert normal_form(swapped) == ""


def test_the_pdf_shows_chinese_and_is_the_same_every_time(certificate: Certificate) -> None:
    address = f"https://registry.example/certificates/{certificate.number}/"
    made = pdf(certificate, "zh-hans", address=address)
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "履约证明" in text
    assert "jianghai发电" in text
    assert certificate.number in text
    assert certificate.sha256 in text
    assert address in text
    assert made == pdf(certificate, "zh-hans", address=address)
    fonts = PdfReader(io.BytesIO(made)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert all("FontFile2" in str(_descriptor(font)) for font in fonts.values())
    english = PdfReader(io.BytesIO(pdf(certificate, "en"))).pages[0].extract_text()
    assert "Certificate of surrender" in english


def _descriptor(font: object) -> object:
    return font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()  # type: ignore[attr-defined]


def test_the_pdf_is_downloaded_in_both_languages(certificate: Certificate) -> None:
    for language, word in (("zh", "证明"), ("en", "Certificate")):
        answer = Client().get(f"/certificates/{certificate.number}/pdf/", {"lang": language})
        assert answer.headers["Content-Type"] == "application/pdf"
        assert word in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
