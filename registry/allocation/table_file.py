"""A table of units that somebody uploads: read as `manage.py allocate` reads it, then set against the register.

Either every line is good, or nothing is used and every bad line is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.allocation.formulas.csv_rows import Row, read_rows
from registry.allocation.formulas.csv_text import NotText, decode_text
from registry.allocation.targets import Sourced
from registry.allocation.wording import line_of
from registry.compliance.models import ComplianceYear
from registry.emitters.models import Emitter, Sector


@dataclass(frozen=True, slots=True)
class Table:
    """Good rows, or sentences about each bad one."""

    rows: tuple[Row, ...]
    problems: list[str]


def read(content: bytes) -> Table:
    """UTF-8 or GBK."""
    try:
        reading = read_rows(decode_text(content))
    except NotText:
        return Table((), [_("This is neither UTF-8 nor GBK text. Save the sheet as CSV.")])
    return Table(reading.rows, [line_of(problem) for problem in reading.problems])


def for_plan(rows: Sequence[Row], *, year: int, province: str, file: str) -> tuple[list[Sourced], list[str]]:
    """The rows with their emitters; what is wrong with lines whose entity cannot be issued to."""
    codes = {row.unit.entity for row in rows}
    emitters = {
        emitter.organisation.code: emitter
        for emitter in Emitter.objects.filter(organisation__code__in=codes).select_related("organisation")
    }
    covered = set(
        ComplianceYear.objects.filter(year=year, emitter__in=emitters.values()).values_list(
            "emitter_id", flat=True
        )
    )
    found, problems = [], []
    for row in rows:
        emitter = emitters.get(row.unit.entity)
        wrong = _wrong(emitter, province, covered)
        if emitter is None or wrong:
            said = _("Line %(line)s, entity: “%(entity)s” %(wrong)s")
            problems.append(said % {"line": row.line, "entity": row.unit.entity, "wrong": wrong})
        else:
            found.append(Sourced(emitter.pk, row.unit, {"line": row.line, "file": file}))
    return found, problems


def _wrong(emitter: Emitter | None, province: str, covered: set[int]) -> str:
    if emitter is None:
        return _("is no emitter's code: correct it, or open its account first.")
    if emitter.sector != Sector.POWER:
        return _("is not in the power sector.")
    if emitter.organisation.province != province:
        return _("belongs to another province.")
    if emitter.pk not in covered:
        return _("is not covered in this year.")
    return ""
