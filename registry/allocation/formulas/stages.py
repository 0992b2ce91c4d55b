"""Pre-allocation and final allocation of one entity (or unit), with adjustments deducted on the way.

registry-rules.md 3; domain.md 5.7. All amounts are whole tonnes, never negative.
"""

from decimal import Decimal
from typing import NamedTuple

from registry.allocation.formulas.arithmetic import share_t
from registry.allocation.formulas.table import industry_rules_of, rules_of


class Stage(NamedTuple):
    """Pre-stage: what is issued, what was deducted instead, what is left to deduct in the final stage."""

    issue_t: int
    deducted_t: int
    remaining_t: int


class FinalStage(NamedTuple):
    """Final stage: what is issued or recalled, deducted or returned to the adjustment, and what is left of it."""

    issue_t: int
    recall_t: int
    deducted_t: int
    returned_t: int
    remaining_t: int


class Differentiated(NamedTuple):
    """Differentiated allocation (差异化分配): surrendered from the province's account, passed on, still owed."""

    surrendered_t: int
    to_entity_t: int
    still_owed_t: int


def preallocation_t(
    verified_previous_t: int, year: int, *, industry: bool = False, share: Decimal | None = None
) -> int:
    """A year's pre-allocation of one unit: a share of its verified emissions of the year before, rounded down.

    `share` is what a province chose, at most the plan's; ValueError above it. Raises UnknownYear.
    """
    _whole(verified_previous_t=verified_previous_t)
    highest = industry_rules_of(year).preallocation_share if industry else rules_of(year).preallocation_share
    chosen = highest if share is None else share
    if not 0 <= chosen <= highest:
        raise ValueError(f"the share of {year} lies between 0 and {highest}, not at {chosen}")
    return share_t(chosen, verified_previous_t)


def pre_stage(pre_t: int, to_deduct_t: int) -> Stage:
    """Deduct adjustments from the pre-allocation; what it cannot bear waits for the final stage."""
    _whole(pre_t=pre_t, to_deduct_t=to_deduct_t)
    deducted_t = min(pre_t, to_deduct_t)
    return Stage(pre_t - deducted_t, deducted_t, to_deduct_t - deducted_t)


def final_stage(
    final_t: int, pre_t: int, issued_pre_t: int, deducted_pre_t: int, remaining_t: int
) -> FinalStage:
    """Refund or top up the difference to the pre-allocation (多退少补).

    A lack is issued, less what is still to be deducted; holdings already issued are recalled only for the excess
    of the pre-allocation, never for a deduction. Of the excess, deductions beyond the final allocation go back to
    the adjustment first, and the rest is recalled. Afterwards issued + deducted = `final_t`. Raises ValueError for
    a negative amount, or where the pre-stage's issue and deduction are not its pre-allocation.
    """
    _whole(
        final_t=final_t, pre_t=pre_t, issued_pre_t=issued_pre_t, deducted_pre_t=deducted_pre_t,
        remaining_t=remaining_t,
    )  # fmt: skip
    if issued_pre_t + deducted_pre_t != pre_t:
        raise ValueError(f"issued {issued_pre_t} t and deducted {deducted_pre_t} t are not {pre_t} t")
    if final_t >= pre_t:
        lack_t = final_t - pre_t
        deducted_t = min(lack_t, remaining_t)
        return FinalStage(lack_t - deducted_t, 0, deducted_t, 0, remaining_t - deducted_t)
    returned_t = max(0, deducted_pre_t - final_t)
    return FinalStage(0, pre_t - final_t - returned_t, 0, returned_t, remaining_t + returned_t)


def differentiated(issue_t: int, owed_t: int) -> Differentiated:
    """What an entity in arrears is issued goes to the province's account, pays what is owed, the rest goes on."""
    _whole(issue_t=issue_t, owed_t=owed_t)
    surrendered_t = min(issue_t, owed_t)
    return Differentiated(surrendered_t, issue_t - surrendered_t, owed_t - surrendered_t)


def _whole(**amounts_t: int) -> None:
    for name, amount in amounts_t.items():
        if type(amount) is not int:
            raise TypeError(f"{name} is whole tonnes, not {amount!r}")
        if amount < 0:
            raise ValueError(f"{name} is not negative, as {amount}")
