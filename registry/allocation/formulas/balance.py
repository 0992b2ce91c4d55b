"""The balance value BP (行业平衡值) of a sector: the intensity at which it is given what it emitted (domain.md 5.6)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from registry.allocation.formulas.arithmetic import ratio_half_up
from registry.allocation.formulas.industry import IndustryInput
from registry.allocation.formulas.table import industry_rules_of

BALANCE_PLACES = 6


def balance_value(rows: Iterable[IndustryInput], year: int) -> Decimal:
    """The BP of the rows, all of one sector: Σ E × α = 0, tCO2e per t of product, half-up to 6 decimals.

    α grows with BP and is piecewise of the form `a − b / BP`, so the root is found exactly between two kinks. Where
    a whole interval solves it (a sector in two halves far apart), it is the interval's lowest value. Exempt rows take
    no part. Raises UnknownYear; ValueError for rows of several sectors, where no row has emissions and an intensity,
    and for a year whose plan knows no balance value.
    """
    rules, rows = industry_rules_of(year), tuple(rows)
    if rules.slope is None:
        raise ValueError(f"the plan of {year} has no balance value")
    if len({row.sector for row in rows}) > 1:
        raise ValueError("every sector has a balance value of its own")
    points = [
        (Fraction(row.verified_t), Fraction(row.intensity))
        for row in rows
        if not row.exempt and row.verified_t and row.intensity
    ]
    if not points:
        raise ValueError("no row has emissions and an intensity")
    root = _root(points, Fraction(rules.slope), Fraction(rules.band), Fraction(rules.most))
    return ratio_half_up(root.numerator, root.denominator, BALANCE_PLACES)


def _root(
    points: Sequence[tuple[Fraction, Fraction]], slope: Fraction, band: Fraction, most: Fraction
) -> Fraction:
    """The lowest zero of Σ E × α(BP), by walking over the kinks at which rows enter and leave the band."""
    enter = [(intensity / (1 + band), emissions, intensity) for emissions, intensity in points]
    leave = [(intensity / (1 - band), -emissions, intensity) for emissions, intensity in points]
    kinks = sorted(enter + leave)
    # Below the first kink every row is beyond the band's lower edge: the sum is negative; above the last, positive.
    outside = -most * sum(emissions for emissions, _ in points)
    inside = weighted = Fraction(0)
    for (_, change, intensity), (following, _, _) in pairwise(kinks):
        inside, weighted = inside + change, weighted + change * intensity
        outside += most * abs(change)
        constant = outside + slope * inside
        if constant * following >= slope * weighted:
            return slope * weighted / constant
    raise AssertionError("the sum changes its sign between the first and the last kink")
