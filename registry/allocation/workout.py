"""A draft's lines: what every emitter is due, set against what it was given, as rows of the plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from registry.allocation import history, stage_working, targets
from registry.allocation.derivations import kept
from registry.allocation.models import Plan, PlanRow
from registry.allocation.scope import Rules
from registry.allocation.stage_working import Before, Outcome
from registry.allocation.targets import Target
from registry.compliance.models import ComplianceYear
from registry.emitters.models import Sector, Unit

Stage, State = Plan.Stage, Plan.State
LIVE = (State.DRAFT, State.WAITING, State.ISSUING, State.ISSUED)
BATCH = 500


def check_order(plan: Plan, rules: Rules) -> None:
    """Whether this stage is the next one of its scope. Raises Refused `PLAN_EXISTS`, `STAGE_ORDER`, `NO_PREALLOCATION`,
    `SHARE`."""
    scope = Plan.objects.filter(year=plan.year, province=plan.province, sector=plan.sector)
    if plan.stage == Stage.PRE:
        if not rules.share:
            raise Refused("NO_PREALLOCATION", _("The plan of this sector and year has no pre-allocation."))
        if plan.share is not None and not 0 < plan.share <= rules.share:
            limit = {"limit": rules.share}
            raise Refused("SHARE", _("share: more than 0 and at most the plan's %(limit)s.") % limit)
    waiting = scope.filter(stage=plan.stage, state__in=LIVE)
    if plan.stage == Stage.CORRECTION:
        waiting = waiting.exclude(state=State.ISSUED)
    if waiting.exists():
        raise Refused("PLAN_EXISTS", _("There is a plan for this already: open it, or drop it first."))
    issued = set(scope.filter(state=State.ISSUED).values_list("stage", flat=True))
    if plan.stage == Stage.PRE and Stage.FINAL in issued:
        raise Refused(
            "STAGE_ORDER", _("The final allocation has been issued: there is nothing to pre-allocate.")
        )
    if plan.stage == Stage.CORRECTION and Stage.FINAL not in issued:
        raise Refused(
            "STAGE_ORDER", _("The final allocation comes first; a correction changes what it issued.")
        )


def targets_of(plan: Plan, emitter_ids: Sequence[int], rules: Rules) -> dict[int, Target]:
    """What is due by the reports. Raises Refused `NOT_VERIFIED`, `UNIT_CLASS`."""
    if plan.stage == Stage.PRE:
        return targets.pre_targets(plan.year, plan.sector, emitter_ids, plan.share)
    verified = list(
        ComplianceYear.objects.filter(year=plan.year, emitter__in=emitter_ids, verified_t__isnull=False)
        .order_by("emitter_id")
        .values_list("emitter_id", flat=True)
    )
    if plan.sector == Sector.POWER:
        _check_classes(verified)
        found = targets.power_targets(plan.year, targets.power_rows(plan.year, verified))
    else:
        plan.balance_value = _balance_value(plan)
        found = targets.industry_targets(plan.year, plan.sector, verified, plan.balance_value)
    if not found:
        raise Refused(
            "NOT_VERIFIED", _("No emitter of this province and sector is verified for this year yet.")
        )
    return found


def save(plan: Plan, due: Mapping[int, Target], rules: Rules) -> Plan:
    """The plan with its rows. Raises Refused `PLAN_EXISTS`, `NO_CHANGE`; LookupError of a bug."""
    ids = sorted(due)
    earlier, to_deduct = history.before(plan.year, ids), history.outstanding(plan.year, ids)
    rows = []
    for pk in ids:
        before = earlier.get(pk, Before())
        if plan.stage == Stage.CORRECTION and before.accounted_t == due[pk].target_t:
            continue
        rows.append(row_of(plan, due[pk], before, to_deduct.get(pk, 0), rules))
    if not rows:
        raise Refused(
            "NO_CHANGE", _("Nothing has changed since the final allocation: no correction is needed.")
        )
    plan.basis = history.basis_of(plan, [row.emitter_id for row in rows])
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        if "one_live_plan_a_stage" not in str(error):
            raise
        raise Refused(
            "PLAN_EXISTS", _("There is a plan for this already: open it, or drop it first.")
        ) from error
    PlanRow.objects.bulk_create(rows, batch_size=BATCH)
    return plan


def row_of(plan: Plan, due: Target, before: Before, to_deduct_t: int, rules: Rules) -> PlanRow:
    """One emitter's line, not saved: what it is due against what it was given, less what is to be deducted."""
    figures: dict[str, Any] = {"verified_t": due.verified_t, "units": due.units}
    if plan.stage == Stage.PRE:
        units = [(unit["unit"], unit["unit_t"]) for unit in due.units]
        outcome = stage_working.pre_outcome(units, to_deduct_t, rules.document)
        figures |= {"pre_t": due.target_t}
    else:
        outcome = stage_working.final_outcome(due.target_t, before, to_deduct_t, rules.document)
        figures |= {
            "pre_t": before.accounted_t,
            "initial_t": due.initial_t,
            "floor_t": due.floor_t,
            "final_t": due.target_t,
            "gap_rate_pct": due.gap_rate_pct,
        }
    return PlanRow(plan=plan, emitter_id=due.emitter_id, **_outcome(outcome), **figures)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "issue_t": outcome.issue_t,
        "recall_t": outcome.recall_t,
        "deducted_t": outcome.deducted_t,
        "returned_t": outcome.returned_t,
        "steps": kept(outcome.steps),
    }


def _balance_value(plan: Plan) -> Any:
    """The sector's BP of the year: the one of an earlier plan, so that all provinces are measured alike."""
    told = Plan.objects.filter(
        year=plan.year, sector=plan.sector, state__in=LIVE[1:], balance_value__isnull=False
    )
    found = told.order_by("pk").values_list("balance_value", flat=True).first()
    return found if found is not None else targets.sector_balance_value(plan.year, plan.sector)


def _check_classes(emitter_ids: Sequence[int]) -> None:
    """Raises Refused `UNIT_CLASS`, naming the first units that have none."""
    without = Unit.objects.filter(emitter__in=emitter_ids, unit_class="", reports__isnull=False).distinct()
    named = [f"{unit.emitter.organisation.code}/{unit.code}" for unit in without.select_related(
        "emitter__organisation").order_by("pk")[:10]]  # fmt: skip
    if named:
        raise Refused("UNIT_CLASS", _("Units without a class: %(units)s.") % {"units": ", ".join(named)})
