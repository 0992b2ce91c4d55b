"""The factors that come with the platform: a value a unit, from a day on, with its source.

Pure: no framework, no clock. A row is `verified` where its value was read at the source that it names; the others
are parameters that the registry operator replaces by a later row (`registry.factors.entering`). Nothing here is
ever changed once a day has used it: a better value is a row of a later day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

#: The day of rows that hold from the platform's beginning on.
BEGINNING = dt.date(2000, 1, 1)
EVENT, INCLUSION = "event", "inclusion"
KG_A = "kg CO2e"


@dataclass(frozen=True, slots=True)
class Item:
    """What a factor is of. `unit`: of the amount that it multiplies; `gives`: what comes out of it."""

    code: str
    group: str
    unit: str
    gives: str = KG_A


@dataclass(frozen=True, slots=True)
class Factor:
    """`value` a unit of `item`, from a day on."""

    item: str
    value: Decimal
    valid_from: dt.date
    source: str
    verified: bool = False

    @property
    def unit(self) -> str:
        return ITEMS[self.item].unit

    @property
    def since(self) -> str:
        """The first day as ISO text; empty for what the platform began with."""
        return "" if self.valid_from == BEGINNING else self.valid_from.isoformat()


ITEMS: dict[str, Item] = {
    item.code: item
    for item in (
        Item("flight", EVENT, "passenger-km"),
        Item("rail", EVENT, "passenger-km"),
        Item("coach", EVENT, "passenger-km"),
        Item("car", EVENT, "vehicle-km"),
        Item("hotel", EVENT, "room-night"),
        Item("electricity", EVENT, "kWh"),
        Item("meal", EVENT, "meal"),
        Item("meal_vegetarian", EVENT, "meal"),
        Item("car_trip", INCLUSION, "passenger-km"),
        Item("metro", INCLUSION, "passenger-km"),
        Item("bus", INCLUSION, "passenger-km"),
        Item("short_trip", INCLUSION, "passenger-km"),
        Item("petrol_driving", INCLUSION, "kWh"),
        Item("shanghai_grid", INCLUSION, "kWh"),
        Item("points", INCLUSION, KG_A, "points"),
    )
}

DESNZ = "UK DESNZ, Greenhouse gas conversion factors 2023"
SCARBOROUGH = "Scarborough et al., Climatic Change 125 (2014), a third of a day"
BEIJING_TRANSPORT = (
    "Beijing Transport Institute (Yu Liu): a car emits 4 times a bus, 7 times the metro, a passenger-km"
)


def _row(item: str, value: str, source: str, since: str = "", *, verified: bool = False) -> Factor:
    return Factor(
        item, Decimal(value), dt.date.fromisoformat(since) if since else BEGINNING, source, verified
    )


#: Of the rows of one item the latest that holds on the day counts. Flights with their effect at altitude.
SHIPPED: tuple[Factor, ...] = (
    _row("flight", "0.27257", f"{DESNZ}: domestic flight, average passenger, with RF", verified=True),
    _row("rail", "0.03546", f"{DESNZ}: national rail", verified=True),
    _row("coach", "0.02717", f"{DESNZ}: coach"),
    _row("car", "0.16691", f"{DESNZ}: average car, unknown fuel"),
    _row("hotel", "53.5", f"{DESNZ}: hotel stay, China"),
    _row("electricity", "0.5703", "MEE 环办气候函〔2023〕43号, national grid factor 2022"),
    _row("electricity", "0.5568", "MEE and NBS 公告2024年第12号, national average 2021", "2024-04-12", verified=True),
    _row("electricity", "0.5366", "MEE and NBS 公告2024年第33号, national average 2022", "2024-12-26", verified=True),
    _row("meal", "1.877", f"{SCARBOROUGH}: medium meat-eaters, 5.63 kg", verified=True),
    _row("meal_vegetarian", "1.270", f"{SCARBOROUGH}: vegetarians, 3.81 kg", verified=True),
    _row("car_trip", "0.1112", f"{DESNZ}: average car, 0.16691 a vehicle-km ÷ 1.5 persons, rounded down"),
    _row("metro", "0.0159", f"{BEIJING_TRANSPORT}; 0.1112 ÷ 7, rounded up"),
    _row("bus", "0.0278", f"{BEIJING_TRANSPORT}; 0.1112 ÷ 4"),
    _row("short_trip", "0.0500", "Parameter: mix of trips that cycling replaces; DB11/T 3043-2024 gives the form alone"),
    _row("petrol_driving", "1.1060", "2.37 kg a litre of petrol × 7 l/100 km ÷ 15 kWh/100 km; consumptions are parameters"),
    _row("shanghai_grid", "0.42", "沪环气〔2022〕34号: 4.2 t CO2 / 10⁴ kWh", "2022-02-11", verified=True),
    _row("points", "10", "Parameter: no formula of points is published"),
)  # fmt: skip


def items_of(group: str) -> list[str]:
    """Codes of a group, in their order on pages."""
    return [item.code for item in ITEMS.values() if item.group == group]


def latest(rows: Iterable[Factor], day: dt.date) -> dict[str, Factor]:
    """Of each item the row that holds on a day, in the order of ITEMS; items without one are missing."""
    found: dict[str, Factor] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        if row.valid_from <= day:
            found[row.item] = row
    return {code: found[code] for code in ITEMS if code in found}
