"""Emitters and their units: added and changed by their province, listed for a compliance year.

Every change is kept: who, when, why, before and after (`RecordChange`). Nothing is ever deleted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from registry.compliance.models import ComplianceYear
from registry.emitters.files.credit_codes import is_valid
from registry.emitters.files.fields import MAX_CAPACITY_MW
from registry.emitters.models import (
    PILOT_PROVINCE,
    ActivityReport,
    Emitter,
    RecordChange,
    Sector,
    Unit,
)
from registry.emitters.rights import require_editor

BATCH = 2_000
EMITTER_FIELDS = ("name_zh", "name_en")
UNIT_FIELDS = ("name", "unit_class", "capacity_mw", "cooling")
#: Compliance years that the registry knows: the first one, and a year ahead of the platform's clock at most.
FIRST_YEAR = 2019


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit's own record; `unit_class` and `cooling` are of the power sector only. Capacity in MW."""

    code: str
    name: str = ""
    unit_class: str = ""
    capacity_mw: Decimal | None = None
    cooling: str = ""

    def as_fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in UNIT_FIELDS}


@transaction.atomic
def add_emitter(
    *, credit_code: str, name_zh: str, name_en: str, sector: str, by: User, reason: str, at: dt.datetime
) -> Emitter:
    """A covered organisation of the authority's own province; its code is its credit code.

    Raises Refused: ROLE_MISSING, WRONG_CREDIT_CODE, WRONG_SECTOR, NAME_MISSING, CODE_TAKEN.
    """
    require_editor(by, by.organisation.province)
    if not is_valid(credit_code):
        raise Refused(
            "WRONG_CREDIT_CODE", _("This is no unified social credit code: its check character differs.")
        )
    if sector not in Sector.values:
        raise Refused("WRONG_SECTOR", _("Choose one of the covered sectors."))
    if sector == Sector.PILOT and by.organisation.province != PILOT_PROVINCE:
        raise Refused("WRONG_SECTOR", _("Only Shanghai's authority enters emitters of Shanghai's pilot."))
    if not name_zh.strip():
        raise Refused("NAME_MISSING", _("The emitter needs its Chinese name."))
    if taken_codes([credit_code]):
        raise Refused("CODE_TAKEN", _("An organisation with this credit code is on the platform already."))
    organisation = Organisation.objects.create(
        code=credit_code, credit_code=credit_code, kind=Organisation.Kind.EMITTER,
        name_zh=name_zh.strip(), name_en=name_en.strip() or name_zh.strip(), province=by.organisation.province,
    )  # fmt: skip
    emitter = Emitter.objects.create(organisation=organisation, sector=sector)
    after = {"name_zh": organisation.name_zh, "name_en": organisation.name_en, "sector": sector}
    RecordChange.objects.create(emitter=emitter, after=after, reason=reason, by=by, at=at)
    return emitter


def taken_codes(codes: Iterable[str]) -> set[str]:
    """Which of these are an organisation's code or credit code already."""
    codes = list(codes)
    found = Organisation.objects.filter(code__in=codes).values_list("code", flat=True)
    return {*found, *Organisation.objects.filter(credit_code__in=codes).values_list("credit_code", flat=True)}


@transaction.atomic
def rename_emitter(
    emitter: Emitter, *, name_zh: str, name_en: str, by: User, reason: str, at: dt.datetime
) -> None:
    """Raises Refused: ROLE_MISSING, NOT_YOURS, NAME_MISSING, REASON_MISSING, UNCHANGED."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=emitter.pk)
    require_editor(by, organisation.province)
    if not name_zh.strip() or not name_en.strip():
        raise Refused("NAME_MISSING", _("The emitter needs a name in both languages."))
    before = {name: getattr(organisation, name) for name in EMITTER_FIELDS}
    after = {"name_zh": name_zh.strip(), "name_en": name_en.strip()}
    _refuse_idle(before, after, reason)
    Organisation.objects.filter(pk=organisation.pk).update(**after)
    RecordChange.objects.create(emitter=emitter, before=before, after=after, reason=reason, by=by, at=at)


@transaction.atomic
def add_unit(emitter: Emitter, record: UnitRecord, *, by: User, reason: str, at: dt.datetime) -> Unit:
    """Raises Refused: ROLE_MISSING, NOT_YOURS, UNIT_TAKEN, WRONG_UNIT."""
    require_editor(by, emitter.organisation.province)
    refuse_wrong_unit(record, emitter.sector)
    Emitter.objects.select_for_update().get(pk=emitter.pk)
    if emitter.units.filter(code=record.code).exists():
        raise Refused("UNIT_TAKEN", _("This emitter has a unit with this code already."))
    unit = Unit.objects.create(emitter=emitter, code=record.code, **record.as_fields())
    _note(unit, {}, by, reason, at)
    return unit


@transaction.atomic
def change_unit(unit: Unit, record: UnitRecord, *, by: User, reason: str, at: dt.datetime) -> Unit:
    """Raises Refused: ROLE_MISSING, NOT_YOURS, WRONG_UNIT, CODE_FIXED, REASON_MISSING, UNCHANGED."""
    emitter = unit.emitter
    require_editor(by, emitter.organisation.province)
    unit = (
        Unit.objects.select_for_update(of=("self",)).select_related("emitter__organisation").get(pk=unit.pk)
    )
    if record.code != unit.code:
        raise Refused("CODE_FIXED", _("A unit keeps its code: reports of other years stand under it."))
    refuse_wrong_unit(record, emitter.sector)
    before = unit_fields(unit)
    for name, value in record.as_fields().items():
        setattr(unit, name, value)
    _refuse_idle(before, unit_fields(unit), reason)
    unit.save(update_fields=UNIT_FIELDS)
    _note(unit, before, by, reason, at)
    return unit


def refuse_wrong_unit(record: UnitRecord, sector: str) -> None:
    """Raises Refused (WRONG_UNIT): a power unit has class, capacity and cooling; others have no class or cooling."""
    wrong = ""
    if not record.code.strip() or len(record.code) > 40 or not record.code.isprintable():
        wrong = _("code: 1 to 40 characters.")
    elif sector == Sector.POWER and record.unit_class not in Unit.UnitClass.values:
        wrong = _("class: a power unit is of class I, II, III or IV.")
    elif sector == Sector.POWER and record.cooling not in Unit.Cooling.values:
        wrong = _("cooling: a power unit is cooled by water or air, or by back-pressure.")
    elif sector != Sector.POWER and (record.unit_class or record.cooling):
        wrong = _("class, cooling: only units of the power sector have them.")
    elif record.capacity_mw is not None and not 0 < record.capacity_mw <= MAX_CAPACITY_MW:
        wrong = _("capacity: MW above 0.")
    if wrong:
        raise Refused("WRONG_UNIT", wrong)


def unit_fields(unit: Unit) -> dict[str, str]:
    """A unit's record as it is kept in its history."""
    shown = {name: getattr(unit, name) for name in UNIT_FIELDS}
    return {name: "" if value is None else plain(value) for name, value in shown.items()}


def plain(value: object) -> str:
    """A figure without the zeros that the database's scale adds: 660.000 is 660."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _note(unit: Unit, before: dict[str, str], by: User, reason: str, at: dt.datetime) -> None:
    after = {"code": unit.code, **unit_fields(unit)}
    RecordChange.objects.create(
        emitter_id=unit.emitter_id, unit=unit, before=before, after=after, reason=reason.strip(), by=by, at=at
    )


def _refuse_idle(before: dict[str, Any], after: dict[str, Any], reason: str) -> None:
    if before == after:
        raise Refused("UNCHANGED", _("This is what stands there already."))
    if not reason.strip():
        raise Refused("REASON_MISSING", _("Say why it is changed."))


def cover(emitters: Sequence[Emitter], year: int, *, by: User, at: dt.datetime) -> int:
    """Lists the emitters for a compliance year; returns how many were not on its list before.

    Raises Refused: ROLE_MISSING, NOT_YOURS, WRONG_YEAR. Leaving the list is leaving it out of the next year's.
    """
    for emitter in emitters:
        require_editor(by, emitter.organisation.province)
    refuse_wrong_year(year, at)
    return cover_ids([emitter.pk for emitter in emitters], year)


def cover_ids(emitter_ids: Iterable[int], year: int) -> int:
    """The rows of the year that are missing. Whoever calls has checked rights."""
    ids = set(emitter_ids)
    there = ComplianceYear.objects.filter(emitter__in=ids, year=year).values_list("emitter", flat=True)
    missing = sorted(ids - set(there))
    ComplianceYear.objects.bulk_create(
        [ComplianceYear(emitter_id=emitter, year=year) for emitter in missing],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return len(missing)


def refuse_wrong_year(year: int, at: dt.datetime) -> None:
    """Raises Refused (WRONG_YEAR) for a year before the market's first, or later than the next one."""
    if not FIRST_YEAR <= year <= at.year + 1:
        words = _("Compliance years run from %(first)s to %(last)s.")
        raise Refused("WRONG_YEAR", words % {"first": FIRST_YEAR, "last": at.year + 1})


def reported_years(emitter: Emitter) -> list[int]:
    """The years of which figures are known, the latest first."""
    years = ActivityReport.objects.filter(unit__emitter=emitter).values_list("year", flat=True)
    return sorted(set(years), reverse=True)
