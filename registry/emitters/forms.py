"""Figures as a person types them: every field is read, and all that is wrong is said at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from registry.emitters.figures import LABELS, Figures, figures_of, labels_of
from registry.emitters.files.columns import ACTIVITY
from registry.emitters.files.fields import tonnes
from registry.emitters.files.problems import Bad
from registry.emitters.models import ActivityReport, Sector, Unit
from registry.emitters.refusals import in_words
from registry.emitters.units import plain

READERS = {column.name: column.read for column in ACTIVITY}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as it is shown: what was typed or holds, and what is wrong with it."""

    name: str
    label: str
    value: str
    error: str = ""


@dataclass(slots=True)
class Typed:
    """`figures` is None where something is wrong."""

    fields: list[Field] = field(default_factory=list)
    figures: Figures | None = None


def shown(unit: Unit, report: ActivityReport | None, sector: str) -> Typed:
    """The form of a unit's year with the figures that hold."""
    held = figures_of(report) if report else None
    fields = []
    for name, label in labels_of(sector).items():
        value = getattr(held, name) if held else (unit.cooling if name == "cooling" else "")
        fields.append(Field(name, label, "" if value is None else plain(value)))
    return Typed(fields, held)


def typed(query: Mapping[str, str], sector: str) -> Typed:
    """Reads what was typed."""
    values: dict[str, Any] = {}
    fields = []
    for name, label in labels_of(sector).items():
        text, error = query.get(name, "").strip(), ""
        try:
            values[name] = READERS[name](text) if text else _empty(name, sector)
        except Bad as bad:
            error = in_words(bad, text)
        fields.append(Field(name, label, text, error))
    return Typed(fields, None if any(one.error for one in fields) else Figures(**values))


def _empty(name: str, sector: str) -> str:
    """Cooling may stay empty outside the power sector; a figure is never left out."""
    if name == "cooling" and sector != Sector.POWER:
        return ""
    raise Bad("empty_field")


def claimed_of(text: str) -> tuple[int | None, str]:
    """The tonnes that an objection claims, and what is wrong with them; nothing is no claim."""
    if not text.strip():
        return None, ""
    try:
        return tonnes(text.strip()), ""
    except Bad as bad:
        return None, in_words(bad, text)


def label_of(name: str) -> str:
    """What a field of a history is called."""
    others = {
        "name_zh": _("Chinese name"), "name_en": _("English name"), "name": _("Name"), "code": _("Code"),
        "unit_class": _("Class"), "capacity_mw": _("Capacity (MW)"), "sector": _("Sector"), "year": _("Listed for"),
    }  # fmt: skip
    return str(LABELS.get(name) or others.get(name, name))
