"""Emitters and units: their province keeps them, and every change stays readable."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.models import Organisation
from registry.emitters import units
from registry.emitters.units import UnitRecord
from registry.models import ComplianceYear, Emitter, RecordChange, Unit
from tests.emitters.support import D, refused
from tests.support.registry import Registry, beijing

AT = beijing(2025, 6, 20)
CODE = "91310116660779822N"
RECORD = UnitRecord("3#", "三号机组", "II", D(300), "air")


def test_a_new_emitter_is_of_its_authoritys_province(registry: Registry) -> None:
    made = units.add_emitter(
        credit_code=CODE, name_zh="新电厂", name_en="New Power", sector="power",
        by=registry.people["regulator@shanghai"], reason="new", at=AT,
    )  # fmt: skip
    assert (made.organisation.province, made.organisation.credit_code) == ("310000", CODE)
    assert not made.synthetic
    with refused("CODE_TAKEN"):
        units.add_emitter(
            credit_code=CODE, name_zh="新电厂", name_en="", sector="power",
            by=registry.people["regulator@yunnan"], reason="new", at=AT,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"credit_code": "91310116660779822M"}, "WRONG_CREDIT_CODE"), ({"sector": "paper"}, "WRONG_SECTOR"),
        ({"name_zh": " "}, "NAME_MISSING"), ({"name_zh": "=SUM(A1)"}, "WRONG_NAME"), ({"name_en": "a\nb"}, "WRONG_NAME"),
        ({"name_zh": "厂" * 201}, "WRONG_NAME"), ({"reason": ""}, "REASON_MISSING"), ({"province": "530000"}, "NOT_YOURS"),
    ],
)  # fmt: skip
def test_an_emitter_with_a_wrong_record_is_refused(
    registry: Registry, fields: dict[str, str], code: str
) -> None:
    given = {
        "credit_code": CODE,
        "name_zh": "新电厂",
        "name_en": "New",
        "sector": "power",
        "reason": "new",
        **fields,
    }
    with refused(code):
        units.add_emitter(**given, by=registry.people["regulator@shanghai"], at=AT)
    assert not Organisation.objects.filter(code=CODE).exists()


def test_the_registrys_issuer_adds_for_a_province_that_it_names(registry: Registry) -> None:
    given = {"credit_code": CODE, "name_zh": "新电厂", "name_en": "", "sector": "power", "reason": "opened"}
    by = registry.people["issuer@registry"]
    with refused("WRONG_PROVINCE"):
        units.add_emitter(**given, by=by, at=AT)
    made = units.add_emitter(**given, province="530000", by=by, at=AT)
    assert (made.organisation.province, made.organisation.name_en) == ("530000", "新电厂")
    units.add_unit(made, RECORD, by=by, reason="opened", at=AT)
    with refused("ROLE_MISSING"):
        units.cover([made], 2025, by=by, reason="x", at=AT)
    for person in ("checker@registry", "regulator@mee"):
        with refused("ROLE_MISSING"):
            units.rename_emitter(
                made, name_zh="x", name_en="y", by=registry.people[person], reason="x", at=AT
            )


def test_a_unit_is_added_and_changed_with_its_history(registry: Registry, unit: Unit) -> None:
    by = registry.people["regulator@shanghai"]
    made = units.add_unit(unit.emitter, RECORD, by=by, reason="commissioned", at=AT)
    with refused("UNIT_TAKEN"):
        units.add_unit(unit.emitter, RECORD, by=by, reason="again", at=AT)
    for reason in ("", " ", "x" * 2_001):
        with refused("REASON_MISSING"):
            units.change_unit(made, replace(RECORD, capacity_mw=D(330)), by=by, reason=reason, at=AT)
    with refused("UNCHANGED"):
        units.change_unit(made, RECORD, by=by, reason="x", at=AT)
    with refused("CODE_FIXED"):
        units.change_unit(made, replace(RECORD, code="4#"), by=by, reason="x", at=AT)
    units.change_unit(made, replace(RECORD, capacity_mw=D(330)), by=by, reason="uprated", at=AT)
    last = RecordChange.objects.filter(unit=made).latest("pk")
    assert (last.before["capacity_mw"], last.after["capacity_mw"]) == ("300", "330")
    assert (last.by, last.reason) == (by, "uprated")


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_class": ""}, {"cooling": "ice"}, {"code": ""}, {"code": "a\nb"}, {"code": "1# "}, {"code": "x" * 41},
        {"capacity_mw": D(0)}, {"capacity_mw": D(100_001)}, {"name": "+cmd"}, {"name": "x" * 121},
    ],
)  # fmt: skip
def test_a_wrong_unit_is_refused(registry: Registry, unit: Unit, wrong: dict[str, Any]) -> None:
    with refused("WRONG_UNIT"):
        units.add_unit(
            unit.emitter,
            replace(RECORD, **wrong),
            by=registry.people["regulator@shanghai"],
            reason="x",
            at=AT,
        )


def test_a_line_of_another_sector_has_no_class(registry: Registry) -> None:
    steel = Emitter.objects.get(sector="steel")
    by = registry.people["regulator@shanghai"]
    with refused("WRONG_UNIT"):
        units.add_unit(steel, RECORD, by=by, reason="x", at=AT)
    units.add_unit(steel, UnitRecord("L2"), by=by, reason="second line", at=AT)


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("regulator@yunnan", "NOT_YOURS"),
        ("regulator@mee", "ROLE_MISSING"),
        ("approver@jianghai", "ROLE_MISSING"),
    ],
)
def test_others_change_nothing(registry: Registry, unit: Unit, person: str, code: str) -> None:
    by = registry.people[person]
    with refused(code):
        units.add_unit(unit.emitter, RECORD, by=by, reason="x", at=AT)
    with refused(code):
        units.change_unit(unit, replace(RECORD, code="1#"), by=by, reason="x", at=AT)
    with refused(code):
        units.rename_emitter(unit.emitter, name_zh="x", name_en="y", by=by, reason="x", at=AT)
    with refused(code):
        units.cover([unit.emitter], 2025, by=by, reason="x", at=AT)


def test_a_rename_keeps_the_old_name_readable(registry: Registry, unit: Unit) -> None:
    by = registry.people["regulator@shanghai"]
    units.rename_emitter(
        unit.emitter, name_zh="江海新能", name_en="Jianghai New", by=by, reason="merged", at=AT
    )
    change = RecordChange.objects.get()
    assert (change.before["name_zh"], change.after["name_zh"]) == ("jianghai发电", "江海新能")


def test_listing_for_a_year_is_once(registry: Registry) -> None:
    emitters = list(Emitter.objects.filter(organisation__province="310000"))
    by = registry.people["regulator@shanghai"]
    assert units.cover(emitters, 2025, by=by, reason="list of 2025", at=AT) == 2
    assert units.cover(emitters, 2025, by=by, reason="again", at=AT) == 0
    assert [row.after for row in RecordChange.objects.filter(reason="list of 2025")] == [{"year": "2025"}] * 2
    assert RecordChange.objects.count() == 2
    assert ComplianceYear.objects.filter(year=2025).count() == 2
    for year in (2018, 2027):
        with refused("WRONG_YEAR"):
            units.cover(emitters, year, by=by, reason="x", at=AT)
