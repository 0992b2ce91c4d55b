"""A file of activity data and verified emissions against the province's emitters, units and latest figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.compliance.models import ComplianceYear
from registry.emitters.activity import Entry, verified_by_unit
from registry.emitters.figures import LABELS, OF_INDUSTRY, OF_POWER, REPORTED, Figures, figures_of
from registry.emitters.files.problems import More, Problem, Reason
from registry.emitters.files.reading import Reading, Row
from registry.emitters.importing.plans import CHANGED, NEW, SAME, Change, Planned, difference
from registry.emitters.models import ActivityReport, Emitter, Sector, Unit
from registry.emitters.units import plain

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What of the province and the year is there."""

    emitters: Mapping[str, Emitter]
    units: Mapping[tuple[int, str], Unit]
    covered: frozenset[int]
    latest: Mapping[int, ActivityReport]


def plan(reading: Reading, province: str, year: int) -> Planned:
    """Every problem, or every row's effect and the entries that `activity.enter_many` takes."""
    if reading.problems:
        return Planned(reading.count, reading.problems)
    ground = _ground(province, year)
    problems: list[Problem] = []
    changes: list[Change] = []
    work: list[Entry] = []
    for row in reading.rows:
        found = list(_problems_of(row, ground))
        problems += found
        if not found:
            change, entry = _effect(row, ground)
            changes.append(change)
            work += [entry] if change.what != SAME else []
    problems += _one_name_each(reading, ground)
    return Planned(reading.count, problems) if problems else Planned(reading.count, (), changes, work)


def _ground(province: str, year: int) -> Ground:
    emitters = list(Emitter.objects.select_related("organisation").filter(organisation__province=province))
    names = {one.organisation.credit_code: one for one in emitters if one.organisation.credit_code}
    names |= {one.organisation.code: one for one in emitters}
    ids = [one.pk for one in emitters]
    units = {(unit.emitter_id, unit.code): unit for unit in Unit.objects.filter(emitter__in=ids)}
    covered = ComplianceYear.objects.filter(emitter__in=ids, year=year).values_list("emitter", flat=True)
    return Ground(names, units, frozenset(covered), verified_by_unit(year, ids))


def _problems_of(row: Row, ground: Ground) -> Iterator[Problem]:
    values = row.values
    emitter = ground.emitters.get(values["entity"])
    if emitter is None:
        # Another province's emitter is as unknown here as none at all.
        yield Problem(row.line, More.UNKNOWN_EMITTER, "entity", values["entity"])
        return
    if emitter.pk not in ground.covered:
        yield Problem(row.line, More.NOT_COVERED, "entity", values["entity"])
    unit = ground.units.get((emitter.pk, values["unit"]))
    if unit is None:
        yield Problem(row.line, More.UNKNOWN_UNIT, "unit", values["unit"])
    elif (given := values.get("class")) and given != unit.unit_class:
        yield Problem(row.line, More.OTHER_CLASS, "class", given, unit.unit_class or "–")
    yield from _of_sector(row, emitter.sector)


def _of_sector(row: Row, sector: str) -> Iterator[Problem]:
    """A power unit lacks no figure of power; another sector's line has no such figure, except a 0."""
    wanted = REPORTED[sector]
    foreign = [name for name in (*OF_POWER, *OF_INDUSTRY) if name not in wanted]
    for name in wanted:
        if row.values.get(name) is None and name != "cooling":
            yield Problem(row.line, Reason.EMPTY_FIELD, name)
    for name in foreign:
        if row.values.get(name):
            yield Problem(row.line, More.NOT_FOR_SECTOR, name, str(row.values[name]), sector)


def _one_name_each(reading: Reading, ground: Ground) -> Iterator[Problem]:
    """A unit named once by its emitter's code and once by its credit code is the same unit twice."""
    first: dict[tuple[int, str], Row] = {}
    for row in reading.rows:
        emitter = ground.emitters.get(row.values["entity"])
        if emitter is not None:
            other = first.setdefault((emitter.pk, row.values["unit"]), row)
            if other is not row:
                yield Problem(row.line, Reason.DUPLICATE, "unit", row.values["unit"], str(other.line))


def _effect(row: Row, ground: Ground) -> tuple[Change, Entry]:
    emitter = ground.emitters[row.values["entity"]]
    unit = ground.units[emitter.pk, row.values["unit"]]
    figures = _figures(row.values, unit, emitter.sector)
    latest = ground.latest.get(unit.pk)
    old = _shown(figures_of(latest)) if latest else {}
    before, after = difference(old, _shown(figures))
    what = NEW if latest is None else CHANGED if after else SAME
    return Change(row.line, emitter.organisation.code, unit.code, what, before, after), Entry(unit, figures)


def _figures(values: Mapping[str, Any], unit: Unit, sector: str) -> Figures:
    if sector == Sector.PILOT:
        return Figures(values["verified_t"])
    if sector != Sector.POWER:
        return Figures(values["verified_t"], output_t=values["output_t"], intensity=values["intensity"])
    given = {name: values[name] for name in OF_POWER if name != "cooling"}
    return Figures(values["verified_t"], cooling=values.get("cooling") or unit.cooling, **given)


def _shown(figures: Figures) -> dict[str, str]:
    shown = {name: getattr(figures, name) for name in LABELS}
    return {name: "" if value is None else plain(value) for name, value in shown.items()}
