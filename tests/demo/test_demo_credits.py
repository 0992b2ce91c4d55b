"""The demo's voluntary credits: each has its project and serials, some are for sale, one issue waits for the checker."""

from itertools import pairwise

import pytest
from django.db.models import Sum

from accounts.approvals import verbs
from accounts.approvals.selectors import waiting_for
from accounts.models import Organisation, User
from exchange import clock
from registry.audit.run import reconcile
from registry.models import Account, CreditIssue, Project, Transfer
from tests.support.demo import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "short_calendar")]


def balance(code: str, purpose: str) -> int:
    row = Account.objects.filter(holder__code=code, asset="CCER", purpose=purpose).first()
    return row.balance if row else 0


def test_every_credit_came_from_a_project_and_can_be_bought_and_used() -> None:
    load()
    issued = CreditIssue.objects.filter(state=CreditIssue.State.ISSUED, asset="CCER")
    in_circulation = Transfer.objects.filter(kind="issuance", asset="CCER").aggregate(sum=Sum("amount"))[
        "sum"
    ]
    assert issued.aggregate(sum=Sum("quantity_t"))["sum"] == in_circulation >= 430_000
    serials = sorted((int(row.serial_first or 0), int(row.serial_last or 0)) for row in issued)
    assert serials[0][0] == 1
    assert all(before[1] + 1 == after[0] for before, after in pairwise(serials)), "one after the other"
    held = balance("lanxin", "trading") + balance("lanxin", "order")
    assert (held, balance("jianghai", "trading"), balance("jianghai", "registry")) == (
        400_000,
        10_000,
        20_000,
    )
    assert all(project.name_en.endswith("(demo)") for project in Project.objects.filter(scheme="ccer"))
    assert reconcile().clean


def test_one_issue_waits_for_the_checker_who_can_decide_it() -> None:
    load()
    checker = User.objects.get(email="checker@registry.example")
    asked = waiting_for(checker).get(kind="credit_issue")
    lanxin = Organisation.objects.get(code="lanxin")
    before = balance("lanxin", "registry")
    verbs.approve(asked.pk, by=checker, reason="agrees with the report", at=clock.now())
    assert asked.about == lanxin
    assert balance("lanxin", "registry") == before + 130_000
    assert not checker.notices.filter(request__state="approved", read_at=None).exclude(request=asked).exists()
