"""People's history as pages show it, in words of the active language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.people import roles
from accounts.people.models import Change

LABELS: dict[str, Any] = {
    "email": _("E-mail"),
    "name": _("Name"),
    "roles": _("Roles"),
    "status": _("Status"),
    "code": _("Code"),
    "kind": _("Kind"),
    "application": _("Application"),
}


@dataclass(frozen=True)
class Line:
    """One change; `values` are (what, before, after)."""

    change: Change
    values: list[tuple[str, str, str]]


def line_of(change: Change) -> Line:
    names = [name for name in LABELS if name in change.before or name in change.after]
    values = [
        (str(LABELS[name]), _in_words(name, change.before.get(name)), _in_words(name, change.after.get(name)))
        for name in names
    ]
    return Line(change, values)


def _in_words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if name == "roles":
        return roles.names_of(value)
    if name == "status":
        return str(Organisation.Status(value).label)
    if name == "kind":
        return str(Organisation.Kind(value).label)
    return str(value)
