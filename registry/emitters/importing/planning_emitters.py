"""A file of emitters and units against what the province has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.compliance.models import ComplianceYear
from registry.emitters.files.problems import More, Problem, Reason
from registry.emitters.files.reading import Reading, Row, entity_contradictions
from registry.emitters.importing.plans import CHANGED, NEW, SAME, Change, Planned, difference
from registry.emitters.models import PILOT_PROVINCE, Emitter, Sector, Unit
from registry.emitters.units import UnitRecord, taken_codes, unit_fields
from registry.words import decimal_text

OF_ENTITY = ("name_zh", "name_en", "province", "sector")


@dataclass(frozen=True, slots=True)
class Work:
    """One row to apply: `emitter` and `unit` are None where they are new."""

    credit_code: str
    name_zh: str
    name_en: str
    sector: str
    emitter: Emitter | None
    unit: Unit | None
    record: UnitRecord
    change: Change


@dataclass(frozen=True, slots=True)
class Ground:
    emitters: Mapping[str, Emitter]
    units: Mapping[tuple[int, str], Unit]
    covered: frozenset[int]
    #: codes of the file that belong to an organisation which is no emitter of this province
    taken: frozenset[str]


def plan(reading: Reading, province: str, year: int | None) -> Planned:
    """Every problem, or every row's effect. With `year`, the file's emitters are listed for that year as well."""
    if reading.problems:
        return Planned(reading.count, reading.problems)
    ground = _ground(reading, province, year)
    problems = [problem for row in reading.rows for problem in _problems_of(row, province, ground)]
    problems += entity_contradictions(reading.rows, OF_ENTITY, "credit_code")
    if problems:
        return Planned(reading.count, sorted(problems, key=lambda problem: problem.line))
    seen: set[str] = set()
    work = []
    for row in reading.rows:
        work.append(_effect(row, ground, year, row.values["credit_code"] not in seen))
        seen.add(row.values["credit_code"])
    return Planned(reading.count, (), [one.change for one in work], work)


def _ground(reading: Reading, province: str, year: int | None) -> Ground:
    codes = {row.values["credit_code"] for row in reading.rows}
    rows = Emitter.objects.select_related("organisation").filter(
        organisation__province=province, organisation__credit_code__in=codes
    )
    emitters = {one.organisation.credit_code: one for one in rows}
    ids = [one.pk for one in emitters.values()]
    units = {(unit.emitter_id, unit.code): unit for unit in Unit.objects.filter(emitter__in=ids)}
    listed = ComplianceYear.objects.filter(emitter__in=ids, year=year or 0)
    covered = listed.values_list("emitter", flat=True)
    return Ground(emitters, units, frozenset(covered), frozenset(taken_codes(codes) - set(emitters)))


def _problems_of(row: Row, province: str, ground: Ground) -> Iterator[Problem]:
    values = row.values
    code = values["credit_code"]
    if values["province"] != province:
        yield Problem(row.line, More.OTHER_PROVINCE, "province", values["province"], province)
        return
    if values["sector"] == Sector.PILOT and province != PILOT_PROVINCE:
        yield Problem(row.line, More.PILOT_ELSEWHERE, "sector", values["sector"])
    if code in ground.taken:
        yield Problem(row.line, More.CODE_TAKEN, "credit_code", code)
    emitter = ground.emitters.get(code)
    if emitter is not None and emitter.sector != values["sector"]:
        yield Problem(row.line, More.SECTOR_FIXED, "sector", values["sector"], emitter.sector)
    for name in ("class", "cooling"):
        if values["sector"] == Sector.POWER and values[name] is None:
            yield Problem(row.line, Reason.EMPTY_FIELD, name)
        if values["sector"] != Sector.POWER and values[name] is not None:
            yield Problem(row.line, More.NOT_FOR_SECTOR, name, values[name], values["sector"])


def _effect(row: Row, ground: Ground, year: int | None, first: bool) -> Work:
    """The entity's own fields are told by its first row."""
    values = row.values
    emitter = ground.emitters.get(values["credit_code"])
    unit = ground.units.get((emitter.pk, values["unit"])) if emitter else None
    old_en = emitter.organisation.name_en if emitter else ""
    name_en = values.get("name_en") or old_en or values["name_zh"]
    record = _record(values, unit)
    old: dict[str, str] = unit_fields(unit) if unit else {}
    new = {name: str(value) if value is not None else "" for name, value in record.as_fields().items()}
    new["capacity_mw"] = _capacity(record)
    if first:
        if emitter is not None:
            old |= {"name_zh": emitter.organisation.name_zh, "name_en": old_en}
        new |= {"name_zh": values["name_zh"], "name_en": name_en}
        if year is not None:
            listed = emitter is not None and emitter.pk in ground.covered
            old |= {"year": str(year)} if listed else {}
            new["year"] = str(year)
    before, after = difference(old, new)
    what = NEW if unit is None else CHANGED if after else SAME
    change = Change(row.line, values["credit_code"], values["unit"], what, before, after)
    return Work(
        values["credit_code"], values["name_zh"], name_en, values["sector"], emitter, unit, record, change
    )


def _record(values: Mapping[str, Any], unit: Unit | None) -> UnitRecord:
    """An empty or missing name leaves the old one."""
    return UnitRecord(
        code=values["unit"], name=values.get("unit_name") or (unit.name if unit else ""),
        unit_class=values["class"] or "", capacity_mw=values["capacity_mw"], cooling=values["cooling"] or "",
    )  # fmt: skip


def _capacity(record: UnitRecord) -> str:
    return "" if record.capacity_mw is None else decimal_text(record.capacity_mw)
