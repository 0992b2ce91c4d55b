"""Emitters and their units: added and changed by their province, listed for a compliance year.

Every change is kept: who, when, why, before and after (`RecordChange`). Nothing is ever deleted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.approvals.errors import Refused, WrongField
from accounts.approvals.verbs import LONGEST_REASON
from accounts.credit_codes import is_valid
from accounts.models import Organisation, User
from accounts.provinces import PROVINCES
from registry.compliance.models import ComplianceYear
from registry.emitters.files import fields
from registry.emitters.files.fields import MAX_CAPACITY_MW
from registry.emitters.models import (
    PILOT_PROVINCE,
    ActivityReport,
    Emitter,
    RecordChange,
    Sector,
    Unit,
)
from registry.emitters.refusals import read_as
from registry.emitters.rights import require_editor, require_keeper
from registry.words import decimal_text

BATCH = 2_000
EMITTER_FIELDS = ("name_zh", "name_en")
UNIT_FIELDS = ("name", "unit_class", "capacity_mw", "cooling")
#: Names are what an import takes.
NAME, UNIT_NAME, CODE = fields.name(200), fields.name(120), fields.name(40)
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
    *,
    credit_code: str,
    name_zh: str,
    name_en: str,
    sector: str,
    by: User,
    reason: str,
    at: dt.datetime,
    province: str = "",
) -> Emitter:
    """A covered organisation; its code is its credit code. A province's regulator adds to the own province.

    Raises Refused ROLE_MISSING, NOT_YOURS, and WrongField: WRONG_CREDIT_CODE, CODE_TAKEN, WRONG_SECTOR,
    WRONG_PROVINCE, NAME_MISSING, WRONG_NAME, REASON_MISSING.
    """
    province = province or by.organisation.province
    require_keeper(by, province)
    if not is_valid(credit_code):
        words = _("This is no unified social credit code: its check character differs.")
        raise WrongField("credit_code", "WRONG_CREDIT_CODE", words)
    if sector not in Sector.values:
        raise WrongField("sector", "WRONG_SECTOR", _("Choose one of the covered sectors."))
    if province not in PROVINCES:
        raise WrongField("province", "WRONG_PROVINCE", _("Choose the emitter's province."))
    if sector == Sector.PILOT and province != PILOT_PROVINCE:
        words = _("Only Shanghai's authority enters emitters of Shanghai's pilot.")
        raise WrongField("sector", "WRONG_SECTOR", words)
    names = _names(name_zh, name_en.strip() or name_zh)
    _refuse_reasonless(reason)
    organisation = _new_organisation(code=credit_code, credit_code=credit_code, province=province, **names)
    emitter = Emitter.objects.create(organisation=organisation, sector=sector)
    RecordChange.objects.create(
        emitter=emitter, after={**names, "sector": sector}, reason=reason.strip(), by=by, at=at
    )
    return emitter


def _new_organisation(**fields: str) -> Organisation:
    """Raises WrongField CODE_TAKEN, also where somebody else adds it in this very moment."""
    taken = WrongField(
        "credit_code", "CODE_TAKEN", _("An organisation with this credit code is on the platform already.")
    )
    if taken_codes([fields["code"]]):
        raise taken
    try:
        with transaction.atomic():
            return Organisation.objects.create(kind=Organisation.Kind.EMITTER, **fields)
    except IntegrityError:
        raise taken from None


def _names(name_zh: str, name_en: str) -> dict[str, str]:
    """Both names under the rules of an import. Raises WrongField NAME_MISSING, WRONG_NAME."""
    names = {"name_zh": name_zh.strip(), "name_en": name_en.strip()}
    for field, name in names.items():
        if not name:
            words = _("The emitter needs its Chinese name.") if field == "name_zh" else ""
            raise WrongField(field, "NAME_MISSING", words or _("The emitter needs a name in both languages."))
        read_as(NAME, name, field=field, code="WRONG_NAME")
    return names


def taken_codes(codes: Iterable[str]) -> set[str]:
    """Which of these are an organisation's code or credit code already."""
    codes = list(codes)
    found = Organisation.objects.filter(code__in=codes).values_list("code", flat=True)
    return {*found, *Organisation.objects.filter(credit_code__in=codes).values_list("credit_code", flat=True)}


@transaction.atomic
def rename_emitter(
    emitter: Emitter, *, name_zh: str, name_en: str, by: User, reason: str, at: dt.datetime
) -> None:
    """Raises Refused ROLE_MISSING, NOT_YOURS, UNCHANGED, and WrongField NAME_MISSING, WRONG_NAME, REASON_MISSING."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=emitter.pk)
    require_keeper(by, organisation.province)
    after = _names(name_zh, name_en)
    before = {name: getattr(organisation, name) for name in EMITTER_FIELDS}
    _refuse_idle(before, after, reason)
    Organisation.objects.filter(pk=organisation.pk).update(**after)
    RecordChange.objects.create(
        emitter=emitter, before=before, after=after, reason=reason.strip(), by=by, at=at
    )


@transaction.atomic
def add_unit(emitter: Emitter, record: UnitRecord, *, by: User, reason: str, at: dt.datetime) -> Unit:
    """Raises Refused ROLE_MISSING, NOT_YOURS, and WrongField WRONG_UNIT, UNIT_TAKEN, REASON_MISSING."""
    require_keeper(by, emitter.organisation.province)
    refuse_wrong_unit(record, emitter.sector)
    _refuse_reasonless(reason)
    Emitter.objects.select_for_update().get(pk=emitter.pk)
    if emitter.units.filter(code=record.code).exists():
        raise WrongField("code", "UNIT_TAKEN", _("This emitter has a unit with this code already."))
    unit = Unit.objects.create(emitter=emitter, code=record.code, **record.as_fields())
    _note(unit, {}, by, reason, at)
    return unit


@transaction.atomic
def change_unit(unit: Unit, record: UnitRecord, *, by: User, reason: str, at: dt.datetime) -> Unit:
    """Raises Refused ROLE_MISSING, NOT_YOURS, UNCHANGED, and WrongField WRONG_UNIT, CODE_FIXED, REASON_MISSING."""
    emitter = unit.emitter
    require_keeper(by, emitter.organisation.province)
    unit = (
        Unit.objects.select_for_update(of=("self",)).select_related("emitter__organisation").get(pk=unit.pk)
    )
    if record.code != unit.code:
        words = _("A unit keeps its code: reports of other years stand under it.")
        raise WrongField("code", "CODE_FIXED", words)
    refuse_wrong_unit(record, emitter.sector)
    before = unit_fields(unit)
    for name, value in record.as_fields().items():
        setattr(unit, name, value)
    _refuse_idle(before, unit_fields(unit), reason)
    unit.save(update_fields=UNIT_FIELDS)
    _note(unit, before, by, reason, at)
    return unit


def refuse_wrong_unit(record: UnitRecord, sector: str) -> None:
    """Raises WrongField WRONG_UNIT: a power unit has class and cooling, others have none; names as in an import."""
    if not record.code or record.code != record.code.strip():
        raise WrongField("code", "WRONG_UNIT", _("The unit needs its code, without spaces around it."))
    read_as(CODE, record.code, field="code", code="WRONG_UNIT")
    if record.name:
        read_as(UNIT_NAME, record.name, field="name", code="WRONG_UNIT")
    wrong = _wrong_of_power(record) if sector == Sector.POWER else _wrong_of_others(record)
    if not wrong and record.capacity_mw is not None and not 0 < record.capacity_mw <= MAX_CAPACITY_MW:
        wrong = ("capacity_mw", _("MW above 0."))
    if wrong:
        raise WrongField(wrong[0], "WRONG_UNIT", wrong[1])


def _wrong_of_power(record: UnitRecord) -> tuple[str, str] | None:
    if record.unit_class not in Unit.UnitClass.values:
        return "class", _("A power unit is of class I, II, III or IV.")
    if record.cooling not in Unit.Cooling.values:
        return "cooling", _("A power unit is cooled by water or air, or by back-pressure.")
    return None


def _wrong_of_others(record: UnitRecord) -> tuple[str, str] | None:
    if record.unit_class or record.cooling:
        field = "class" if record.unit_class else "cooling"
        return field, _("Only units of the power sector have it.")
    return None


def unit_fields(unit: Unit) -> dict[str, str]:
    """A unit's record as it is kept in its history."""
    shown = {name: getattr(unit, name) for name in UNIT_FIELDS}
    return {name: "" if value is None else plain(value) for name, value in shown.items()}


def plain(value: object) -> str:
    """A figure without the zeros that the database's scale adds: 660.000 is 660."""
    return decimal_text(value) if isinstance(value, Decimal) else str(value)


def capacity_of(unit: Unit) -> str:
    """Its capacity in MW as people write it; empty where it is not known."""
    return "" if unit.capacity_mw is None else plain(unit.capacity_mw)


def _note(unit: Unit, before: dict[str, str], by: User, reason: str, at: dt.datetime) -> None:
    after = {"code": unit.code, **unit_fields(unit)}
    RecordChange.objects.create(
        emitter_id=unit.emitter_id, unit=unit, before=before, after=after, reason=reason.strip(), by=by, at=at
    )


def _refuse_idle(before: dict[str, Any], after: dict[str, Any], reason: str) -> None:
    if before == after:
        raise Refused("UNCHANGED", _("This is what stands there already."))
    _refuse_reasonless(reason)


def _refuse_reasonless(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        words = _("Say why, in at most %(most)s characters: it is kept with the change.")
        raise WrongField("reason", "REASON_MISSING", words % {"most": LONGEST_REASON})


@transaction.atomic
def cover(emitters: Sequence[Emitter], year: int, *, by: User, reason: str, at: dt.datetime) -> int:
    """Lists the emitters for a compliance year; returns how many were not on its list before.

    The list is the province's alone. Raises Refused ROLE_MISSING, NOT_YOURS, and WrongField WRONG_YEAR,
    REASON_MISSING. Leaving the list is leaving it out of the next year's.
    """
    for emitter in emitters:
        require_editor(by, emitter.organisation.province)
    refuse_wrong_year(year, at)
    _refuse_reasonless(reason)
    new = cover_ids([emitter.pk for emitter in emitters], year)
    RecordChange.objects.bulk_create(
        [
            RecordChange(emitter_id=pk, after={"year": str(year)}, reason=reason.strip(), by=by, at=at)
            for pk in new
        ],
        batch_size=BATCH,
    )
    return len(new)


def cover_ids(emitter_ids: Iterable[int], year: int) -> list[int]:
    """Makes the rows of the year that are missing, and says whose. Whoever calls has checked rights."""
    ids = set(emitter_ids)
    there = ComplianceYear.objects.filter(emitter__in=ids, year=year).values_list("emitter", flat=True)
    missing = sorted(ids - set(there))
    ComplianceYear.objects.bulk_create(
        [ComplianceYear(emitter_id=emitter, year=year) for emitter in missing],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return missing


def refuse_wrong_year(year: int, at: dt.datetime) -> None:
    """Raises WrongField (WRONG_YEAR) for a year before the market's first, or later than the next one."""
    if not FIRST_YEAR <= year <= at.year + 1:
        words = _("Compliance years run from %(first)s to %(last)s.")
        raise WrongField("year", "WRONG_YEAR", words % {"first": FIRST_YEAR, "last": at.year + 1})


def reported_years(emitter: Emitter) -> list[int]:
    """The years of which figures are known, the latest first."""
    years = ActivityReport.objects.filter(unit__emitter=emitter).values_list("year", flat=True)
    return sorted(set(years), reverse=True)
