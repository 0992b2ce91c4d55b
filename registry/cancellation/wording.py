"""A footprint's rows in words of the active language, for certificates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.factors.wording import ITEM_NAMES, UNIT_NAMES
from registry.words import grouped


def footprint_facts(stated: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(row, amount × factor = kg, with the factor's source and first day) of what a certificate states of an event."""
    return [(str(ITEM_NAMES.get(row["item"], row["item"])), _sum(row)) for row in stated.get("footprint", [])]


def _sum(row: Mapping[str, str]) -> str:
    whole, point, rest = row["amount"].partition(".")
    unit = UNIT_NAMES.get(row["unit"], row["unit"])
    amount = grouped(int(whole)) + point + rest
    since = _("; since %(day)s") % {"day": row["since"]} if row.get("since") else ""
    return f"{amount} {unit} × {row['factor']} kg CO2e = {row['kg']} kg CO2e ({row['source']}{since})"
