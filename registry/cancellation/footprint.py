"""The footprint of an event, row by row (registry-rules.md 6): amount × factor, summed, rounded up to whole tonnes.

Pure: no framework, no clock. Factors are kg CO2e a unit and come from `registry.factors`, each with the day from
which it holds and where it comes from; whoever prints a footprint prints both beside each row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from registry.factors.shipped import EVENT, Factor, items_of
from registry.words import decimal_text

KG_A_TONNE = 1_000
GRAMS = Decimal("0.001")
#: An amount beyond this is a slip of the keyboard.
LARGEST = Decimal(1_000_000_000)
ITEMS = tuple(items_of(EVENT))


class BadRow(ValueError):
    """An item or amount that cannot be counted. `item` names the row."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


@dataclass(frozen=True, slots=True)
class Row:
    """`kg` = amount × factor, to the gram, half up."""

    item: str
    amount: Decimal
    factor: Factor

    @property
    def kg(self) -> Decimal:
        return (self.amount * self.factor.value).quantize(GRAMS, ROUND_HALF_UP)

    def as_dict(self) -> dict[str, str]:
        """As it is kept with a cancellation: numbers as decimal text."""
        return {
            "item": self.item,
            "amount": decimal_text(self.amount),
            "unit": self.factor.unit,
            "factor": str(self.factor.value),
            "since": self.factor.since,
            "source": self.factor.source,
            "kg": str(self.kg),
        }


@dataclass(frozen=True, slots=True)
class Footprint:
    rows: tuple[Row, ...]

    @property
    def kg(self) -> Decimal:
        return sum((row.kg for row in self.rows), Decimal(0))

    @property
    def tonnes(self) -> int:
        """What has to be cancelled: rounded up, so that nothing of the event stays uncovered."""
        return int((self.kg / KG_A_TONNE).to_integral_value(ROUND_CEILING))


def footprint(amounts: Mapping[str, Decimal], factors: Mapping[str, Factor]) -> Footprint:
    """The footprint of an event with these factors by item; rows without an amount are left out. Raises BadRow."""
    rows = []
    for item, amount in amounts.items():
        if item not in ITEMS or item not in factors or not amount.is_finite() or not 0 <= amount <= LARGEST:
            raise BadRow(item)
        if amount:
            rows.append(Row(item, amount, factors[item]))
    return Footprint(tuple(sorted(rows, key=lambda row: ITEMS.index(row.item))))
