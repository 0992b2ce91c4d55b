"""Pre- and final stage with deductions (registry-rules.md 3, domain.md 5.7)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.allocation.formulas.arithmetic import floor_t
from registry.allocation.formulas.stages import (
    Differentiated,
    FinalStage,
    Stage,
    differentiated,
    final_stage,
    pre_stage,
    preallocation_t,
)

tonnes = st.integers(0, 200_000)


@pytest.mark.parametrize(
    ("year", "expected"), [(2019, 700), (2022, 700), (2024, 700), (2025, 500), (2026, 500)]
)
def test_the_pre_allocation_is_a_share_of_last_years_emissions(year: int, expected: int) -> None:
    assert preallocation_t(1_000, year) == expected


def test_the_pre_allocation_is_rounded_down() -> None:
    """The official example: 1789.70 gives 1789."""
    assert floor_t(Decimal("1789.70")) == 1_789
    assert preallocation_t(2_557, 2024) == 1_789  # 1 789.90
    assert preallocation_t(2_558, 2024) == 1_790  # 1 790.60
    assert preallocation_t(1, 2026) == 0


def test_a_province_may_give_less_than_the_drafts_half_but_not_more() -> None:
    assert preallocation_t(1_001, 2026, share=Decimal("0.3")) == 300
    with pytest.raises(ValueError, match=r"between 0 and 0\.50"):
        preallocation_t(1_000, 2026, share=Decimal("0.51"))


def test_steel_cement_and_aluminium_have_no_pre_allocation_for_2024() -> None:
    assert preallocation_t(1_000, 2024, industry=True) == 0
    assert preallocation_t(1_000, 2025, industry=True) == 500


def test_the_worked_example_of_a_deduction_beyond_the_final_allocation() -> None:
    """Pre 50 000, final 30 000, to deduct 70 000."""
    pre = pre_stage(50_000, 70_000)
    assert pre == Stage(issue_t=0, deducted_t=50_000, remaining_t=20_000)
    final = final_stage(30_000, 50_000, pre.issue_t, pre.deducted_t, pre.remaining_t)
    assert final == FinalStage(issue_t=0, recall_t=0, deducted_t=0, returned_t=20_000, remaining_t=40_000)


def test_without_adjustments_the_final_stage_tops_up_or_recalls() -> None:
    assert final_stage(80_000, 50_000, 50_000, 0, 0) == FinalStage(30_000, 0, 0, 0, 0)
    assert final_stage(30_000, 50_000, 50_000, 0, 0) == FinalStage(0, 20_000, 0, 0, 0)
    assert final_stage(50_000, 50_000, 50_000, 0, 0) == FinalStage(0, 0, 0, 0, 0)


def test_the_rest_of_an_adjustment_is_deducted_from_the_final_stage() -> None:
    pre = pre_stage(50_000, 70_000)
    assert final_stage(90_000, 50_000, *pre) == FinalStage(20_000, 0, 20_000, 0, 0)
    assert final_stage(60_000, 50_000, *pre) == FinalStage(0, 0, 10_000, 0, 10_000)


def test_an_excess_is_recalled_from_what_was_issued_before_a_deduction_is_returned() -> None:
    pre = pre_stage(50_000, 20_000)
    assert pre == Stage(30_000, 20_000, 0)
    assert final_stage(40_000, 50_000, *pre) == FinalStage(0, 10_000, 0, 0, 0)
    assert final_stage(10_000, 50_000, *pre) == FinalStage(0, 30_000, 0, 10_000, 10_000)


def test_nothing_is_recalled_for_an_adjustment_that_came_after_the_pre_stage() -> None:
    assert final_stage(60_000, 50_000, 50_000, 0, 25_000) == FinalStage(0, 0, 10_000, 0, 15_000)


def test_differentiated_allocation_pays_arrears_first() -> None:
    """The official example, in 10 000 t: A issued 120 owes 100, B issued 80 owes 100."""
    assert differentiated(1_200_000, 1_000_000) == Differentiated(1_000_000, 200_000, 0)
    assert differentiated(800_000, 1_000_000) == Differentiated(800_000, 0, 200_000)


def test_amounts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="are not 50000 t"):
        final_stage(30_000, 50_000, 50_000, 1, 0)
    with pytest.raises(ValueError, match="not negative"):
        pre_stage(-1, 0)
    with pytest.raises(TypeError, match="whole tonnes"):
        pre_stage(True, 0)


@given(tonnes, tonnes, tonnes, tonnes)
def test_over_both_stages_nothing_appears_or_vanishes(
    pre_t: int, final_t: int, to_deduct_t: int, later_t: int
) -> None:
    pre = pre_stage(pre_t, to_deduct_t)
    assert pre.issue_t + pre.deducted_t == pre_t
    assert pre.deducted_t + pre.remaining_t == to_deduct_t
    final = final_stage(final_t, pre_t, pre.issue_t, pre.deducted_t, pre.remaining_t + later_t)
    assert min(final) >= 0
    assert final.recall_t <= pre.issue_t
    assert final.returned_t <= pre.deducted_t
    assert not (final.issue_t and final.recall_t)
    deducted_t = pre.deducted_t + final.deducted_t - final.returned_t
    assert pre.issue_t + final.issue_t - final.recall_t + deducted_t == final_t
    assert deducted_t + final.remaining_t == to_deduct_t + later_t
    assert not (final.issue_t and final.remaining_t)
