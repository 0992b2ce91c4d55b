"""Load factor Ff (负荷系数修正系数, from 2023 调峰修正系数): what a year's plan gives units that ran at low load.

A rule is a row of bands, each with a curve over the load F (a fraction). Curves know their own formula as text, so
that what a page shows is what was computed.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from registry.allocation.formulas.arithmetic import HUNDRED, PRECISE, half_up
from registry.allocation.formulas.units import UnitClass

FF_PLACES = 6
ONE = Decimal(1)


class Curve(Protocol):
    """Ff over the load, unrounded, and its formula with `{F}` in the load's place."""

    @property
    def formula(self) -> str: ...

    def at(self, load: Decimal) -> Decimal: ...


@dataclass(frozen=True)
class Flat:
    """No correction."""

    formula: str = "1"

    def at(self, load: Decimal) -> Decimal:
        return ONE


@dataclass(frozen=True)
class Slope:
    """`start + rate × (from − 100F)`."""

    start: Decimal
    rate: Decimal
    from_percent: Decimal

    @property
    def formula(self) -> str:
        return f"{self.start} + {self.rate} × ({self.from_percent} − 100 × {{F}})"

    def at(self, load: Decimal) -> Decimal:
        below = PRECISE.subtract(self.from_percent, PRECISE.multiply(HUNDRED, load))
        return PRECISE.add(self.start, PRECISE.multiply(self.rate, below))


@dataclass(frozen=True)
class Power:
    """`base ^ (exponent − rate × F)`."""

    base: Decimal
    exponent: Decimal
    rate: Decimal

    @property
    def formula(self) -> str:
        return f"{self.base} ^ ({self.exponent} − {self.rate} × {{F}})"

    def at(self, load: Decimal) -> Decimal:
        return PRECISE.power(self.base, PRECISE.subtract(self.exponent, PRECISE.multiply(self.rate, load)))


@dataclass(frozen=True)
class Decay:
    """`start − Σ height × (1 − e^(−100F / scale))`."""

    start: Decimal
    terms: tuple[tuple[Decimal, Decimal], ...]

    @property
    def formula(self) -> str:
        lost = (f" − {height} × (1 − e^(−100 × {{F}} ÷ {scale}))" for height, scale in self.terms)
        return f"{self.start}{''.join(lost)}"

    def at(self, load: Decimal) -> Decimal:
        result, percent = self.start, PRECISE.multiply(HUNDRED, load)
        for height, scale in self.terms:
            left = PRECISE.exp(PRECISE.minus(PRECISE.divide(percent, scale)))
            result = PRECISE.subtract(result, PRECISE.multiply(height, PRECISE.subtract(ONE, left)))
        return result


@dataclass(frozen=True)
class LoadRule:
    """Which units are corrected, and by which curve from which load on (bands from the highest load down)."""

    key: str
    classes: frozenset[UnitClass]
    #: Only pure condensing units (纯凝): a unit that supplied heat gets 1.
    without_heat_only: bool
    bands: tuple[tuple[Decimal, Curve], ...]

    def curve(self, unit_class: UnitClass, heat_gj: Decimal, load: Decimal) -> Curve:
        """The curve that holds for this unit at this load."""
        if unit_class not in self.classes or (self.without_heat_only and heat_gj > 0):
            return Flat()
        return next(curve for lowest, curve in self.bands if load >= lowest)

    def factor(self, unit_class: UnitClass, heat_gj: Decimal, load: Decimal) -> Decimal:
        """Ff, half-up to 6 decimals (registry-rules.md 3)."""
        return half_up(self.curve(unit_class, heat_gj, load).at(load), FF_PLACES)
