"""The working of a record, by hand and for all amounts: exact, rounded down, never below zero."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.factors.shipped import ITEMS, SHIPPED, Factor, latest
from registry.inclusion.methodologies import METHODOLOGIES, Working, working_of
from registry.inclusion.models import Scene

DAY = dt.date(2026, 3, 1)
FACTORS = latest(SHIPPED, DAY)


@pytest.mark.parametrize(
    ("code", "amount", "reduction_g", "points"),
    [
        ("metro", "12.5", 1_191, 11),  # 12.5 × (0.1112 − 0.0159) = 1.19125 kg
        ("bus", "10", 834, 8),  # 10 × (0.1112 − 0.0278) = 0.834 kg
        ("cycling", "3.3", 165, 1),  # 3.3 × 0.05
        ("ev_charging", "20.4", 13_994, 139),  # 20.4 × (1.106 − 0.42) = 13.9944
        ("rooftop_solar", "17.123", 7_191, 71),  # 17.123 × 0.42 = 7.19166
        ("household_electricity", "0.001", 0, 0),
        ("green_electricity", "100", 42_000, 420),
    ],
)
def test_by_hand(code: str, amount: str, reduction_g: int, points: int) -> None:
    found = working_of(METHODOLOGIES[code], Decimal(amount), FACTORS)
    assert found is not None
    assert (found.reduction_g, found.points) == (reduction_g, points)


@settings(deadline=None)
@given(
    amount=st.decimals(Decimal("0.001"), 100_000, places=3),
    scene=st.decimals(0, 10, places=6),
    more=st.decimals(Decimal("0.000001"), 10, places=6),
    rate=st.decimals(0, 1_000, places=6),
)
def test_rounded_down_once_and_exactly(amount: Decimal, scene: Decimal, more: Decimal, rate: Decimal) -> None:
    found = Working(amount, scene + more, scene, rate)
    exact = Fraction(amount) * Fraction(more) * 1000
    assert found.reduction_g == exact // 1
    assert found.points == (found.reduction_g * Fraction(rate) / 1000) // 1


def test_where_the_act_emits_as_much_as_its_baseline_nothing_is_counted() -> None:
    worse = {**FACTORS, "metro": Factor("metro", FACTORS["car_trip"].value, DAY, "x")}
    assert working_of(METHODOLOGIES["metro"], Decimal(10), worse) is None
    assert working_of(METHODOLOGIES["metro"], Decimal(10), {}) is None


def test_every_methodology_is_a_scenes_and_has_its_factors_and_sources() -> None:
    assert list(METHODOLOGIES) == list(Scene.Methodology.values)
    for row in METHODOLOGIES.values():
        assert working_of(row, Decimal(1), FACTORS) is not None
        assert not row.scene or ITEMS[row.scene].unit == row.unit
        assert row.source
        assert all(row.code in METHODOLOGIES[other].not_with for other in row.not_with), "either way"
