"""Plans as pages and API read them: sums of several at once, rows with what the page compares."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from registry.allocation.models import Plan, PlanRow
from registry.allocation.scope import SUMMED
from registry.compliance.models import ComplianceYear

Totals = dict[str, int]


def totals_of(plan_ids: Iterable[int]) -> dict[int, Totals]:
    """By plan: `emitters`, `differentiated`, and tonnes by name."""
    ids = list(plan_ids)
    rows = (
        PlanRow.objects.filter(plan__in=ids)
        .values("plan_id")
        .annotate(
            emitters=Count("pk"),
            differentiated=Count("pk", filter=Q(to_province=True)),
            sum_uncollected_t=Sum("uncollected_t"),
            **{f"sum_{name}": Sum(name) for name in SUMMED},
        )
        .order_by()
    )
    nothing = dict.fromkeys(("emitters", "differentiated", "uncollected_t", *SUMMED), 0)
    found: dict[int, Totals] = {pk: dict(nothing) for pk in ids}
    for row in rows:
        sums: dict[str, Any] = dict(row)
        found[sums["plan_id"]] = {name: int(sums.get(f"sum_{name}", sums.get(name)) or 0) for name in nothing}
    return found


def with_last_year(rows: QuerySet[PlanRow], plan: Plan) -> QuerySet[PlanRow]:
    """Adds `last_t` (the allocation of the year before, or none), `due_t` and `change_t`."""
    due = F("pre_t") if plan.stage == Plan.Stage.PRE else F("final_t")
    of_last_year = ComplianceYear.objects.filter(emitter=OuterRef("emitter"), year=plan.year - 1)
    figure = "preallocated_t" if plan.stage == Plan.Stage.PRE else "allocated_t"
    return rows.annotate(
        last_t=Subquery(of_last_year.values(figure)[:1]),
        due_t=due,
        change_t=due - Coalesce(F("last_t"), Value(0), output_field=IntegerField()),
    )


def gap_rate_pct(totals: Totals) -> Decimal | None:
    """Of a whole plan: (verified − allocated) ÷ verified in percent; None where nothing was verified."""
    from registry.allocation.formulas.power import gap_rate_pct as of

    return of(totals["verified_t"], totals["final_t"])
