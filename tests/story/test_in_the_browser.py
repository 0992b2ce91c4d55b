"""The end of a compliance year in five browsers: allocated, surrendered with credits, decided twice, certified.

Jianghai's unit is the one of the story through the API; the numbers are worked out beside it. The site keeps the
world's time, so 2024's deadline is put forty days ahead of it.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from registry.compliance.models import Deadline
from registry.models import Certificate, ComplianceYear, Transfer
from tests.issuance.conftest import Office
from tests.pages.conftest import Window, complaints, window  # noqa: F401 - fixtures
from tests.support.processes import Worker
from tests.support.registry import Registry, make_registry

OpenWindow = Callable[..., Window]
YEAR = "/registry/compliance/2024/"
#: A worker issues; everything else answers at once.
ISSUED_WITHIN = 20_000


@pytest.fixture
def made(transactional_db: None) -> Registry:
    """70 % of 2023's 2 000 000 t is issued; 2024 is verified; 90 000 CCER are bought."""
    registry = make_registry(emitters=("jianghai",))
    Deadline.objects.filter(year=2024).update(day=clock.now().date() + dt.timedelta(days=40))
    registry.year("jianghai", 2024)
    office = Office(registry)
    office.report("jianghai", 2023, 2_000_000, generation_mwh="2300000", heat_gj="800000", load_factor="0.7")
    office.issue(2024, "pre")
    office.report("jianghai", 2024, 2_700_000, generation_mwh="3000000", heat_gj="1000000", load_factor="0.6")
    registry.give("jianghai", "CCER", 90_000)
    assert registry.balance("jianghai", "CEA24") == 1_400_000
    return registry


@pytest.fixture
def person(made: Registry, window: OpenWindow) -> Callable[[str, str], Page]:  # noqa: F811
    """`person("checker@registry", "/inbox/")`: signed in, in a browser of their own."""

    def sign_in(name: str, path: str) -> Page:
        return window().sign_in(made.people[name].email, path)

    return sign_in


@pytest.mark.first
def test_from_the_final_allocation_to_the_certificate(
    made: Registry,
    worker: Worker,
    person: Callable[[str, str], Page],
    window: OpenWindow,  # noqa: F811
) -> None:
    plan = sends_the_final_allocation(person("issuer@registry", "/registry/allocation/"))
    issues_it(person("checker@registry", "/inbox/"), plan)
    assert made.balance("jianghai", "CEA24") == 2_621_916
    initiator = person("initiator@jianghai", "/registry/")
    surrenders_with_credits(initiator)
    assert made.balance("jianghai", "CEA24", "pending") == 2_610_000
    approves(person("approver@jianghai", "/inbox/"), "Checked against the notice")
    assert ComplianceYear.objects.get(year=2024).surrendered_t == 0, "the province has not decided yet"
    approves(person("approver@shanghai", "/inbox/"), "Agrees with the verified emissions")
    sees_the_year_complete(initiator)
    anybody_checks_the_certificate(window(), Certificate.objects.get().number)
    assert made.balance("jianghai", "CEA24", "surrendered") == 2_610_000
    assert made.balance("jianghai", "CCER", "surrendered") == 90_000
    assert made.balance("jianghai", "CEA24") == 11_916


def sends_the_final_allocation(page: Page) -> str:
    """3 000 000 × 0.7910 × 1.015^4 = 2 518 616; 1 000 000 × 0.1033 = 103 300; 2 621 916 less 1 400 000."""
    page.select_option("#make-year", "2024")
    page.select_option("#make-province", "310000")
    page.select_option("#make-stage", "final")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".figures-row").first).to_contain_text("1\u00a0221\u00a0916")
    page.get_by_role("link", name="jianghai Power").first.click()
    expect(page.get_by_text("× 1.061364 =")).to_be_visible()
    for step in ("2\u00a0518\u00a0616", "103\u00a0300", "2\u00a0621\u00a0916"):
        expect(page.locator("main")).to_contain_text(step)
    page.go_back()
    page.fill("#reason", "As worked out from the verified figures")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text("decides now")).to_be_visible()
    return page.url


def issues_it(page: Page, plan: str) -> None:
    """Found in the inbox, decided on its own page, followed until it is done."""
    page.get_by_role("link", name="Allocation plan").click()
    page.get_by_role("link", name="Open its page").click()
    assert page.url == plan
    page.fill("#reason", "As the table says")
    page.get_by_role("button", name="Approve and issue").click()
    expect(page.get_by_text("in 1 transfers")).to_be_visible(timeout=ISSUED_WITHIN)
    assert Transfer.objects.filter(kind="issuance", amount=1_221_916, asset="CEA24").count() == 1


def surrenders_with_credits(page: Page) -> None:
    """90 000 CCER are 3.33 % of 2 700 000, below 5 %; 2 610 000 CEA24 are the rest."""
    page.click(f"a.card-link[href='{YEAR}']")
    expect(page.locator("#need")).to_have_text("2\u00a0700\u00a0000")
    expect(page.locator("#have")).to_have_text("2\u00a0711\u00a0916")
    page.fill("#qty-CCER", "90000")
    page.fill("#qty-CEA24", "2610000")
    page.fill("#reason", "The obligation of 2024")
    page.get_by_role("button", name="Check your answers").click()
    for figure in ("2\u00a0610\u00a0000", "90\u00a0000", "2\u00a0700\u00a0000"):
        expect(page.locator("tbody")).to_contain_text(figure)
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".said-success")).to_be_visible()


def approves(page: Page, reason: str) -> None:
    page.get_by_role("link", name="Surrender", exact=True).click()
    for line in ("CEA24 2\u00a0610\u00a0000 t", "CCER 90\u00a0000 t"):
        expect(page.locator("#what-title + .summary")).to_contain_text(line)
    page.fill("#reason", reason)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".said-success")).to_be_visible()


def sees_the_year_complete(page: Page) -> None:
    page.goto(page.url.split("/inbox/")[0] + YEAR)
    expect(page.locator(".year-head .tag").first).to_contain_text("Complete")
    expect(page.locator("#gap")).to_have_text("0")
    expect(page.locator("#surrendered")).to_have_text("2\u00a0700\u00a0000")


def anybody_checks_the_certificate(stranger: Window, number: str) -> None:
    """Without signing in: the page, its proof, and the PDF in both languages."""
    page = stranger.open(f"/certificates/{number}/")
    expect(page.locator(".tag.good")).to_contain_text("valid")
    expect(page.locator("main")).to_contain_text("2\u00a0700\u00a0000")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    for link in ("PDF 中文", "PDF English"):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
