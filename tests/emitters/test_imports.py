"""Imports: shown before anything changes, applied whole or not at all, of one's own province only."""

from typing import Any

import pytest

from accounts.credit_codes import check_character
from registry.emitters import activity, plants, units
from registry.emitters.figures import Figures
from registry.emitters.importing import jobs
from registry.emitters.units import UnitRecord
from registry.models import ActivityReport, ComplianceYear, Emitter, ImportJob, RecordChange, Unit
from tests.emitters.support import D, csv_file, headings, refused, xlsx_file
from tests.emitters.test_files import ROW, with_field
from tests.support.registry import Registry, beijing, province_office

AT = beijing(2025, 6, 20)
HEAD = headings("activity")


def own(**fields: object) -> list[object]:
    """A row of 江海's first unit."""
    found: list[object] = with_field("entity", "jianghai", ROW)
    for name, value in fields.items():
        found = with_field(name, value, found)
    return found


def uploaded(
    registry: Registry, content: bytes, *, kind: str = "activity", year: int | None = 2024,
    person: str = "regulator@shanghai",
) -> ImportJob:  # fmt: skip
    return jobs.upload(
        kind=kind, year=year, file_name="file.csv", content=content, by=registry.people[person], at=AT
    )


def confirmed(
    registry: Registry, job: ImportJob, reason: str = "verified", person: str = "regulator@shanghai"
) -> ImportJob:
    return jobs.confirm(job, by=registry.people[person], reason=reason, at=AT)


def reasons(job: ImportJob) -> list[tuple[int, str, str]]:
    assert job.state == "refused"
    return [(one["line"], one["column"], one["reason"]) for one in job.problems]


BOTH = [own(), own(unit="2#", **{"class": "IV"}, verified_t="300000")]


def test_nothing_changes_before_it_is_confirmed_and_all_of_it_then(registry: Registry) -> None:
    job = uploaded(registry, csv_file(BOTH, HEAD))
    assert (job.state, job.rows, job.new, job.changed, job.same) == ("checked", 2, 2, 0, 0)
    assert not ActivityReport.objects.exists()
    done = confirmed(registry, job, reason="")
    assert done.state == "applied"
    year = ComplianceYear.objects.get(emitter__organisation__code="jianghai", year=2024)
    assert (year.verified_t, year.obligation_t) == (3_000_000, 3_000_000)
    assert set(ActivityReport.objects.values_list("entered_by__email", flat=True)) == {
        "regulator@shanghai.example"
    }
    with refused("NOT_CHECKED"):
        confirmed(registry, job)
    assert ActivityReport.objects.count() == 2


def test_the_preview_tells_new_changed_and_same_apart(registry: Registry) -> None:
    confirmed(registry, uploaded(registry, csv_file(BOTH[:1], HEAD)))
    job = uploaded(registry, xlsx_file([BOTH[0], BOTH[1]], HEAD))
    assert (job.new, job.changed, job.same) == (1, 0, 1)
    job = uploaded(registry, csv_file([own(verified_t="2600000")], HEAD))
    assert (job.new, job.changed, job.same) == (0, 1, 0)
    assert job.changes[0]["before"] == {"verified_t": "2700000"}
    assert job.changes[0]["after"] == {"verified_t": "2600000"}
    with refused("REASON_MISSING"):
        confirmed(registry, job, reason=" ")
    confirmed(registry, job, reason="meter")
    newest = ActivityReport.objects.latest("pk")
    assert (newest.version, newest.reason) == (2, "meter")


def test_what_has_changed_since_the_preview_is_shown_anew_and_not_applied(
    registry: Registry, unit: Unit, figures: Figures
) -> None:
    job = uploaded(registry, csv_file(BOTH, HEAD))
    by = registry.people["regulator@shanghai"]
    activity.enter(unit, 2024, figures, by=by, reason="", at=AT)
    done = confirmed(registry, job)
    assert (done.state, done.stale, done.new, done.changed) == ("checked", True, 1, 1)
    assert ActivityReport.objects.count() == 1
    assert confirmed(registry, done).state == "applied"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (own(entity="nobody"), [(2, "entity", "unknown_emitter")]),
        (own(entity="cangjiang"), [(2, "entity", "unknown_emitter")]),
        (own(unit="9#"), [(2, "unit", "unknown_unit")]),
        (own(**{"class": "II"}), [(2, "class", "other_class")]),
        (own(output_t="5"), [(2, "output_t", "not_for_sector")]),
        (own(heat_gj=""), [(2, "heat_gj", "empty_field")]),
        (own(entity="hongta", unit="L1", **{"class": ""}, cooling=""), [
            (2, "output_t", "empty_field"), (2, "intensity", "empty_field"), (2, "generation_mwh", "not_for_sector"),
            (2, "supply_mwh", "not_for_sector"), (2, "heat_gj", "not_for_sector"), (2, "load_factor", "not_for_sector"),
            (2, "heat_ratio", "not_for_sector"),
        ]),
    ],
)  # fmt: skip
def test_a_row_that_the_registry_does_not_know_stops_the_file(
    registry: Registry, row: list[object], expected: list[tuple[int, str, str]]
) -> None:
    job = uploaded(registry, csv_file([row], HEAD))
    assert reasons(job) == expected
    with refused("NOT_CHECKED"):
        confirmed(registry, job)


def test_an_emitter_that_is_not_listed_for_the_year_takes_no_figures(registry: Registry) -> None:
    assert reasons(uploaded(registry, csv_file([own()], HEAD), year=2023)) == [(2, "entity", "not_covered")]


def test_one_bad_row_of_many_refuses_all(registry: Registry) -> None:
    job = uploaded(registry, csv_file([*BOTH, own(unit="3#", heat_gj="-1")], HEAD))
    assert reasons(job) == [(4, "heat_gj", "negative")]


def test_a_unit_under_two_names_of_its_emitter_is_the_same_unit(registry: Registry) -> None:
    organisation = registry.organisations["jianghai"]
    organisation.credit_code = "91310116660779822N"
    organisation.save()
    job = uploaded(registry, csv_file([own(), own(entity="91310116660779822N")], HEAD))
    assert reasons(job) == [(3, "unit", "duplicate")]


@pytest.mark.parametrize("person", ["regulator@mee", "initiator@jianghai", "issuer@registry"])
def test_only_a_provinces_regulator_imports(registry: Registry, person: str) -> None:
    with refused("ROLE_MISSING"):
        uploaded(registry, csv_file(BOTH, HEAD), person=person)


def test_another_provinces_import_is_neither_seen_nor_confirmed(registry: Registry) -> None:
    job = uploaded(registry, csv_file(BOTH, HEAD))
    assert not jobs.visible(registry.people["regulator@yunnan"]).exists()
    assert not jobs.visible(registry.people["initiator@jianghai"]).exists()
    assert jobs.visible(registry.people["regulator@mee"]).get() == job
    with refused("NOT_YOURS"):
        confirmed(registry, job, person="regulator@yunnan")
    with refused("NOT_YOURS"):
        jobs.drop(job, by=registry.people["regulator@yunnan"])


def test_a_dropped_import_is_over(registry: Registry) -> None:
    job = uploaded(registry, csv_file(BOTH, HEAD))
    jobs.drop(job, by=registry.people["regulator@shanghai"])
    with refused("NOT_CHECKED"):
        confirmed(registry, job)


# --- emitters and units --------------------------------------------------------------------------
def code_of(number: int, region: str = "310000") -> str:
    first = f"91{region}{number:09d}"
    return first + check_character(first)


def line(number: int, unit: str = "1#", **fields: object) -> list[object]:
    row: list[object] = [
        code_of(number),
        f"电厂{number}",
        f"Plant {number}",
        "上海市",
        "发电",
        unit,
        "",
        "I",
        660,
        "water",
    ]
    for name, value in fields.items():
        row = with_field(name, value, row, headings("emitters"))
    return row


def emitters_file(*rows: list[object]) -> bytes:
    return csv_file(rows, headings("emitters"))


def test_new_emitters_come_with_their_units_history_and_year(registry: Registry) -> None:
    content = emitters_file(line(1), line(1, "2#", capacity_mw="330.5"), line(2))
    job = uploaded(registry, content, kind="emitters", year=2025)
    assert (job.state, job.new) == ("checked", 3)
    confirmed(registry, job)
    made = Emitter.objects.get(organisation__code=code_of(1))
    assert (made.organisation.province, made.sector, made.synthetic) == ("310000", "power", False)
    assert dict(made.units.values_list("code", "capacity_mw")) == {"1#": D(660), "2#": D("330.5")}
    assert ComplianceYear.objects.filter(year=2025).count() == 2
    assert RecordChange.objects.filter(by=registry.people["regulator@shanghai"]).count() == 3
    # The same file once more changes nothing.
    again = uploaded(registry, content, kind="emitters", year=2025)
    assert (again.new, again.changed, again.same) == (0, 0, 3)


def test_a_changed_unit_and_a_new_name_are_shown_before_and_after(registry: Registry) -> None:
    confirmed(registry, uploaded(registry, emitters_file(line(1), line(1, "2#")), kind="emitters", year=None))
    rows = [line(1, capacity_mw="700", name_zh="新名"), line(1, "2#", name_zh="新名")]
    job = uploaded(registry, emitters_file(*rows), kind="emitters", year=None)
    assert (job.new, job.changed, job.same) == (0, 1, 1)
    assert job.changes[0]["after"] == {"capacity_mw": "700", "name_zh": "新名"}
    confirmed(registry, job, reason="uprated and renamed")
    made = Emitter.objects.get(organisation__code=code_of(1))
    assert made.organisation.name_zh == "新名"
    assert made.units.get(code="1#").capacity_mw == 700
    change = RecordChange.objects.filter(emitter=made).latest("pk")
    assert (change.before, change.reason) == (
        {"capacity_mw": "660", "name_zh": "电厂1"},
        "uprated and renamed",
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([line(1, province="530000")], [(2, "province", "other_province")]),
        ([line(1), line(1, "2#", name_zh="别名")], [(3, "name_zh", "contradicts")]),
        ([line(1), line(1)], [(3, "unit", "duplicate")]),
        ([line(1, **{"class": ""})], [(2, "class", "empty_field")]),
        ([line(1, sector="steel")], [(2, "class", "not_for_sector"), (2, "cooling", "not_for_sector")]),
    ],
)  # fmt: skip
def test_wrong_emitters_are_refused_whole(
    registry: Registry, rows: list[list[object]], expected: list[tuple[int, str, str]]
) -> None:
    assert reasons(uploaded(registry, emitters_file(*rows), kind="emitters", year=None)) == expected
    assert Emitter.objects.count() == 3


def test_a_code_of_another_province_or_of_no_emitter_is_taken(registry: Registry) -> None:
    units.add_emitter(
        credit_code=code_of(7), name_zh="云南", name_en="Y", sector="power",
        by=registry.people["regulator@yunnan"], reason="new", at=AT,
    )  # fmt: skip
    job = uploaded(registry, emitters_file(line(7)), kind="emitters", year=None)
    assert reasons(job) == [(2, "credit_code", "code_taken")]


def test_a_sector_is_not_changed_by_a_file(registry: Registry) -> None:
    by = registry.people["regulator@shanghai"]
    made = units.add_emitter(
        credit_code=code_of(8), name_zh="钢", name_en="S", sector="steel", by=by, reason="new", at=AT
    )
    units.add_unit(made, UnitRecord("L1"), by=by, reason="new", at=AT)
    job = uploaded(registry, emitters_file(line(8)), kind="emitters", year=None)
    assert reasons(job) == [(2, "sector", "sector_fixed")]


@pytest.mark.real_data
def test_the_list_of_real_plants_is_imported_province_by_province(registry: Registry, real_data: Any) -> None:
    found, unplaced = plants.read_plants((real_data / "power_plants_cn.csv").read_text(encoding="utf-8"))
    assert len(found) + len(unplaced) == 1_071
    assert len(found) > 750
    assert all(one.column in {"Location", "Capacity (MW)", "Fuel"} and one.line > 1 for one in unplaced)
    for province in sorted({plant.province for plant in found}):
        people = {"310000": "regulator@shanghai", "530000": "regulator@yunnan"}
        if province not in people:
            office = province_office(f"p{province}", province, province, province)
            registry.organisations[office.code] = office
            registry.person(office, "regulator", "regulator")
        person = people.get(province, f"regulator@p{province}")
        content = plants.as_file([plant for plant in found if plant.province == province])
        job = uploaded(registry, content, kind="emitters", year=2024, person=person)
        assert job.state == "checked", job.problems[:3]
        assert confirmed(registry, job, person=person).state == "applied"
    assert Emitter.objects.count() == 3 + len({plant.number for plant in found})
    assert Unit.objects.count() == 4 + len(found)
