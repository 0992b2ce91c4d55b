"""What an issued plan takes from adjustments, and gives back to them (registry-rules.md 3). Tonnes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Sum

from registry.allocation.history import in_force
from registry.allocation.models import Adjustment, AdjustmentUse, Plan, PlanRow


def record(plan: Plan, rows: Sequence[PlanRow], at: dt.datetime) -> None:
    """Deducts from the oldest adjustment first; what is returned goes to the one used last in this year.

    The plan's numbers rest on exactly these remainders (`check_fresh`), in the same transaction.
    """
    deducting = {row.emitter_id: row.deducted_t for row in rows if row.deducted_t}
    returning = {row.emitter_id: row.returned_t for row in rows if row.returned_t}
    if not deducting and not returning:
        return
    uses = _deduct(plan, deducting) + _give_back(plan, returning)
    touched = [adjustment for adjustment, _taken in uses]
    Adjustment.objects.bulk_update(touched, ["remaining_t"], batch_size=500)
    AdjustmentUse.objects.bulk_create(
        [
            AdjustmentUse(adjustment=adjustment, plan=plan, taken_t=taken_t, at=at)
            for adjustment, taken_t in uses
        ]
    )


def _deduct(plan: Plan, wanted: dict[int, int]) -> list[tuple[Adjustment, int]]:
    uses, left = [], dict(wanted)
    for adjustment in in_force(plan.year, wanted).select_for_update():
        taken = min(left[adjustment.emitter_id], adjustment.remaining_t)
        if taken:
            adjustment.remaining_t -= taken
            left[adjustment.emitter_id] -= taken
            uses.append((adjustment, taken))
    assert not any(left.values()), "a plan deducts no more than there is to deduct"
    return uses


def _give_back(plan: Plan, wanted: dict[int, int]) -> list[tuple[Adjustment, int]]:
    """An adjustment gets back at most what the year's plans took from it."""
    taken: dict[int, int] = defaultdict(int)
    used = AdjustmentUse.objects.filter(plan__year=plan.year, adjustment__emitter__in=list(wanted))
    for row in used.values("adjustment_id").annotate(tonnes=Sum("taken_t")).order_by():
        taken[row["adjustment_id"]] = row["tonnes"]
    uses, left = [], dict(wanted)
    found = Adjustment.objects.select_for_update().filter(pk__in=list(taken)).order_by("-year", "-pk")
    for adjustment in found:
        back = min(left[adjustment.emitter_id], taken[adjustment.pk])
        if back > 0:
            adjustment.remaining_t += back
            left[adjustment.emitter_id] -= back
            uses.append((adjustment, -back))
    assert not any(left.values()), "a plan returns no more than the year's plans deducted"
    return uses
