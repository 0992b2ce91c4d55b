"""Applies a planned file in a handful of statements, within its caller's transaction."""

import datetime as dt
from collections.abc import Callable, Sequence

from accounts.models import Organisation, User
from registry.emitters.importing.planning_emitters import Work
from registry.emitters.importing.plans import NEW, SAME
from registry.emitters.models import Emitter, RecordChange, Unit
from registry.emitters.units import BATCH, EMITTER_FIELDS, UNIT_FIELDS, cover_ids

#: Told how much of the work is done, in per cent.
Tell = Callable[[int], None]


def apply_emitters(
    work: Sequence[Work],
    province: str,
    year: int | None,
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    tell: Tell,
) -> None:
    """New emitters and units, changed ones, the list of the year, and the history of all of it."""
    emitters = {one.credit_code: one.emitter for one in work if one.emitter is not None}
    emitters |= _new_emitters([one for one in work if one.emitter is None], province)
    tell(40)
    _rename(work)
    units = {(unit.emitter_id, unit.code): unit for unit in _new_units(work, emitters)}
    tell(60)
    _change_units(work)
    tell(70)
    RecordChange.objects.bulk_create(
        [
            RecordChange(
                emitter=emitters[one.credit_code],
                unit=one.unit or units[emitters[one.credit_code].pk, one.record.code],
                before=one.change.before, after=one.change.after, reason=reason, by=by, at=at,
            )
            for one in work if one.change.what != SAME
        ],
        batch_size=BATCH,
    )  # fmt: skip
    tell(90)
    if year is not None:
        cover_ids([emitter.pk for emitter in emitters.values()], year)


def _new_emitters(work: Sequence[Work], province: str) -> dict[str, Emitter]:
    first = {one.credit_code: one for one in reversed(work)}
    organisations = Organisation.objects.bulk_create(
        [
            Organisation(
                code=code, credit_code=code, kind=Organisation.Kind.EMITTER, name_zh=one.name_zh,
                name_en=one.name_en, province=province,
            )
            for code, one in first.items()
        ],
        batch_size=BATCH,
    )  # fmt: skip
    made = Emitter.objects.bulk_create(
        [Emitter(organisation=one, sector=first[one.code].sector) for one in organisations], batch_size=BATCH
    )
    return {one.organisation.code: one for one in made}


def _rename(work: Sequence[Work]) -> None:
    changed = []
    for one in work:
        if one.emitter is not None and {"name_zh", "name_en"} & set(one.change.after):
            organisation = one.emitter.organisation
            organisation.name_zh, organisation.name_en = one.name_zh, one.name_en
            changed.append(organisation)
    Organisation.objects.bulk_update(changed, EMITTER_FIELDS, batch_size=BATCH)


def _new_units(work: Sequence[Work], emitters: dict[str, Emitter]) -> list[Unit]:
    return Unit.objects.bulk_create(
        [
            Unit(emitter=emitters[one.credit_code], code=one.record.code, **one.record.as_fields())
            for one in work if one.change.what == NEW
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _change_units(work: Sequence[Work]) -> None:
    changed = []
    for one in work:
        if one.unit is not None and set(UNIT_FIELDS) & set(one.change.after):
            for name, value in one.record.as_fields().items():
                setattr(one.unit, name, value)
            changed.append(one.unit)
    Unit.objects.bulk_update(changed, UNIT_FIELDS, batch_size=BATCH)
