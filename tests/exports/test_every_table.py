"""Every table of the registry's pages leaves as CSV and XLSX: with its readers' rows, and no more than the page shows."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from accounts.rights.table import TABLE
from registry.models import ImportJob
from tests.rights.world import NOW, World, make_world
from tests.support import story_clock

#: Who, the address of the page, a value in its table that a plain number, day or word must be in the file.
TABLES = [
    ("issuer@registry", "/registry/freezes/", "(2026) 1, court"), ("initiator@jianghai", "/registry/pledges/", "1000000.00"),
    ("initiator@jianghai", "/registry/trusted/", "On the list"), ("initiator@jianghai", "/registry/transfers/", "216091"),
    ("initiator@jianghai", "/registry/carry-over/", "77"), ("initiator@jianghai", "/registry/cancellations/", "393241"),
    ("regulator@shanghai", "/registry/shortfalls/", "jianghai"), ("regulator@shanghai", "/registry/allocation/", "2024"),
    ("regulator@shanghai", "/registry/emissions/2024/", "2000000"), ("regulator@shanghai", "/registry/imports/", "bad.csv"),
    ("regulator@shanghai", "/registry/imports/{job}/", "heat_gj"), ("regulator@shanghai", "/registry/emitters/", "jianghai"),
    ("regulator@shanghai", "/registry/adjustments/", "1000"), ("issuer@registry", "/registry/credits/", "CCER-1"),
    ("initiator@jianghai", "/registry/holdings/", "CEA24"), ("initiator@jianghai", "/registry/holdings/movements/", "issuance"),
    ("regulator@shanghai", "/registry/allocation/{plan}/", "jianghai"), ("regulator@shanghai", "/regulator/emitters/", "jianghai"),
    ("regulator@shanghai", "/regulator/overdue/?year=2024", "jianghai"), ("regulator@shanghai", "/regulator/vintages/", "CEA24"),
    ("", "/public/emitters/?year=2024", "jianghai"), ("", "/public/vintages/", "CEA24"), ("", "/public/projects/", "CCER-1"),
]  # fmt: skip


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"
    story_clock.set_to(NOW)
    world = make_world()
    problem = {"line": "3", "column": "heat_gj", "reason": "negative", "value": "-1", "limit": ""}
    job = ImportJob.objects.create(
        kind="activity", year=2024, province="310000", file_name="bad.csv", content=b"x", sha256="0" * 64,
        state="refused", rows=1, problems=[problem], uploaded_by=world.person("regulator@shanghai"), uploaded_at=NOW,
    )  # fmt: skip
    world.parts["job"] = job.pk
    return world


def files_of(world: World, person: str, page: str) -> tuple[list[list[str]], list[list[Any]]]:
    """The table as CSV and as XLSX."""
    client = Client(headers={"accept-language": "en"})
    if person:
        client.force_login(world.person(person), backend="django.contrib.auth.backends.ModelBackend")
    address = page.format(**world.parts)
    address += "&" if "?" in address else "?"
    answers = [client.get(f"{address}as={form}") for form in ("csv", "xlsx")]
    assert [answer.status_code for answer in answers] == [200, 200], page
    text, book = (answer.getvalue() for answer in answers)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    return rows, [list(row) for row in sheet.iter_rows(values_only=True)]


def test_every_table_is_a_file_too(world: World) -> None:
    wrong = []
    for person, page, wanted in TABLES:
        rows, sheet = files_of(world, person, page)
        if (
            len(rows) < 2
            or len(rows) != len(sheet)
            or wanted not in {cell for row in rows[1:] for cell in row}
        ):
            wrong.append((page, wanted, rows[:3]))
    assert wrong == []


def test_numbers_are_numbers_and_another_provinces_rows_are_not_in_it(world: World) -> None:
    _rows, sheet = files_of(world, "initiator@jianghai", "/registry/transfers/")
    assert sheet[1][sheet[0].index("Tonnes, t")] == 216_091
    for page in (
        "/registry/emissions/2024/",
        "/registry/shortfalls/",
        "/registry/imports/",
        "/registry/pledges/",
    ):
        rows, _sheet = files_of(world, "regulator@yunnan", page)
        assert len(rows) == 1, page


def test_no_list_of_the_registry_is_left_out() -> None:
    """Addresses with nothing to fill in are lists or forms; the lists are all above."""
    no_lists = {
        "registry/", "registry/emitters/new/", "registry/emissions/", "registry/credits/new/", "registry/factors/new/",
        "registry/freezes/new/", *(f"registry/{page}/new/" for page in (
            "pledges", "transfers", "carry-over", "cancellations", "trusted",
        )), "registry/allocation/make/", "registry/allocation/upload/", "registry/inclusion/new/", "registry/inclusion/rewards/",
        "registry/inclusion/", "registry/inclusion/me/", "registry/inclusion/me/do/",
    }  # fmt: skip
    routes = {route for route in TABLE if route.startswith("registry/") and "<" not in route} - no_lists
    listed = {page.strip("/") + "/" for _person, page, _wanted in TABLES}
    assert sorted(routes - listed) == []
