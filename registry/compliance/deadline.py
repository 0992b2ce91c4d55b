"""Deadline day: states are kept as they were, shortfalls computed with their working. Nothing is taken.

One transaction a year, begun by the row of the table of dates: broken off it leaves nothing, run again it finds
`passed_at` and does nothing.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from registry.compliance import rules
from registry.compliance.models import ComplianceYear, Deadline, Shortfall, Surrender
from registry.compliance.selectors import BEIJING, State, day_of
from registry.market_port import MonthTotals, market

BATCH = 2_000


class NotOver(Exception):
    """The day of the deadline is not over yet in Beijing."""


def due(at: dt.datetime) -> list[int]:
    """Years whose deadline is over and was not passed yet, the earliest first."""
    waiting = Deadline.objects.filter(passed_at=None, day__lt=day_of(at)).order_by("day", "year")
    return list(waiting.values_list("year", flat=True))


@transaction.atomic
def pass_deadline(year: int, at: dt.datetime) -> int:
    """Keeps the state of every emitter of a year as it was at the end of the deadline, and computes shortfalls.

    The national market's alone: what a pilot's shortfall costs is its own law's, which is not in the table.
    Returns how many shortfalls there are new; 0 where it was done before. Raises NotOver; Deadline.DoesNotExist.
    """
    deadline = Deadline.objects.select_for_update().get(year=year)
    if deadline.passed_at is not None:
        return 0
    if day_of(at) <= deadline.day:
        raise NotOver(f"{year}: {deadline.day}")
    rows = list(_at_the_end(year, deadline.day).order_by("pk"))
    short = []
    price = price_of(deadline.day)
    for row in rows:
        row.state_at_deadline = _state(row)
        if row.state_at_deadline in {State.OPEN, State.PART}:
            short.append(shortfall_of(row, deadline.day, price, at))
    for state in State.values:
        kept = [row.pk for row in rows if row.state_at_deadline == state]
        ComplianceYear.objects.filter(pk__in=kept).update(state_at_deadline=state)
    Shortfall.objects.bulk_create(short, batch_size=BATCH)
    deadline.passed_at = at
    deadline.save(update_fields=["passed_at"])
    return len(short)


def _at_the_end(year: int, day: dt.date) -> QuerySet[ComplianceYear]:
    """The rows, locked, with `in_time_t`: what was surrendered for good when the day ended, however late it is now."""
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BEIJING)
    late = (
        Surrender.objects.filter(
            compliance_year=OuterRef("pk"), state=Surrender.State.APPROVED, decided_at__gte=end
        )
        .order_by()
        .values("compliance_year")
        .annotate(sum=Sum("quantity_t"))
        .values("sum")
    )
    return (
        ComplianceYear.objects.select_for_update(of=("self",))
        .filter(year=year)
        .exclude(emitter__sector__in=list(rules.PILOTS))
        .annotate(in_time_t=F("surrendered_t") - Coalesce(Subquery(late), Value(0)))
    )


def _state(row: Any) -> str:
    if row.obligation_t is None:
        return State.NOT_DUE.value
    if row.in_time_t >= row.obligation_t:
        return State.COMPLETE.value
    return State.PART.value if row.in_time_t else State.OPEN.value


def price_of(deadline: dt.date) -> MonthTotals | None:
    """Turnover and volume of the month before the deadline's; None where the fine goes by no price."""
    if not rules.fine_rule(deadline).by_price:
        return None
    return market().month_totals(rules.price_month(deadline))


def shortfall_of(row: Any, deadline: dt.date, price: MonthTotals | None, at: dt.datetime) -> Shortfall:
    """The missing tonnes with fine and deduction, and every number that led there. Not stored."""
    rule = rules.fine_rule(deadline)
    missing_t = row.obligation_t - row.in_time_t
    turnover_fen, volume_t = (price.turnover_fen, price.volume_t) if price else (0, 0)
    bounds = rule.bounds_fen(missing_t, turnover_fen, volume_t)
    low_fen, high_fen = bounds or (0, 0)
    deduction_t = rules.deduction_t(missing_t, day_of(at))
    return Shortfall(
        compliance_year=row,
        missing_t=missing_t,
        price_month=rules.price_month(deadline) if price else None,
        turnover_fen=turnover_fen,
        volume_t=volume_t,
        fine_low_fen=low_fen,
        fine_high_fen=high_fen,
        deduction_t=deduction_t,
        computed_at=at,
        working={
            "rule": rule.source,
            "deadline": deadline.isoformat(),
            "obligation_t": row.obligation_t,
            "surrendered_t": row.in_time_t,
            # Asked for in time and undecided: for the authority to weigh.
            "pending_t": row.pending_t,
            "low_times": rule.low_times,
            "high_times": rule.high_times,
            "price_known": bounds is not None,
        },
    )
