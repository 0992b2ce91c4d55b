"""Plans of allocation: worked out as drafts, flagged, sent for approval, dropped or made anew.

A plan is one stage of one year for the covered emitters of one province and sector. What is approved is exactly
what was shown: `basis` tells whether anything it rests on has changed since. docs/allocation-issuance.md.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.allocation import history, targets, workout
from registry.allocation.models import Plan, PlanRow
from registry.allocation.rights import check_may_make
from registry.allocation.scope import authority_of, covered, rules_for, totals, vintage_of
from registry.allocation.targets import Sourced
from registry.emitters.models import Sector

Stage, State = Plan.Stage, Plan.State


@transaction.atomic
def make(
    year: int,
    province: str,
    sector: str,
    stage: str,
    *,
    by: User,
    at: dt.datetime,
    share: Decimal | None = None,
) -> Plan:
    """Works out a draft from the latest verified reports (registry-rules.md 3).

    Pre-allocation: `share` (the plan's, where none is given) of last year's emissions of each unit. Final: the
    year's allocation against what the pre-stage gave. Correction: the same again for those whose allocation has
    changed, or who were not verified at the final stage. Raises Refused: `NOT_YOURS`, `UNKNOWN_YEAR`,
    `NO_PREALLOCATION`, `SHARE`, `NO_EMITTERS`, `NOT_VERIFIED`, `PLAN_EXISTS`, `STAGE_ORDER`, `NO_CHANGE`,
    `UNIT_CLASS`.
    """
    check_may_make(by, province)
    rules = rules_for(year, sector)
    plan = Plan(
        year=year, province=province, sector=sector, stage=stage, asset=vintage_of(year, sector),
        made_by=by, made_at=at, share=share,
    )  # fmt: skip
    workout.check_order(plan, rules)
    emitters = covered(year, province, sector)
    if not emitters:
        raise Refused("NO_EMITTERS", _("No emitter of this province and sector is covered in this year."))
    return workout.save(plan, workout.targets_of(plan, emitters, rules), rules)


@transaction.atomic
def make_from_rows(
    year: int,
    province: str,
    stage: str,
    rows: Sequence[Sourced],
    document: Document,
    *,
    by: User,
    at: dt.datetime,
) -> Plan:
    """The final stage (or a correction) of the power sector from a table of units. Raises Refused as `make`."""
    check_may_make(by, province)
    rules = rules_for(year, Sector.POWER)
    plan = Plan(
        year=year, province=province, sector=Sector.POWER, stage=stage, asset=vintage_of(year), made_by=by,
        made_at=at, document=document,
    )  # fmt: skip
    if stage == Stage.PRE:
        raise Refused("STAGE_ORDER", _("stage: a table of units gives a final allocation or a correction."))
    workout.check_order(plan, rules)
    return workout.save(plan, targets.power_targets(year, rows), rules)


@transaction.atomic
def differentiate(
    plan: Plan, emitter_id: int, *, ground: str, reason: str, by: User, at: dt.datetime, on: bool = True
) -> PlanRow:
    """An authority's decision on one line of a draft: issued to the province's account, which surrenders what is
    owed and hands on the rest (domain.md 4.2); or, `on` false, back to normal.

    `ground` arrears: surrenders that are past their deadline; freeze: the plan's own year as well. Raises Refused:
    `NOT_YOURS`, `NOT_DRAFT`, `NO_ROW`, `REASON_MISSING`, `GROUND`.
    """
    plan = _draft(plan, by)
    row = plan.rows.select_for_update().filter(emitter=emitter_id).first()
    if row is None:
        raise Refused("NO_ROW", _("emitter: it has no line in this plan."))
    if on and ground not in PlanRow.Ground.values:
        raise Refused("GROUND", _("ground: unpaid earlier surrender, or judicial freeze."))
    if on and not reason.strip():
        raise Refused("REASON_MISSING", _("Give a reason: it is kept with the decision."))
    row.to_province = on
    row.province_ground = ground if on else ""
    row.province_reason = reason.strip()[: verbs.LONGEST_REASON] if on else ""
    row.save(update_fields=["to_province", "province_ground", "province_reason"])
    return row


@transaction.atomic
def drop(plan: Plan, *, by: User, reason: str, at: dt.datetime) -> Plan:
    """Puts a draft aside for good. Raises Refused: `NOT_YOURS`, `NOT_DRAFT`."""
    plan = _draft(plan, by)
    plan.state, plan.reason = State.DROPPED, reason.strip()
    plan.save(update_fields=["state", "reason"])
    return plan


@transaction.atomic
def remake(plan: Plan, *, by: User, at: dt.datetime) -> Plan:
    """The draft once more, from today's figures; decisions on lines are kept. Raises Refused as `drop` and `make`,
    and `FROM_FILE` for one that came from a table."""
    if plan.document_id is not None:
        raise Refused("FROM_FILE", _("It came from a table: drop it and upload the table again."))
    decided = {row.emitter_id: row for row in plan.rows.filter(to_province=True)}
    drop(plan, by=by, reason="", at=at)
    made = make(plan.year, plan.province, plan.sector, plan.stage, by=by, at=at, share=plan.share)
    for row in made.rows.filter(emitter__in=decided).defer("units", "steps"):
        before = decided[row.emitter_id]
        row.to_province, row.province_ground = True, before.province_ground
        row.province_reason = before.province_reason
        row.save(update_fields=["to_province", "province_ground", "province_reason"])
    return made


@transaction.atomic
def send(
    plan: Plan, *, by: User, reason: str, at: dt.datetime, documents: Sequence[Document] = ()
) -> Request:
    """Asks the registry operator's checker to approve it. Raises Refused: `NOT_YOURS`, `NOT_DRAFT`, `STALE`, and
    those of `approvals.verbs.submit`."""
    plan = _draft(plan, by)
    check_fresh(plan)
    files = list(documents)
    table = plan.document
    if table is not None and table.request_id is None and table.uploaded_by_id == by.pk:
        files.append(table)
    request = verbs.submit(
        "allocation", by=by, reason=reason, at=at, about=authority_of(plan.province), documents=files,
        payload={"plan": plan.pk, **totals(plan)},
    )  # fmt: skip
    plan.state, plan.request, plan.reason = State.WAITING, request, reason.strip()
    plan.save(update_fields=["state", "request", "reason"])
    return request


def check_fresh(plan: Plan) -> None:
    """Raises Refused `STALE` where figures, adjustments or earlier plans have changed since it was made."""
    ids = list(plan.rows.order_by("emitter_id").values_list("emitter_id", flat=True))
    if history.basis_of(plan, ids) != plan.basis:
        raise Refused(
            "STALE",
            _("Verified figures, adjustments or earlier plans have changed since it was made: make it anew."),
        )


def _draft(plan: Plan, by: User) -> Plan:
    """The plan anew, locked, if it is a draft that this person may change. Raises Refused."""
    found = Plan.objects.select_for_update(of=("self",)).select_related("document").get(pk=plan.pk)
    check_may_make(by, found.province)
    if found.state != State.DRAFT:
        raise Refused(
            "NOT_DRAFT", _("It is no draft any more: %(state)s.") % {"state": found.get_state_display()}
        )
    return found
