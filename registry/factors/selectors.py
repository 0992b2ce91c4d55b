"""Which factors hold on a day, of those shipped and those entered."""

import datetime as dt
from decimal import Decimal

from registry.factors.models import FactorRow
from registry.factors.shipped import ITEMS, SHIPPED, Factor, latest
from registry.words import decimal_text


def all_rows() -> list[Factor]:
    """Every row there is: by item as on pages, the latest first."""
    entered = [
        Factor(row.item, Decimal(decimal_text(row.value)), row.valid_from, row.source, row.verified)
        for row in FactorRow.objects.filter(item__in=list(ITEMS))
    ]
    order = {code: number for number, code in enumerate(ITEMS)}
    return sorted(
        [*SHIPPED, *entered], key=lambda row: (order[row.item], -row.valid_from.toordinal())
    )  # fmt: skip


def in_force(day: dt.date) -> dict[str, Factor]:
    """One factor an item, as they hold on a day of Beijing."""
    return latest(all_rows(), day)
