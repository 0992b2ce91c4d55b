"""Activity data and verified emissions: entered by the province, corrected by a new version, never changed.

    enter            one unit's year, or its correction with a reason
    enter_many       many units of a year in one transaction (imports)
    verified_by_unit the latest version of each unit's year
    history          all versions of a unit's year, with what changed

Whoever enters, the emitter's obligation is recalculated in the same transaction (domain.md 8.5).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.approvals.errors import Refused
from accounts.models import User
from registry.compliance.models import ComplianceYear
from registry.compliance.obligations import recalculate_many
from registry.emitters.figures import LABELS, Figures, figures_of, refuse_wrong
from registry.emitters.models import ActivityReport, Unit
from registry.emitters.rights import require_editor

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit's figures of a year."""

    unit: Unit
    figures: Figures


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a unit's year; `changes` lists field, value before and after."""

    report: ActivityReport
    changes: list[tuple[str, object, object]]


@transaction.atomic
def enter(
    unit: Unit, year: int, figures: Figures, *, by: User, reason: str, at: dt.datetime
) -> ActivityReport:
    """Enters a unit's verified year as its next version, and recalculates the obligation.

    Raises Refused: ROLE_MISSING, NOT_YOURS, NOT_COVERED, REASON_MISSING (of a correction), UNCHANGED; WrongFigure.
    """
    emitter = unit.emitter
    require_editor(by, emitter.organisation.province)
    refuse_wrong(figures, emitter.sector)
    if not _locked_years([emitter.pk], year):
        words = _("The emitter is not covered in %(year)s: list it for that year first.")
        raise Refused("NOT_COVERED", words % {"year": year})
    before = verified_by_unit(year, [emitter.pk]).get(unit.pk)
    if before is not None and figures_of(before) == figures:
        raise Refused("UNCHANGED", _("These are the figures that hold already."))
    if before is not None and not reason.strip():
        raise Refused("REASON_MISSING", _("Say why the figures are corrected."))
    return enter_many([Entry(unit, figures)], year, by=by, reason=reason, at=at)[0]


@transaction.atomic
def enter_many(
    entries: Sequence[Entry], year: int, *, by: User | None, reason: str, at: dt.datetime
) -> list[ActivityReport]:
    """Enters many units' years, each as its next version. Whoever calls has checked rights and figures."""
    emitters = sorted({entry.unit.emitter_id for entry in entries})
    _locked_years(emitters, year)
    latest = verified_by_unit(year, emitters)
    made = ActivityReport.objects.bulk_create(
        [
            ActivityReport(
                unit=entry.unit,
                year=year,
                version=latest[entry.unit.pk].version + 1 if entry.unit.pk in latest else 1,
                entered_by=by,
                at=at,
                reason=reason.strip(),
                **entry.figures.as_fields(),
            )
            for entry in entries
        ],
        batch_size=BATCH,
    )
    recalculate_many(emitters, year, at=at)
    return made


def _locked_years(emitter_ids: Iterable[int], year: int) -> list[int]:
    """The compliance years of these emitters, locked in id order; two corrections wait for each other."""
    rows = ComplianceYear.objects.select_for_update().filter(emitter__in=emitter_ids, year=year)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def verified_by_unit(year: int, emitter_ids: Iterable[int]) -> dict[int, ActivityReport]:
    """The version that holds of each reported unit of these emitters, by the unit's id."""
    rows = ActivityReport.objects.filter(year=year, unit__emitter__in=list(emitter_ids))
    return {row.unit_id: row for row in rows.order_by("unit", "-version").distinct("unit")}


def is_latest(report: ActivityReport) -> bool:
    """Whether no later version has taken its place."""
    later = ActivityReport.objects.filter(unit=report.unit_id, year=report.year, version__gt=report.version)
    return not later.exists()


def history(emitter_id: int) -> dict[tuple[int, int], list[Version]]:
    """All versions by (unit id, year), newest first, each with what it changed."""
    rows = ActivityReport.objects.filter(unit__emitter=emitter_id).select_related(
        "unit", "entered_by__organisation"
    )
    found: dict[tuple[int, int], list[Version]] = {}
    for row in rows.order_by("unit", "year", "version"):
        versions = found.setdefault((row.unit_id, row.year), [])
        before = versions[0].report if versions else None
        versions.insert(0, Version(row, changes_between(before, row)))
    return found


def changes_between(before: ActivityReport | None, after: ActivityReport) -> list[tuple[str, object, object]]:
    """Field, before, after of each figure that differs; nothing for a first version."""
    if before is None:
        return []
    return [
        (name, getattr(before, name), getattr(after, name))
        for name in LABELS
        if getattr(before, name) != getattr(after, name)
    ]
