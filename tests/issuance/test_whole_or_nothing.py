"""A province is issued whole: 2 000 emitters at once, and nothing at all where the worker dies in the middle."""

import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.approvals import verbs
from accounts.models import Request, User
from config.bench.issuance import PROVINCE, YEAR, make_province
from registry import tasks
from registry.allocation import plans, progress
from registry.allocation.models import Plan
from registry.audit.run import reconcile
from registry.models import Account, Asset, Batch, ComplianceYear, Transfer
from tests.support.processes import Worker
from tests.support.processes import test_database_url as database_url
from tests.support.waiting import eventually


def sent_plan(entities: int) -> tuple[Plan, int]:
    """A plan that waits, and the checker's id."""
    issuer, checker = make_province(entities, 1)
    at = clock.now()
    plan = plans.make(YEAR, PROVINCE, "power", "final", by=issuer, at=at)
    plans.send(plan, by=issuer, reason="All of them", at=at)
    plan.refresh_from_db()
    return plan, checker.pk


@pytest.mark.django_db
def test_a_province_of_2000_is_one_batch_in_few_statements() -> None:
    plan, checker = sent_plan(2_000)
    assert plan.request is not None
    with CaptureQueriesContext(connection) as statements:
        verbs.approve(plan.request.pk, by=User.objects.get(pk=checker), reason="Yes", at=clock.now())
    assert len(statements) < 60
    assert Batch.objects.get().cause == f"plan:{plan.pk}"
    assert Transfer.objects.count() == 2_000
    given = sum(plan.rows.values_list("issue_t", flat=True))
    assert sum(Account.objects.filter(purpose="registry").values_list("balance", flat=True)) == given
    assert sum(ComplianceYear.objects.values_list("issued_t", flat=True)) == given
    assert reconcile().clean


def test_a_worker_killed_in_the_middle_has_issued_nothing(worker: Worker) -> None:
    plan, checker = sent_plan(20)
    last = plan.rows.order_by("-emitter_id").values_list("emitter_id", flat=True)[0]
    account = Account.objects.create(
        holder_id=last, asset=Asset.objects.get(pk=plan.asset_id), purpose="registry"
    )
    blocker = psycopg2.connect(database_url())
    try:
        with blocker.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_account WHERE id = %s FOR UPDATE", [account.pk])
        tasks.approve_plan.delay(plan.pk, checker, "Yes", "en")
        # The batch is written, the holders are locked; it waits for the last account.
        eventually(lambda: waiting_for_accounts() == 1, seconds=60)
        assert not Batch.objects.exists(), "nobody else sees anything yet"
        worker.kill()
    finally:
        blocker.rollback()
        blocker.close()
    eventually(lambda: waiting_for_accounts() == 0, seconds=60)
    plan.refresh_from_db()
    assert plan.state == Plan.State.WAITING
    assert plan.request is not None
    assert Request.objects.get(pk=plan.request.pk).state == Request.State.PENDING
    assert not Transfer.objects.exists()
    assert not ComplianceYear.objects.exclude(issued_t=0).exists()
    worker.start()
    tasks.approve_plan.delay(plan.pk, checker, "Yes", "en")
    eventually(lambda: Transfer.objects.count() == 20, seconds=60)
    eventually(lambda: progress.read(plan.pk) == progress.Progress("done"), seconds=60)
    # A second press finds it decided: nothing is issued twice.
    tasks.approve_plan.delay(plan.pk, checker, "Yes", "en")
    eventually(lambda: (progress.read(plan.pk) or progress.Progress("")).phase == "refused", seconds=60)
    assert Transfer.objects.count() == 20


def waiting_for_accounts() -> int:
    """Backends that wait for a lock in the ledger's statement over accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query LIKE '%FROM registry_account a%'"
        )
        return int(cursor.fetchone()[0])
