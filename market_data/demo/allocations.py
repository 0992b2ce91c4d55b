"""What the demo's emitters were allocated for 2024 and 2025: the whole nation's plans, worked out by the formulas.

History is written in sets, because a demo starts in seconds: plans without requests, each posted as its own batch.
Two provinces are left over for people to look at: one plan waits for the checker, one is a draft. A second start
finds the plans and does nothing.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts.models import Organisation, User
from exchange import clock
from registry.allocation import issuance, plans, targets, workout
from registry.allocation.models import Plan, PlanRow
from registry.allocation.scope import rules_for, vintage_of
from registry.allocation.stage_working import Before
from registry.allocation.targets import Target
from registry.copying import copy_rows
from registry.emitters.models import NATIONAL_SECTORS
from registry.ledger.models import Account, Asset, Transfer
from registry.ledger.post import BEIJING, Move, post
from registry.models import ComplianceYear, Sector

YEARS = (2024, 2025)
#: Of the last year's power plans: who waits for a decision, and who is still worked at.
WAITING, DRAFT = "370000", "320000"
#: Whose power plants are shown with both stages.
IN_TWO_STAGES = "310000"
ISSUER = "issuer@registry.example"
COLUMNS = tuple(column.attname for column in PlanRow._meta.concrete_fields if not column.primary_key)
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


@dataclass(slots=True)
class Part:
    """A plan to be issued, what is due under it, and what came before."""

    plan: Plan
    due: Mapping[int, Target]
    before: Mapping[int, Before] = field(default_factory=dict)
    rows: list[PlanRow] = field(default_factory=list)


def _settle_year(year: int, issuer: User) -> int:
    """Issues the plans of every province and sector; returns how many."""
    by_sector: dict[str, dict[str, list[int]]] = {}
    for (sector, province), ids in _places(year).items():
        by_sector.setdefault(sector, {})[province] = ids
    parts = [
        part
        for sector in NATIONAL_SECTORS
        if sector in by_sector
        for part in _parts(year, sector, by_sector[sector], issuer)
    ]
    _issue(year, parts)
    return len(parts)


def _parts(year: int, sector: str, places: Mapping[str, list[int]], issuer: User) -> Iterator[Part]:
    """Final plans of every province; where it is shown, the pre-allocation before it."""
    ids = [pk for its in places.values() for pk in its]
    asset, power = vintage_of(year, sector), sector == Sector.POWER
    value = None if power else targets.sector_balance_value(year, sector)
    due = (
        targets.power_targets(year, targets.power_rows(year, ids))
        if power
        else targets.industry_targets(year, sector, ids, value)
    )
    for province, its in places.items():
        if power and year == YEARS[-1] and province in {WAITING, DRAFT}:
            continue
        before: dict[int, Before] = {}
        if power and province == IN_TWO_STAGES:
            pre = targets.pre_targets(year, sector, its)
            before = {pk: Before(target.target_t) for pk, target in pre.items()}
            yield Part(_plan(year, province, sector, Plan.Stage.PRE, asset, issuer), pre)
        plan = _plan(year, province, sector, Plan.Stage.FINAL, asset, issuer)
        plan.balance_value = value
        yield Part(plan, {pk: due[pk] for pk in its if pk in due}, before)


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


def _plan(year: int, province: str, sector: str, stage: str, asset: Asset, issuer: User) -> Plan:
    """As issued in the autumn after the year; a pre-allocation in its own spring."""
    pre = stage == Plan.Stage.PRE
    at = (
        dt.datetime(year, 4, 18, 10, tzinfo=BEIJING)
        if pre
        else dt.datetime(year + 1, 9, 26, 10, tzinfo=BEIJING)
    )
    return Plan(
        year=year, province=province, sector=sector, stage=stage, state=Plan.State.ISSUED,
        asset=asset, made_by=issuer, made_at=at, issued_at=at + dt.timedelta(days=3),
        reason=REASON,
    )  # fmt: skip


def _issue(year: int, parts: Sequence[Part]) -> None:
    """The year's plans and rows in one writing, a batch of transfers for each plan, the figures of the year."""
    Plan.objects.bulk_create([part.plan for part in parts])
    for part in parts:
        rules = rules_for(year, part.plan.sector)
        part.rows = [
            workout.row_of(part.plan, part.due[pk], part.before.get(pk, Before()), 0, rules)
            for pk in sorted(part.due)
        ]
    with connection.cursor() as cursor:
        copy_rows(cursor, "registry_planrow", COLUMNS, (_cells(row) for part in parts for row in part.rows))
    operator, now = Organisation.objects.get(code="registry").pk, clock.now()
    for part in parts:
        post(list(_moves(part.plan, part.rows, operator)), cause=issuance.cause_of(part.plan), at=now)
    for stage in (Plan.Stage.PRE, Plan.Stage.FINAL):
        of_stage = [part for part in parts if part.plan.stage == stage]
        if of_stage:
            issuance.update_years(of_stage[0].plan, [row for part in of_stage for row in part.rows])


def _cells(row: PlanRow) -> list[object]:
    values = [getattr(row, name) for name in COLUMNS]
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in values]


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
