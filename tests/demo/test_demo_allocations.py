"""The demo's allocation: a nation of plans in seconds, its books in order, and something left to decide."""

import time

import pytest
from django.db.models import F, Q, Sum

from accounts import clock
from accounts.approvals import verbs
from accounts.models import User
from exchange.history.series import SERIES
from market_data.demo.allocations import DRAFT, WAITING, settle_allocations
from market_data.demo.compliance import settle_surrenders
from market_data.demo.emitters import settle_emitters
from market_data.demo.holdings import put_into_circulation
from market_data.demo.people import settle_people
from registry.allocation.derivations import working_of
from registry.allocation.models import Plan, PlanRow
from registry.audit.run import reconcile
from registry.models import Account, Asset, ComplianceYear, Transfer

pytestmark = pytest.mark.django_db


def test_the_whole_nation_is_allocated_and_two_provinces_are_left_over() -> None:
    settle_people()
    for code in {*(series.code for series in SERIES), "CEA25"}:
        kind = Asset.Kind.CREDIT if code.startswith("CCER") else Asset.Kind.ALLOWANCE
        Asset.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": code, "name_en": code})
    settle_emitters()
    began = time.monotonic()
    issued = settle_allocations()
    assert time.monotonic() - began < 30
    assert issued == Plan.objects.filter(state=Plan.State.ISSUED).count() > 100
    left = dict(Plan.objects.exclude(state=Plan.State.ISSUED).values_list("province", "state"))
    assert left == {WAITING: Plan.State.WAITING, DRAFT: Plan.State.DRAFT}
    rows = PlanRow.objects.filter(plan__state=Plan.State.ISSUED)
    net = rows.aggregate(total=Sum(F("issue_t") - F("recall_t")))["total"]
    kinds = dict(Transfer.objects.values_list("kind").annotate(Sum("amount")))
    assert kinds["issuance"] - kinds.get("recall", 0) == net
    assert not ComplianceYear.objects.filter(
        ~Q(issued_t=F("allocated_t")), allocated_t__isnull=False
    ).exists()
    own = rows.filter(emitter__organisation__code="jianghai", plan__year=2024).order_by("pk")
    assert [(row.plan.stage, row.final_t) for row in own] == [("pre", 0), ("final", 2_621_916)]
    filled = [step["filled"] for step in working_of(own[1], own[1].plan).units[0].steps]
    assert any(line.endswith("= 2\u00a0518\u00a0616\u00a0t") for line in filled)
    put_into_circulation()
    settle_surrenders()
    assert reconcile().clean
    balance = Account.objects.get(holder__code="jianghai", asset="CEA24", purpose="registry").balance
    assert balance == 400_000, "what its plan gave was surrendered, its beginning is kept"
    assert settle_allocations() == 0
    waiting = Plan.objects.get(state=Plan.State.WAITING)
    assert waiting.request is not None
    checker = User.objects.get(email="checker@registry.example")
    verbs.approve(waiting.request.pk, by=checker, reason="复核无误", at=clock.now())
    assert reconcile().clean
