"""The regulator's pages: numbers by hand, nobody else's province, few statements, files that open."""

import csv
import io
import itertools
from collections.abc import Callable

import openpyxl
import pytest
from django.db import InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Organisation
from registry.models import ComplianceYear, Emitter, Look
from registry.oversight import vintages, years
from registry.oversight.pictures import bar
from tests.oversight.conftest import YEAR, shortfall, trade
from tests.support.registry import SHANGHAI, Registry, beijing
from tests.support.trading_day import tamper

People = Callable[..., Client]
NATION, PROVINCE = "regulator@mee", "regulator@shanghai"
IN_TIME, PASSED = beijing(2025, 12, 20).date(), beijing(2026, 1, 5).date()


def test_a_year_in_figures(made: Registry) -> None:
    found = years.overview(years.rows_of(made.people[NATION], YEAR, IN_TIME))
    whole = found.whole
    assert (whole.emitters, whole.states) == (5, {"complete": 2, "part": 1, "open": 1, "not_due": 1})
    assert (whole.verified_t, whole.surrendered_t, whole.obligation_t, whole.gap_t) == (
        4_000,
        2_200,
        4_000,
        1_800,
    )
    assert (str(whole.complete_pct), str(whole.surrendered_pct)) == ("40", "55")
    assert [(group.key, group.emitters, group.gap_t) for group in found.by_province] == [
        ("310000", 3, 1_800),
        ("530000", 2, 0),
    ]
    assert [(group.key, group.surrendered_t) for group in found.by_sector] == [
        ("power", 2_200), ("steel", 0), ("cement", 0),
    ]  # fmt: skip


def test_after_the_deadline_what_is_missing_is_overdue(made: Registry) -> None:
    whole = years.overview(years.rows_of(made.people[NATION], YEAR, PASSED)).whole
    assert whole.states == {"complete": 2, "overdue": 2, "not_due": 1}


def test_a_province_counts_its_own(made: Registry) -> None:
    user = made.people[PROVINCE]
    assert years.overview(years.rows_of(user, YEAR, IN_TIME)).whole.emitters == 3
    assert [
        row.emitter.organisation.code for row in years.largest_gaps(years.rows_of(user, YEAR, IN_TIME))
    ] == [
        "half",
        "none",
    ]
    assert [(point.day.day, point.total_t) for point in years.curve(user, YEAR)] == [(3, 500), (4, 1_500)]
    assert [point.total_t for point in years.curve(made.people[NATION], YEAR)] == [1_200, 2_200]


def test_a_bar_is_as_wide_as_its_emitters(made: Registry) -> None:
    whole = years.overview(years.rows_of(made.people[NATION], YEAR, IN_TIME)).whole
    with translation.override("en"):
        assert [(piece.state, piece.count, piece.x, piece.width) for piece in bar(whole)] == [
            ("complete", 2, "0.00", "80.00"),
            ("part", 1, "80.00", "40.00"),
            ("open", 1, "120.00", "40.00"),
            ("not_due", 1, "160.00", "40.00"),
        ]


@pytest.mark.parametrize(("language", "words"), [("en", "Largest gaps"), ("zh-CN", "最大缺口")])
def test_the_overview_speaks_both_languages(as_person: People, language: str, words: str) -> None:
    page = as_person(NATION, language).get(f"/regulator/?year={YEAR}").text
    assert words in page
    assert "style=" not in page.replace("stylesheet", "")
    assert "2\u00a0200 / 4\u00a0000" in page


def test_the_table_is_filtered_sorted_and_paged(as_person: People) -> None:
    client = as_person(NATION)

    def codes(query: str) -> list[str]:
        page = client.get(f"/regulator/emitters/?year={YEAR}&{query}")
        return [row.emitter.organisation.code for row in page.context["rows"]]

    assert codes("") == ["done", "half", "late", "none", "south"]
    assert codes("sort=-verified") == ["half", "done", "south", "none", "late"]
    assert codes("sector=power&province=310000") == ["done", "half"]
    assert codes("state=complete") == ["done", "south"]
    assert codes("q=HAL") == ["half"]
    assert codes("sort=nonsense&state=nonsense&page=99&q=%00") == ["done", "half", "late", "none", "south"]
    assert "No emitter answers" in client.get(f"/regulator/emitters/?year={YEAR}&q=zzz").text


URLS = [
    "/regulator/",
    "/regulator/emitters/",
    "/regulator/overdue/",
    "/regulator/vintages/",
    "/regulator/emitters/done/",
]
OVERSEERS = ("mee", "office-national", "shanghai", "registry", "office-registry")


@pytest.mark.parametrize("url", URLS)
def test_rights(made: Registry, as_person: People, url: str) -> None:
    assert Client().get(url).status_code == 302
    analysts = Organisation.objects.create(code="analysts", kind="analyst", name_zh="研", name_en="A")
    made.person(analysts, "analyst", "analyst", "regulator")
    for name in made.people:
        client = as_person(name)
        if name.endswith("@yunnan"):
            expected = 404 if url.endswith("done/") else 200
        else:
            expected = 200 if name.partition("@")[2] in OVERSEERS else 403
        assert client.get(url).status_code == expected, name
        assert client.get(f"{url}?as=csv").status_code == expected, name
        assert client.post(url).status_code == 405, name


def test_one_emitter_in_full_and_the_look_is_kept(made: Registry, as_person: People) -> None:
    made.give("half", "CEA24", 900, "trading")
    made.give("half", "CEA23", 40)
    trade(made, "half", "south", 250)
    made.unit("half", "U7")
    page = as_person(PROVINCE).get("/regulator/emitters/half/")
    assert page.context["page"].paginator.count == 3
    assert [(row.asset, row.amounts) for row in page.context["holdings"]] == [
        ("CEA23", [40, 0]),
        ("CEA24", [0, 650]),
    ]
    for words in ("U7", "south Power", "Trade", "1\u00a0500", "Overdue"):
        assert words in page.text
    look = Look.objects.get()
    assert (look.user, look.organisation.code, look.what) == (made.people[PROVINCE], "half", "emitter")
    as_person(PROVINCE).get("/regulator/emitters/half/?as=csv&table=holdings")
    assert Look.objects.filter(what="holdings.csv").count() == 1
    only = as_person(PROVINCE).get(
        "/regulator/emitters/half/?kind=trade&asset=CEA24&from=2025-11-03&to=2025-11-03"
    )
    assert only.context["page"].paginator.count == 1
    assert as_person(PROVINCE).get("/regulator/emitters/half/?from=2025-11-04").context[
        "page"
    ].paginator.count in {0, 2}


def test_a_refused_look_leaves_no_trace_and_none_can_be_removed(made: Registry, as_person: People) -> None:
    assert as_person(PROVINCE).get("/regulator/emitters/south/").status_code == 404
    assert not Look.objects.exists()
    as_person(NATION).get("/regulator/emitters/south/")
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        Look.objects.all()._raw_delete("default")


def test_the_overdue_list_shows_fines(
    made: Registry, as_person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    shortfall(made, "half", 1_500)
    page = as_person(NATION).get(f"/regulator/overdue/?year={YEAR}")
    rows = {row.emitter.organisation.code: row for row in page.context["rows"]}
    assert set(rows) == {"half", "none"}
    assert "375\u00a0000.00" in page.text  # 1 500 t × 250.00 yuan
    assert "750\u00a0000.00" in page.text
    assert "not computed yet" in page.text


def read_csv(client: Client, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_tables_as_files(made: Registry, as_person: People) -> None:
    Organisation.objects.filter(code="none").update(name_en="=cmd|calc")
    client = as_person(NATION)
    head, *rows = read_csv(client, f"/regulator/emitters/?year={YEAR}&as=csv&sort=-verified")
    assert head[:3] == ["Code", "Emitter", "Province"]
    assert [row[0] for row in rows] == ["half", "done", "south", "none", "late"]
    assert rows[3][1] == "'=cmd|calc"
    assert rows[0][5:11] == ["2000", "2000", "2000", "500", "0", "1500"]
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(f"/regulator/emitters/?year={YEAR}&as=xlsx&state=complete")))
    )
    assert [cell.value for cell in book.worksheets[0]["F"]][1:] == [1_000, 700]
    for table in ("provinces", "sectors", "curve"):
        assert len(read_csv(client, f"/regulator/?year={YEAR}&as=csv&table={table}")) > 2
    for table in ("units", "years", "holdings", "requests", "transfers"):
        assert read_csv(client, f"/regulator/emitters/done/?as=csv&table={table}")
    assert client.get("/regulator/emitters/?as=exe").status_code == 400


def test_the_identity_holds_until_somebody_touches_a_balance(made: Registry, as_person: People) -> None:
    made.give("done", "CEA24", 900)
    client = as_person(NATION)
    page = client.get("/regulator/vintages/")
    assert page.context["holds"] is True
    tamper(
        "UPDATE registry_account SET balance = balance + 7 WHERE asset_id = 'CEA24' AND purpose = 'registry'"
    )
    row = next(row for row in vintages.vintages() if row.code == "CEA24")
    assert (row.issued_t, row.held_t, row.difference_t) == (900, 907, -7)
    page = client.get("/regulator/vintages/")
    assert page.context["holds"] is False
    assert "does not hold" in page.text


def many(made: Registry, count: int) -> None:
    """More emitters of Shanghai in every year from 2019."""
    serial = itertools.count(Organisation.objects.count())
    houses = Organisation.objects.bulk_create(
        Organisation(code=f"m{next(serial)}", kind="emitter", name_zh="多", name_en="Many", province=SHANGHAI)
        for _number in range(count)
    )
    Emitter.objects.bulk_create(
        Emitter(organisation=house, sector="power", synthetic=True) for house in houses
    )
    ComplianceYear.objects.bulk_create(
        ComplianceYear(
            emitter_id=house.pk,
            year=year,
            verified_t=1_000,
            obligation_t=1_000,
            surrendered_t=year % 2 * 1_000,
        )
        for house in houses
        for year in range(2019, 2027)
    )


@pytest.mark.parametrize(("url", "most"), [
    ("/regulator/?year=2024", 22), ("/regulator/emitters/?year=2024", 15), ("/regulator/overdue/?year=2024", 15),
    ("/regulator/vintages/", 12), ("/regulator/emitters/done/", 26),
])  # fmt: skip
def test_the_number_of_statements_does_not_grow(
    made: Registry, as_person: People, url: str, most: int
) -> None:
    client = as_person(NATION)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    many(made, 120)
    with CaptureQueriesContext(connection) as lots:
        client.get(url)
    # The first pages may fill up; what is read for each row may not.
    assert len(lots) <= len(few) + 1
    assert len(lots) <= most
