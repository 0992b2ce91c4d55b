"""A footprint's rows in words of the active language, for forms, pages, certificates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.words import grouped

#: of each item of a footprint, its name on pages
ITEM_NAMES = {
    "flight": _("Flights"),
    "rail": _("Rail"),
    "coach": _("Coach"),
    "car": _("Car"),
    "hotel": _("Hotel nights"),
    "electricity": _("Electricity of the venue"),
    "meal": _("Meals with meat"),
    "meal_vegetarian": _("Vegetarian meals"),
}
UNIT_NAMES = {
    "passenger-km": _("passenger-km"),
    "vehicle-km": _("vehicle-km"),
    "room-night": _("room-nights"),
    "kWh": _("kWh"),
    "meal": _("meals"),
}


def footprint_facts(stated: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(row, amount × factor = kg, with the factor's source) of what a certificate states of an event."""
    return [(str(ITEM_NAMES.get(row["item"], row["item"])), _sum(row)) for row in stated.get("footprint", [])]


def _sum(row: Mapping[str, str]) -> str:
    whole, point, rest = row["amount"].partition(".")
    unit = UNIT_NAMES.get(row["unit"], row["unit"])
    amount = grouped(int(whole)) + point + rest
    return f"{amount} {unit} × {row['factor']} kg CO2e = {row['kg']} kg CO2e ({row['source']})"
