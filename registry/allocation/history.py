"""What earlier plans gave and what is still to be deducted; what a plan's numbers rest on. Reads alone.

All quantities are tonnes.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet, Sum

from registry.allocation.models import Adjustment, Plan, PlanRow
from registry.allocation.stage_working import Before
from registry.emitters.models import ActivityReport


def before(year: int, emitter_ids: Iterable[int]) -> dict[int, Before]:
    """By emitter, what the issued plans of the year gave it. What a recall could not collect counts as recalled:
    an adjustment stands for it."""
    sums = (
        PlanRow.objects.filter(plan__year=year, plan__state=Plan.State.ISSUED, emitter__in=list(emitter_ids))
        .values("emitter_id")
        .annotate(
            issued=Sum("issue_t"), recalled=Sum("recall_t"), taken=Sum("deducted_t"), back=Sum("returned_t")
        )
    )
    return {
        row["emitter_id"]: Before(row["issued"] - row["recalled"], row["taken"] - row["back"]) for row in sums
    }


def outstanding(year: int, emitter_ids: Iterable[int]) -> dict[int, int]:
    """By emitter, what is to be deducted when allocation of `year` is issued."""
    sums = in_force(year, emitter_ids).values("emitter_id").annotate(tonnes=Sum("remaining_t"))
    return {row["emitter_id"]: row["tonnes"] for row in sums.order_by("emitter_id")}


def in_force(year: int, emitter_ids: Iterable[int]) -> QuerySet[Adjustment]:
    """Approved, with something left, for this year or an earlier one; the oldest first."""
    return Adjustment.objects.filter(
        emitter__in=list(emitter_ids),
        state=Adjustment.State.IN_FORCE,
        remaining_t__gt=0,
        year__lte=year,
    ).order_by("year", "pk")


def basis_of(plan: Plan, emitter_ids: Sequence[int]) -> str:
    """SHA-256 over the versions of reports, the adjustments and the earlier plans that its numbers rest on."""
    lines = [f"emitters {sorted(emitter_ids)}"]
    if plan.document_id is None:
        year = plan.year - 1 if plan.stage == Plan.Stage.PRE else plan.year
        reports = (
            ActivityReport.objects.filter(year=year, unit__emitter__in=list(emitter_ids))
            .order_by("unit_id", "-version")
            .distinct("unit_id")
            .values_list("pk", flat=True)
        )
        lines.append(f"reports {sorted(reports)}")
    adjustments = in_force(plan.year, emitter_ids).values_list("pk", "remaining_t")
    lines.append(f"adjustments {list(adjustments)}")
    plans = Plan.objects.filter(
        year=plan.year, state=Plan.State.ISSUED, rows__emitter__in=list(emitter_ids)
    ).exclude(pk=plan.pk)
    lines.append(f"plans {sorted(set(plans.values_list('pk', flat=True)))}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
