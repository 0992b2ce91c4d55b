"""Steps of a derivation in the reader's language: what each computed, and where each figure was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.allocation.formulas.derivation import SourceKind

#: By key, or by key and case where the case says more.
TITLES: Mapping[str, Promise] = {
    "load_factor": lazy("Load factor"),
    "load_factor corrected": lazy("Load factor, corrected for low load"),
    "load_factor high_load": lazy("Load factor: the load is high enough"),
    "load_factor with_heat": lazy("Load factor: no correction, as it supplied heat"),
    "load_factor class": lazy("Load factor: none for this class"),
    "heat_factor": lazy("Heat supply factor"),
    "electricity": lazy("Electricity allocation"),
    "heat": lazy("Heat allocation"),
    "topup": lazy("Gas unit: topped up to its emissions"),
    "topup enough": lazy("Gas unit: no top-up needed"),
    "unit": lazy("Allocation of the unit"),
    "unit equal": lazy("Allocation: what was emitted, in the first managed year"),
    "unit exempt": lazy("Allocation: what was emitted, a special case of the plan"),
    "unit_obligation": lazy("Obligation of the gas unit"),
    "initial": lazy("Sum of the units"),
    "verified": lazy("Verified emissions"),
    "floor": lazy("Least allocation"),
    "final": lazy("Final allocation"),
    "final floor": lazy("Final allocation: raised to the least"),
    "gap_rate": lazy("Gap rate"),
    "own_obligation": lazy("Obligation of the units"),
    "obligation": lazy("Obligation"),
    "obligation capped": lazy("Obligation, capped"),
    "deviation": lazy("Deviation from the balance value"),
    "alpha": lazy("Allocation coefficient"),
    "preallocation": lazy("Pre-allocation of the unit"),
    "pre": lazy("Pre-allocation of the emitter"),
    "deducted": lazy("Deducted for adjustments"),
    "accounted": lazy("Given before"),
    "lack": lazy("Still due"),
    "returned": lazy("Given back to adjustments"),
    "issue": lazy("To be issued"),
    "recall": lazy("To be recalled"),
}
COLUMNS: Mapping[str, Promise] = {
    "generation_mwh": lazy("electricity generated"),
    "supply_mwh": lazy("electricity supplied"),
    "heat_gj": lazy("heat supplied"),
    "load_factor": lazy("load"),
    "heat_ratio": lazy("heat ratio"),
    "verified_t": lazy("verified emissions"),
    "intensity": lazy("emission intensity"),
}
GIVEN: Mapping[str, Promise] = {
    "balance_value": lazy("balance value of the sector"),
    "to_deduct": lazy("adjustments in force"),
    "issued_before": lazy("issued by earlier plans of the year, less recalls"),
    "deducted_before": lazy("deducted by earlier plans of the year"),
}
ROUNDINGS: Mapping[str, Promise] = {
    "floor_t": lazy("rounded down to 1 t"),
    "half_up_6": lazy("rounded to 6 decimals"),
    "half_up_2": lazy("rounded to 2 decimals"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step for the page; `sources` pairs each figure with where it was read."""

    title: str
    formula: str
    filled: str
    rounding: str
    document: str
    sources: list[tuple[str, str]]


def lines(steps: Iterable[Mapping[str, Any]], read_in: str) -> list[Line]:
    """`read_in` names the report or the line of the file that columns were read in."""
    return [
        Line(
            title=title(step["key"], step["case"]),
            formula=step["formula"],
            filled=step["filled"],
            rounding=str(ROUNDINGS.get(step["rounding"], "")),
            document=step["document"],
            sources=[
                (f"{value['symbol']} = {value['shown']}", _source(value, read_in)) for value in step["values"]
            ],
        )
        for step in steps
    ]


def title(key: str, case: str = "") -> str:
    found = TITLES.get(f"{key} {case}") or TITLES.get(key)
    return key if found is None else str(found)


def origin(source: Mapping[str, Any]) -> str:
    """Where a unit's figures stand: the version of its report, or the line of the file."""
    if "report" in source:
        said = _("verified report of %(year)s, version %(version)s")
        return said % {"year": source["year"], "version": source["version"]}
    if "line" in source:
        return _("line %(line)s of %(file)s") % {"line": source["line"], "file": source.get("file", "")}
    return _("made-up history of the demo")


def _source(value: Mapping[str, Any], read_in: str) -> str:
    kind, name = value["kind"], value["source"]
    if kind == SourceKind.COLUMN:
        what = str(COLUMNS[name]) if name in COLUMNS else str(name)
        return f"{what} · {read_in}" if read_in else what
    if kind == SourceKind.DOCUMENT:
        return str(name)
    if kind == SourceKind.UNIT:
        return _("unit %(unit)s") % {"unit": name}
    if kind == SourceKind.STEP:
        return title(name)
    return str(GIVEN[name]) if name in GIVEN else str(name)
