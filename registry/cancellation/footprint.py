"""The footprint of an event, row by row (registry-rules.md 6): amount × factor, summed, rounded up to whole tonnes.

Pure: no framework, no clock. Factors are kg CO2e a unit and stand in a table with the day from which each holds
and where it comes from; whoever prints a footprint prints the factor and its source beside each row.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

KG_A_TONNE = 1_000
GRAMS = Decimal("0.001")
#: An amount beyond this is a slip of the keyboard.
LARGEST = Decimal(1_000_000_000)

DESNZ = "UK DESNZ, Greenhouse gas conversion factors 2023"
SCARBOROUGH = "Scarborough et al., Climatic Change 125 (2014), a third of a day"
GRID_2022 = "MEE and NBS, national average CO2 factor of electricity 2022"


@dataclass(frozen=True, slots=True)
class Factor:
    """kg CO2e a unit, from a day on."""

    item: str
    unit: str
    kg: Decimal
    valid_from: dt.date
    source: str


def _factor(item: str, unit: str, kg: str, source: str, since: str = "2000-01-01") -> Factor:
    return Factor(item, unit, Decimal(kg), dt.date.fromisoformat(since), source)


#: Of the rows of one item the last that holds on the day counts. Flights with their effect at altitude.
FACTORS: tuple[Factor, ...] = (
    _factor("flight", "passenger-km", "0.27257", f"{DESNZ}: domestic flight, average passenger, with RF"),
    _factor("rail", "passenger-km", "0.03546", f"{DESNZ}: national rail"),
    _factor("coach", "passenger-km", "0.02717", f"{DESNZ}: coach"),
    _factor("car", "vehicle-km", "0.16691", f"{DESNZ}: average car, unknown fuel"),
    _factor("hotel", "room-night", "53.5", f"{DESNZ}: hotel stay, China"),
    _factor("electricity", "kWh", "0.5703", "MEE, national grid factor 2022"),
    _factor("electricity", "kWh", "0.5366", GRID_2022, since="2024-04-12"),
    _factor("meal", "meal", "1.877", f"{SCARBOROUGH}: medium meat-eaters, 5.63 kg"),
    _factor("meal_vegetarian", "meal", "1.270", f"{SCARBOROUGH}: vegetarians, 3.81 kg"),
)
ITEMS = tuple(dict.fromkeys(factor.item for factor in FACTORS))


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
        return (self.amount * self.factor.kg).quantize(GRAMS, ROUND_HALF_UP)

    def as_dict(self) -> dict[str, str]:
        """As it is kept with a cancellation: numbers as decimal text."""
        return {
            "item": self.item,
            "amount": plain(self.amount),
            "unit": self.factor.unit,
            "factor": str(self.factor.kg),
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


def factor_of(item: str, day: dt.date) -> Factor:
    """The factor that holds on a day. Raises BadRow."""
    found = [factor for factor in FACTORS if factor.item == item and factor.valid_from <= day]
    if not found:
        raise BadRow(item)
    return found[-1]


def factors_of(day: dt.date) -> list[Factor]:
    """One factor an item, as they hold on a day."""
    return [factor_of(item, day) for item in ITEMS]


def footprint(amounts: Mapping[str, Decimal], day: dt.date) -> Footprint:
    """The footprint of an event on a day; rows without an amount are left out. Raises BadRow."""
    rows = []
    for item, amount in amounts.items():
        if not amount.is_finite() or not 0 <= amount <= LARGEST:
            raise BadRow(item)
        factor = factor_of(item, day)
        if amount:
            rows.append(Row(item, amount, factor))
    return Footprint(tuple(sorted(rows, key=lambda row: ITEMS.index(row.item))))


def plain(amount: Decimal) -> str:
    """ "1200" for 1.2E+3, "0.5" for 0.50."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
