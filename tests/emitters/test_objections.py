"""Objections: 7 working days to raise one, 10 to answer it; upheld, the figure changes with it."""

import datetime as dt
from dataclasses import replace

import pytest

from exchange.models import CalendarDay
from registry.emitters import activity, objections
from registry.emitters.figures import Figures
from registry.models import ActivityReport, ComplianceYear, Objection, Unit
from tests.emitters.support import refused
from tests.support.registry import Registry, beijing

#: a Monday
ENTERED = beijing(2025, 6, 16)


@pytest.fixture
def report(registry: Registry, unit: Unit, figures: Figures) -> ActivityReport:
    other = Unit.objects.get(emitter=unit.emitter, code="2#")
    by = registry.people["regulator@shanghai"]
    activity.enter(other, 2024, replace(figures, verified_t=300_000), by=by, reason="", at=ENTERED)
    return activity.enter(unit, 2024, figures, by=by, reason="", at=ENTERED)


def objection_to(report: ActivityReport, registry: Registry, at: dt.datetime = ENTERED) -> Objection:
    return objections.raise_objection(
        report, words="Coal of May counted twice", claimed_t=2_650_000,
        by=registry.people["initiator@jianghai"], at=at,
    )  # fmt: skip


def test_seven_working_days_after_a_monday_is_the_wednesday_of_the_next_week(
    registry: Registry, report: ActivityReport
) -> None:
    assert objections.last_day_to_raise(report) == dt.date(2025, 6, 25)
    with refused("TOO_LATE"):
        objection_to(report, registry, beijing(2025, 6, 26, 0, 1))
    found = objection_to(report, registry, beijing(2025, 6, 25, 23, 59))
    assert objections.last_day_to_answer(found) == dt.date(2025, 7, 9)


def test_holidays_do_not_count(registry: Registry, report: ActivityReport) -> None:
    CalendarDay.objects.create(day=dt.date(2025, 6, 20), is_trading=False, source="operator")
    assert objections.last_day_to_raise(report) == dt.date(2025, 6, 26)


def test_upheld_the_figure_is_corrected_and_the_obligation_with_it(
    registry: Registry, report: ActivityReport, figures: Figures
) -> None:
    found = objection_to(report, registry)
    by, at = registry.people["regulator@shanghai"], beijing(2025, 6, 20)
    objections.uphold(
        found, replace(figures, verified_t=2_650_000), answer="The ledger of May agrees", by=by, at=at
    )
    found.refresh_from_db()
    assert (found.state, found.answered_by, found.answered_at) == ("upheld", by, at)
    newest = activity.verified_by_unit(2024, [report.unit.emitter_id])[report.unit_id]
    assert (newest.version, newest.verified_t) == (2, 2_650_000)
    assert "The ledger of May agrees" in newest.reason
    year = ComplianceYear.objects.get(emitter=report.unit.emitter_id, year=2024)
    assert year.obligation_t == 2_950_000
    with refused("NOT_OPEN"):
        objections.dismiss(found, answer="No", by=by, at=at)
    with refused("NOT_LATEST"):
        objection_to(report, registry)


def test_dismissed_the_figure_stays_and_the_reason_is_kept(
    registry: Registry, report: ActivityReport
) -> None:
    found = objection_to(report, registry)
    by = registry.people["regulator@shanghai"]
    with refused("REASON_MISSING"):
        objections.dismiss(found, answer=" ", by=by, at=ENTERED)
    objections.dismiss(found, answer="The meters agree", by=by, at=ENTERED)
    assert found.answer == "The meters agree"
    assert ActivityReport.objects.filter(unit=report.unit).count() == 1
    # Objecting again, with new evidence, is possible while the days run.
    objection_to(report, registry)


def test_upheld_with_the_same_figures_changes_nothing(
    registry: Registry, report: ActivityReport, figures: Figures
) -> None:
    found = objection_to(report, registry)
    with refused("UNCHANGED"):
        objections.uphold(found, figures, answer="Yes", by=registry.people["regulator@shanghai"], at=ENTERED)
    found.refresh_from_db()
    assert found.state == "open"


def test_a_figure_corrected_meanwhile_is_what_an_upheld_objection_rests_on(
    registry: Registry, report: ActivityReport, figures: Figures
) -> None:
    found = objection_to(report, registry)
    by, corrected = registry.people["regulator@shanghai"], replace(figures, verified_t=2_650_000)
    activity.enter(report.unit, 2024, corrected, by=by, reason="Coal of May", at=ENTERED)
    objections.uphold(found, corrected, answer="Corrected already", by=by, at=ENTERED)
    assert ActivityReport.objects.filter(unit=report.unit).count() == 2


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("initiator@cangjiang", "NOT_YOURS"), ("regulator@shanghai", "NOT_YOURS"), ("trader@jianghai", "ROLE_MISSING"),
        ("approver@jianghai", "ROLE_MISSING"),
    ],
)  # fmt: skip
def test_only_the_emitters_initiator_objects(
    registry: Registry, report: ActivityReport, person: str, code: str
) -> None:
    with refused(code):
        objections.raise_objection(report, words="x", claimed_t=None, by=registry.people[person], at=ENTERED)


def test_only_its_province_answers_and_only_once_is_it_open(
    registry: Registry, report: ActivityReport, figures: Figures
) -> None:
    found = objection_to(report, registry)
    with refused("ALREADY_OPEN"):
        objection_to(report, registry)
    for person, code in (("regulator@yunnan", "NOT_YOURS"), ("initiator@jianghai", "ROLE_MISSING")):
        with refused(code):
            objections.dismiss(found, answer="No", by=registry.people[person], at=ENTERED)
        with refused(code):
            objections.uphold(found, figures, answer="Yes", by=registry.people[person], at=ENTERED)


@pytest.mark.parametrize(
    ("words", "claimed", "code"), [("", None, "WORDS_MISSING"), ("x", -1, "WRONG_FIGURE")]
)
def test_an_objection_says_what_is_wrong(
    registry: Registry, report: ActivityReport, words: str, claimed: int | None, code: str
) -> None:
    with refused(code):
        objections.raise_objection(
            report, words=words, claimed_t=claimed, by=registry.people["initiator@jianghai"], at=ENTERED
        )
