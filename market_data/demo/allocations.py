"""What the demo's emitters were allocated for 2024 and 2025: the whole nation's plans, worked out by the formulas.

History is written in sets, because a demo starts in seconds: plans without requests, each posted as its own batch.
Two provinces are left over for people to look at: one plan waits for the checker, one is a draft. A second start
finds the plans and does nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from accounts.models import Organisation, User
from exchange import clock
from registry.allocation import issuance, plans, targets, workout
from registry.allocation.models import Plan, PlanRow
from registry.allocation.scope import rules_for, vintage_of
from registry.allocation.stage_working import Before
from registry.allocation.targets import Target
from registry.ledger.models import Account, Transfer
from registry.ledger.post import BEIJING, Move, post
from registry.models import ComplianceYear, Sector

YEARS = (2024, 2025)
#: Of the last year's power plans: who waits for a decision, and who is still worked at.
WAITING, DRAFT = "370000", "320000"
#: Whose power plants are shown with both stages.
IN_TWO_STAGES = "310000"
ISSUER = "issuer@registry.example"
REASON = "按核查结果核定，附各机组计算过程"


def settle_allocations() -> int:
    """Makes all plans where there are none; returns how many were issued."""
    if Plan.objects.exists():
        return 0
    issuer = User.objects.filter(email=ISSUER).first()
    if issuer is None:
        return 0
    with transaction.atomic():
        issued = sum(_settle_year(year, issuer) for year in YEARS)
        last, at = YEARS[-1], clock.now()
        for province in (WAITING, DRAFT):
            if not ComplianceYear.objects.filter(
                year=last, emitter__sector=Sector.POWER, emitter__organisation__province=province
            ).exists():
                continue
            plan = plans.make(last, province, Sector.POWER, Plan.Stage.FINAL, by=issuer, at=at)
            if province == WAITING:
                plans.send(plan, by=issuer, reason=REASON, at=at)
    return issued


def _settle_year(year: int, issuer: User) -> int:
    """Final plans of every province and sector; where it is shown, the pre-allocation before it."""
    places = _places(year)
    operator = Organisation.objects.get(code="registry").pk
    issued = 0
    for sector in Sector.values:
        by_province = {province: ids for (of, province), ids in places.items() if of == sector}
        if not by_province:
            continue
        ids = [pk for its in by_province.values() for pk in its]
        value = None if sector == Sector.POWER else targets.sector_balance_value(year, sector)
        due = (
            targets.power_targets(year, targets.power_rows(year, ids))
            if sector == Sector.POWER
            else targets.industry_targets(year, sector, ids, value)
        )
        for province, its in by_province.items():
            if sector == Sector.POWER and year == YEARS[-1] and province in {WAITING, DRAFT}:
                continue
            before: dict[int, Before] = {}
            if sector == Sector.POWER and province == IN_TWO_STAGES:
                pre = targets.pre_targets(year, sector, its)
                before = {pk: Before(target.target_t) for pk, target in pre.items()}
                _issue(_plan(year, province, sector, Plan.Stage.PRE, issuer), pre, {}, operator)
                issued += 1
            plan = _plan(year, province, sector, Plan.Stage.FINAL, issuer)
            plan.balance_value = value
            _issue(plan, {pk: due[pk] for pk in its if pk in due}, before, operator)
            issued += 1
    return issued


def _places(year: int) -> dict[tuple[str, str], list[int]]:
    """Ids of the made-up emitters that are covered, by sector and province."""
    found: dict[tuple[str, str], list[int]] = {}
    rows = ComplianceYear.objects.filter(
        year=year, verified_t__isnull=False, emitter__synthetic=True, issued_t=0
    ).exclude(emitter__organisation__status=Organisation.Status.CLOSED)
    for sector, province, pk in rows.order_by("emitter_id").values_list(
        "emitter__sector", "emitter__organisation__province", "emitter_id"
    ):
        found.setdefault((sector, province), []).append(pk)
    return found


def _plan(year: int, province: str, sector: str, stage: str, issuer: User) -> Plan:
    """As issued in the autumn after the year; a pre-allocation in its own spring."""
    pre = stage == Plan.Stage.PRE
    at = (
        dt.datetime(year, 4, 18, 10, tzinfo=BEIJING)
        if pre
        else dt.datetime(year + 1, 9, 26, 10, tzinfo=BEIJING)
    )
    return Plan(
        year=year, province=province, sector=sector, stage=stage, state=Plan.State.ISSUED,
        asset=vintage_of(year, sector), made_by=issuer, made_at=at, issued_at=at + dt.timedelta(days=3),
        reason=REASON,
    )  # fmt: skip


def _issue(plan: Plan, due: Mapping[int, Target], before: Mapping[int, Before], operator: int) -> None:
    """The plan with its rows, one batch of transfers, the years' figures."""
    rules = rules_for(plan.year, plan.sector)
    plan.save(force_insert=True)
    rows = [
        workout.row_of(plan, due[pk], before.get(pk, Before()), 0, rules) for pk in sorted(due)
    ]  # fmt: skip
    PlanRow.objects.bulk_create(rows, batch_size=workout.BATCH)
    post(list(_moves(plan, rows, operator)), cause=issuance.cause_of(plan), at=clock.now())
    issuance.update_years(plan, rows)


def _moves(plan: Plan, rows: Sequence[PlanRow], operator: int) -> Iterable[Move]:
    registry, source = Account.Purpose.REGISTRY.value, Account.Purpose.SOURCE.value
    for row in rows:
        here, there = (row.emitter_id, registry), (operator, source)
        if row.issue_t:
            kind = Transfer.Kind.ISSUANCE.value
            yield Move(plan.asset_id, row.issue_t, there, here, kind, issuance.cause_of(plan))
        elif row.recall_t:
            kind = Transfer.Kind.RECALL.value
            yield Move(plan.asset_id, row.recall_t, here, there, kind, issuance.cause_of(plan))
