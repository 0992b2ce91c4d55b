"""The demo's allocation: plans by the formulas, their working kept, and something left to decide."""

import pytest

from accounts import clock
from accounts.approvals import verbs
from accounts.models import User
from market_data.demo.allocations import DRAFT, WAITING, settle_allocations
from registry.allocation.derivations import working_of
from registry.allocation.models import Plan, PlanRow
from registry.audit.run import reconcile
from registry.models import Account, Batch
from tests.support.demo import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "short_calendar")]


def test_plans_are_issued_with_their_working_and_one_waits_for_the_checker() -> None:
    load()
    issued = Plan.objects.filter(state=Plan.State.ISSUED)
    assert set(issued.values_list("sector", flat=True)) == {"power", "steel", "cement", "aluminium"}
    assert Batch.objects.filter(cause__startswith="plan:").count() == issued.count()
    left = dict(Plan.objects.exclude(state=Plan.State.ISSUED).values_list("province", "state"))
    assert left == {WAITING: Plan.State.WAITING, DRAFT: Plan.State.DRAFT}
    own = PlanRow.objects.filter(emitter__organisation__code="jianghai", plan__year=2024).order_by("pk")
    assert [(row.plan.stage, row.final_t) for row in own] == [("pre", 0), ("final", 2_621_916)]
    filled = [step["filled"] for step in working_of(own[1], own[1].plan).units[0].steps]
    assert any(line.endswith("= 2\u00a0518\u00a0616\u00a0t") for line in filled)
    balance = Account.objects.get(holder__code="jianghai", asset="CEA24", purpose="registry").balance
    assert balance == 400_000, "what its plan gave was surrendered, its beginning is kept"
    assert settle_allocations() == 0
    waiting = Plan.objects.get(state=Plan.State.WAITING)
    assert waiting.request is not None
    checker = User.objects.get(email="checker@registry.example")
    verbs.approve(waiting.request.pk, by=checker, reason="复核无误", at=clock.now())
    assert reconcile().clean
