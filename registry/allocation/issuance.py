"""An approved plan becomes holdings: all of its lines in one transaction and one batch, or none (registry-rules.md 3).

Locks in the order of the house: the request (held by the caller), the compliance years, the adjustments, the
holders, then the accounts in `post`. Reads and writes are a handful of statements, whatever the number of lines.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.allocation import deductions, differentiated, progress
from registry.allocation.models import Adjustment, Plan, PlanRow
from registry.allocation.plans import check_fresh
from registry.allocation.progress import Progress
from registry.allocation.scope import authority_of
from registry.compliance.models import ComplianceYear
from registry.ledger.models import Account, Transfer
from registry.ledger.post import Move, hold, post

REGISTRY, SOURCE = Account.Purpose.REGISTRY.value, Account.Purpose.SOURCE.value
ISSUANCE, RECALL = Transfer.Kind.ISSUANCE.value, Transfer.Kind.RECALL.value
#: How often the page that watches hears of it, in lines.
TELL_EVERY = 100


@dataclass
class Work:
    """What is read and locked for one plan, and what comes of it."""

    plan: Plan
    rows: list[PlanRow]
    operator: Organisation
    authority: Organisation | None
    years: dict[tuple[int, int], ComplianceYear]
    #: registry holdings of the asset by holder
    held_t: dict[int, int] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)

    @property
    def cause(self) -> str:
        return cause_of(self.plan)


def cause_of(plan: Plan) -> str:
    """Of the plan's batch and each of its transfers; unique, so that nothing is issued twice."""
    return f"plan:{plan.pk}"


@transaction.atomic
def issue(plan_id: int, *, at: dt.datetime) -> Plan:
    """Issues and recalls what the plan says, in its asset, and brings the compliance years up to date.

    A recall takes what lies free in the holder's `registry` account, never more: the rest becomes an adjustment of
    this year. Raises Refused `NOT_WAITING`, `STALE`, `NO_DECIDER`; then nothing has changed.
    """
    progress.tell(plan_id, Progress("checking"))
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    if plan.state != Plan.State.WAITING:
        raise Refused("NOT_WAITING", _("This plan does not wait to be issued."))
    work = _prepare(plan)
    progress.tell(plan_id, Progress("locking", 0, len(work.rows)))
    _hold(work)
    check_fresh(plan)
    for place, row in enumerate(work.rows, 1):
        _line(work, row, at)
        if place % TELL_EVERY == 0:
            progress.tell(plan_id, Progress("posting", place, len(work.rows)))
    if not post(work.moves, cause=work.cause, at=at):
        raise Refused("NOT_WAITING", _("This plan does not wait to be issued."))
    progress.tell(plan_id, Progress("recording", len(work.rows), len(work.rows)))
    _record(work, at)
    plan.state, plan.issued_at = Plan.State.ISSUED, at
    plan.save(update_fields=["state", "issued_at"])
    return plan


def _prepare(plan: Plan) -> Work:
    """Rows, offices, and the compliance years, locked: the plan's, and for lines to the province the earlier ones."""
    rows = list(plan.rows.defer("units", "steps").order_by("emitter_id"))
    ids = [row.emitter_id for row in rows]
    flagged = [row.emitter_id for row in rows if row.to_province and row.issue_t]
    authority = authority_of(plan.province)
    if flagged and authority is None:
        raise Refused("NO_DECIDER", _("The province's authority has no account here to issue to."))
    years = ComplianceYear.objects.select_for_update().filter(
        Q(year=plan.year, emitter__in=ids) | Q(year__lt=plan.year, emitter__in=flagged)
    )
    operator = Organisation.objects.filter(kind=Organisation.Kind.REGISTRY).order_by("pk").first()
    if operator is None:
        raise Refused("NO_DECIDER", _("The registry operator has no account here."))
    return Work(
        plan, rows, operator, authority, {(row.emitter_id, row.year): row for row in years.order_by("pk")}
    )


def _hold(work: Work) -> None:
    """Holders stand still; what there is to recall is read."""
    holders = [row.emitter_id for row in work.rows]
    if work.authority is not None:
        holders.append(work.authority.pk)
    hold(holders)
    recalled = [row.emitter_id for row in work.rows if row.recall_t]
    if recalled:
        balances = Account.objects.filter(holder__in=recalled, asset=work.plan.asset_id, purpose=REGISTRY)
        free = balances.annotate(free=F("balance") - F("surrender_only_t"))
        work.held_t = dict(free.values_list("holder_id", "free"))


def _line(work: Work, row: PlanRow, at: dt.datetime) -> None:
    """The moves of one emitter; what a recall cannot collect is noted on the row."""
    asset, operator, cause = work.plan.asset_id, work.operator.pk, work.cause
    place = (row.emitter_id, REGISTRY)
    if row.issue_t and row.to_province:
        assert work.authority is not None
        line = differentiated.settle(work.plan, row, work.years, work.authority, operator, cause, at)
        row.surrendered_t = line.surrendered_t
        work.moves += line.moves
    elif row.issue_t:
        work.moves.append(Move(asset, row.issue_t, (operator, SOURCE), place, ISSUANCE, cause))
    elif row.recall_t:
        collected = min(row.recall_t, work.held_t.get(row.emitter_id, 0))
        row.uncollected_t = row.recall_t - collected
        if collected:
            work.moves.append(Move(asset, collected, place, (operator, SOURCE), RECALL, cause))


def _record(work: Work, at: dt.datetime) -> None:
    """Rows, compliance years, adjustments: each in one statement or a few."""
    changed = [row for row in work.rows if row.surrendered_t or row.uncollected_t]
    PlanRow.objects.bulk_update(changed, ["surrendered_t", "uncollected_t"], batch_size=500)
    update_years(work.plan, work.rows)
    deductions.record(work.plan, work.rows, at)
    Adjustment.objects.bulk_create(
        [
            Adjustment(
                emitter_id=row.emitter_id, year=work.plan.year, ground=Adjustment.Ground.BORROWED,
                ordered_t=row.uncollected_t, remaining_t=row.uncollected_t, plan=work.plan,
                state=Adjustment.State.IN_FORCE, at=at,
            )
            for row in work.rows
            if row.uncollected_t
        ]
    )  # fmt: skip


def update_years(plan: Plan, rows: Sequence[PlanRow]) -> None:
    """Pre-allocated or allocated, and issued, of the rows' emitters; in one statement."""
    pre = plan.stage == Plan.Stage.PRE
    due = "preallocated_t = given.due" if pre else "allocated_t = given.due"
    columns: Iterable[list[int]] = (
        [row.emitter_id for row in rows],
        [row.pre_t if pre else row.final_t for row in rows],
        [row.issue_t - row.recall_t + row.uncollected_t for row in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE registry_complianceyear AS year SET {due}, issued_t = issued_t + given.net"  # noqa: S608
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS given (emitter, due, net)"
            " WHERE year.emitter_id = given.emitter AND year.year = %s",
            [*columns, plan.year],
        )
