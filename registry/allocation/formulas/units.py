"""What is known of one unit in one compliance year: the row that allocation starts from."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

#: No unit of the world generates a thousandth of this in a year; beyond it a figure is a slip.
MAX_QUANTITY = Decimal(10) ** 12
MAX_DECIMALS = 12


class UnitClass(StrEnum):
    """Class of a unit (机组类别, PLAN2324 annex 1)."""

    I = "I"  # noqa: E741 - the plans' own name: conventional coal, 400 MW and more
    II = "II"  # conventional coal below 400 MW
    III = "III"  # other coal: circulating fluidised bed, coal gangue, coal-water slurry
    IV = "IV"  # gas

    @property
    def is_gas(self) -> bool:
        return self is UnitClass.IV


class Cooling(StrEnum):
    """How a unit is cooled (冷却方式)."""

    WATER = "water"
    AIR = "air"
    BACK_PRESSURE = "back_pressure"


@dataclass(frozen=True)
class UnitInput:
    """One unit's verified year. MWh, GJ and the two fractions are Decimal (or int), emissions whole tonnes.

    Raises TypeError for a float or text in a number's place, ValueError for a figure outside its limits, an unknown
    class or cooling, or a missing name.
    """

    entity: str
    unit: str
    unit_class: UnitClass
    generation_mwh: Decimal
    supply_mwh: Decimal
    heat_gj: Decimal
    load_factor: Decimal
    heat_ratio: Decimal
    cooling: Cooling
    verified_t: int

    def __post_init__(self) -> None:
        if not self.entity or not self.unit:
            raise ValueError("entity and unit need a name")
        object.__setattr__(self, "unit_class", UnitClass(self.unit_class))
        object.__setattr__(self, "cooling", Cooling(self.cooling))
        if type(self.verified_t) is not int:
            raise TypeError(f"verified_t is whole tonnes, not {self.verified_t!r}")
        for name in ("generation_mwh", "supply_mwh", "heat_gj"):
            object.__setattr__(self, name, within(name, getattr(self, name), MAX_QUANTITY))
        for name in ("load_factor", "heat_ratio"):
            object.__setattr__(self, name, within(name, getattr(self, name), Decimal(1)))
        within("verified_t", self.verified_t, MAX_QUANTITY)


def within(name: str, value: object, highest: Decimal) -> Decimal:
    """`value` as a Decimal, where it is exact, finite, from 0 to `highest` and of at most 12 decimals."""
    if type(value) is not int and type(value) is not Decimal:
        raise TypeError(f"{name} is a Decimal, not {value!r}")
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= highest:
        raise ValueError(f"{name} lies between 0 and {highest}, not at {value}")
    if decimals(number) > MAX_DECIMALS:
        raise ValueError(f"{name} has at most {MAX_DECIMALS} decimals, not {value}")
    return number


def decimals(number: Decimal) -> int:
    """How many places stand after the point, trailing zeros included."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), number
    return max(0, -exponent)
