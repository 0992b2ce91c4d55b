"""An import in a real browser: upload, preview, confirm; a large one with a worker; nothing that hinders anybody."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from exchange.models import TradingDay
from registry.models import ActivityReport, Emitter
from tests.emitters.support import csv_file, headings
from tests.emitters.test_imports import BOTH, line
from tests.pages.conftest import Window, complaints, window
from tests.pages.test_accessibility import violations
from tests.support.processes import Site, Worker
from tests.support.registry import Registry, make_registry

__all__ = ["complaints", "window"]
REGULATOR = "regulator@shanghai.example"


def made() -> Registry:
    registry = make_registry(emitters=("jianghai",))
    registry.year("jianghai", 2024)
    registry.unit("jianghai", "1#")
    registry.unit("jianghai", "2#", "IV")
    assert not TradingDay.objects.exists()
    return registry


def test_a_file_is_uploaded_shown_and_confirmed(
    site: Site, window: Callable[..., Window], tmp_path: Path
) -> None:
    made()
    file = tmp_path / "figures.csv"
    file.write_bytes(csv_file(BOTH, headings("activity")))
    page = window().sign_in(REGULATOR, "/registry/imports/")
    found = violations(page)
    page.select_option("#kind", "activity")
    page.select_option("#year", "2024")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Read and show").click()
    expect(page.get_by_role("heading", name="What it changes")).to_be_visible()
    assert not ActivityReport.objects.exists()
    found += violations(page)
    page.get_by_role("button", name="Confirm and apply").click()
    expect(page.locator("h1 .tag")).to_have_text("Applied")
    assert ActivityReport.objects.count() == 2
    page.goto(f"{site.url}/registry/emissions/2024/")
    page.get_by_role("link", name="Enter or correct").click()
    expect(page.get_by_label("Reason of the correction").first).to_be_visible()
    found += violations(page)
    page.goto(f"{site.url}/registry/emitters/jianghai/")
    found += violations(page)
    page.goto(f"{site.url}/registry/emitters/")
    found += violations(page)
    assert found == []


def test_a_large_file_is_applied_by_a_worker_while_the_page_waits(
    site: Site, worker: Worker, window: Callable[..., Window], tmp_path: Path
) -> None:
    made()
    file = tmp_path / "emitters.csv"
    file.write_bytes(csv_file([line(number) for number in range(800)], headings("emitters")))
    page = window(viewport={"width": 390, "height": 844}).sign_in(REGULATOR, "/registry/imports/")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Read and show").click()
    page.get_by_role("button", name="Confirm and apply").click()
    expect(page.locator("h1 .tag")).to_have_text("Applied", timeout=30_000)
    assert Emitter.objects.count() == 801
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
