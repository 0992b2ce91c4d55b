"""Verified figures: entered by the province, corrected by a version that says why, the obligation at once with them."""

from dataclasses import replace
from typing import Any

import pytest

from registry.emitters import activity
from registry.emitters.figures import Figures
from registry.models import ActivityReport, ComplianceYear, Unit
from tests.emitters.support import D, refused
from tests.support.registry import Registry, beijing

AT = beijing(2025, 6, 20)


def year_of(registry: Registry, code: str, year: int = 2024) -> ComplianceYear:
    return ComplianceYear.objects.get(emitter=registry.organisations[code].pk, year=year)


def test_the_obligation_stands_when_the_last_unit_is_verified(
    registry: Registry, unit: Unit, figures: Figures
) -> None:
    by = registry.people["regulator@shanghai"]
    activity.enter(unit, 2024, figures, by=by, reason="", at=AT)
    assert year_of(registry, "jianghai").verified_t is None
    second = Unit.objects.get(emitter=unit.emitter, code="2#")
    activity.enter(second, 2024, replace(figures, verified_t=300_000), by=by, reason="", at=AT)
    year = year_of(registry, "jianghai")
    assert (year.verified_t, year.obligation_t) == (3_000_000, 3_000_000)


def test_a_correction_is_a_new_version_with_who_when_why_before_and_after(
    registry: Registry, unit: Unit, figures: Figures
) -> None:
    by, later = registry.people["regulator@shanghai"], beijing(2025, 7, 1)
    first = activity.enter(unit, 2024, figures, by=by, reason="", at=AT)
    with refused("REASON_MISSING"):
        activity.enter(unit, 2024, replace(figures, verified_t=2_600_000), by=by, reason=" ", at=later)
    with refused("UNCHANGED"):
        activity.enter(unit, 2024, figures, by=by, reason="again", at=later)
    corrected = replace(figures, verified_t=2_600_000, load_factor=D("0.61"))
    activity.enter(unit, 2024, corrected, by=by, reason="Meter read twice", at=later)
    newest, oldest = activity.history(unit.emitter_id)[unit.pk, 2024]
    assert (newest.report.version, newest.report.entered_by, newest.report.at) == (2, by, later)
    assert newest.report.reason == "Meter read twice"
    assert newest.changes == [
        ("load_factor", D("0.60"), D("0.61")),
        ("verified_t", 2_700_000, 2_600_000),
    ]
    assert (oldest.report.pk, oldest.changes) == (first.pk, [])
    assert activity.verified_by_unit(2024, [unit.emitter_id]) == {unit.pk: newest.report}


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("regulator@yunnan", "NOT_YOURS"), ("regulator@mee", "ROLE_MISSING"), ("approver@jianghai", "ROLE_MISSING"),
        ("issuer@registry", "ROLE_MISSING"),
    ],
)  # fmt: skip
def test_only_the_regulator_of_the_province_enters(
    registry: Registry, unit: Unit, figures: Figures, person: str, code: str
) -> None:
    with refused(code):
        activity.enter(unit, 2024, figures, by=registry.people[person], reason="", at=AT)
    assert not ActivityReport.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"load_factor": D("1.01")}, {"verified_t": -1}, {"heat_gj": D("-0.1")}, {"heat_gj": D("NaN")},
        {"generation_mwh": D("0.00001")}, {"verified_t": 1.5}, {"cooling": "ice"}, {"output_t": D(1)},
        {"generation_mwh": D(10) ** 12 + 1}, {"intensity": D(1)},
    ],
)  # fmt: skip
def test_a_figure_out_of_bounds_is_named_and_nothing_changes(
    registry: Registry, unit: Unit, figures: Figures, wrong: dict[str, Any]
) -> None:
    with refused("WRONG_FIGURE") as caught:
        activity.enter(
            unit, 2024, replace(figures, **wrong), by=registry.people["regulator@shanghai"], reason="", at=AT
        )
    assert caught.value.field in wrong
    assert not ActivityReport.objects.exists()


def test_other_sectors_report_output_and_intensity(registry: Registry) -> None:
    line = Unit.objects.get(code="L1")
    by = registry.people["regulator@shanghai"]
    with refused("WRONG_FIGURE"):
        activity.enter(line, 2024, Figures(verified_t=5), by=by, reason="", at=AT)
    activity.enter(
        line, 2024, Figures(verified_t=5, output_t=D(3), intensity=D("1.67")), by=by, reason="", at=AT
    )
    assert year_of(registry, "hongta").obligation_t == 5


def test_a_year_in_which_the_emitter_is_not_covered_takes_no_figures(
    registry: Registry, unit: Unit, figures: Figures
) -> None:
    with refused("NOT_COVERED"):
        activity.enter(unit, 2023, figures, by=registry.people["regulator@shanghai"], reason="", at=AT)
