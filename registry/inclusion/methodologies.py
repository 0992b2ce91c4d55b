"""What is counted how: one dated table of methodologies, and the arithmetic of a record (registry-rules.md 6).

    reduction (g) = amount × (baseline − scene) × 1 000, rounded down to the gram
    points        = reduction (g) × points a kg ÷ 1 000, rounded down to the point

Baseline, scene and points a kilogram are factors of the activity's day (`registry.factors`), so that a later value
changes nothing that was counted. Pure: no framework, no clock, Decimal throughout.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from registry.factors.shipped import ITEMS, Factor

GRAMS_A_KG = 1_000
GRAMS_A_TONNE = 1_000_000
POINTS = "points"


@dataclass(frozen=True, slots=True)
class Methodology:
    """`baseline`, `scene`: items of factors; no scene item means that the act itself emits nothing.

    `most`: an amount of one record beyond it is a slip; a parameter of this platform. `not_with`: codes of
    methodologies that count the same kilowatt-hours, so that one person takes part in one of them alone.
    `document`: the methodology that was published, where one was found.
    """

    code: str
    unit: str
    baseline: str
    scene: str
    most: Decimal
    valid_from: dt.date
    document: str
    source: str
    not_with: frozenset[str] = field(default=frozenset())


TRIALS = dt.date(2023, 9, 1)
FORM = "domain.md 7.6: baseline factor − scene factor, as DB11/T 3043-2024; no text of Shanghai's at hand"


def _of(code: str, baseline: str, scene: str, most: int, document: str = "", *not_with: str) -> Methodology:
    return Methodology(
        code,
        ITEMS[baseline].unit,
        baseline,
        scene,
        Decimal(most),
        TRIALS,
        document,
        FORM,
        frozenset(not_with),
    )


METHODOLOGIES: dict[str, Methodology] = {
    row.code: row
    for row in (
        _of("metro", "car_trip", "metro", 300),
        _of("bus", "car_trip", "bus", 300),
        _of("cycling", "short_trip", "", 50),
        _of("ev_charging", "petrol_driving", "shanghai_grid", 200),
        _of("rooftop_solar", "shanghai_grid", "", 500, "", "household_electricity", "green_electricity"),
        # Its own text: households with solar roofs are left out.
        _of("household_electricity", "shanghai_grid", "", 50, "SHCER02010022024II", "rooftop_solar"),
        _of("green_electricity", "shanghai_grid", "", 200, "", "rooftop_solar"),
    )
}


@dataclass(frozen=True, slots=True)
class Working:
    """One record's reduction with every number that leads there; kg CO2e a unit."""

    amount: Decimal
    baseline: Decimal
    scene: Decimal
    points_a_kg: Decimal

    @property
    def reduction_g(self) -> int:
        return _floor(self.amount * (self.baseline - self.scene) * GRAMS_A_KG)

    @property
    def points(self) -> int:
        return _floor(self.reduction_g * self.points_a_kg / GRAMS_A_KG)


def working_of(methodology: Methodology, amount: Decimal, factors: Mapping[str, Factor]) -> Working | None:
    """The working by the factors of its day; None where they give no reduction, or one of them is unknown."""
    needed = [methodology.baseline, POINTS, *([methodology.scene] if methodology.scene else [])]
    if any(item not in factors for item in needed):
        return None
    scene = factors[methodology.scene].value if methodology.scene else Decimal(0)
    baseline = factors[methodology.baseline].value
    return Working(amount, baseline, scene, factors[POINTS].value) if baseline > scene else None


def _floor(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_FLOOR))
