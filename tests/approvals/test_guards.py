"""The database itself keeps two people two, whatever the code above it does."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import clock
from accounts.approvals import verbs
from accounts.approvals.models import Decision, Document, Request
from accounts.approvals.verbs import Refused
from accounts.models import Organisation, User
from tests.approvals.conftest import HOLDING_T, Cast, balance, house, make_cast
from tests.support.waiting import eventually


def decide_directly(request: Request, by: User, verdict: str = "approved", stage: int = 0) -> Decision:
    """Around every verb."""
    return Decision.objects.create(
        request=request, stage=stage, by=by, organisation=by.organisation, verdict=verdict, reason="x", at=clock.now()
    )  # fmt: skip


def refused_by_the_database(act: Callable[[], object], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


@pytest.mark.parametrize("verdict", ["approved", "refused"])
def test_the_requester_is_refused_by_the_database(cast: Cast, verdict: str) -> None:
    request = cast.ask()
    refused_by_the_database(lambda: decide_directly(request, cast["asks"], verdict), "same person")


def test_another_account_of_the_requester_is_refused_by_the_database(cast: Cast) -> None:
    request = cast.ask()
    again = cast.add("again", cast["asks"].organisation, "approver", person="asks")
    refused_by_the_database(lambda: decide_directly(request, again), "same person")


def test_nobody_else_withdraws_in_the_database(cast: Cast) -> None:
    request = cast.ask()
    refused_by_the_database(
        lambda: decide_directly(request, cast["second"], "withdrawn"), "only the requester"
    )


def test_nothing_is_approved_without_a_decision(cast: Cast) -> None:
    request = cast.ask()
    refused_by_the_database(
        lambda: Request.objects.filter(pk=request.pk).update(state="approved", decided_at=clock.now()), "lacks a decision"
    )  # fmt: skip


def test_a_request_is_not_born_approved(cast: Cast) -> None:
    request = cast.ask()
    request.pk, request.state, request.decided_at = None, "approved", clock.now()
    refused_by_the_database(request.save, "begins pending")


@pytest.mark.parametrize(
    "change", [{"payload": {"tonnes": 9}}, {"reason": "another"}, {"kind": "other"}, {"requested_by": None}]
)
def test_what_was_asked_for_never_changes(cast: Cast, change: dict[str, object]) -> None:
    request = cast.ask(400)
    if "requested_by" in change:
        change = {"requested_by": cast["second"]}
    refused_by_the_database(lambda: Request.objects.filter(pk=request.pk).update(**change), "Cannot update")


def test_what_has_ended_stays_ended(cast: Cast) -> None:
    request = cast.ask()
    verbs.refuse(request.pk, by=cast["approves"], reason="no", at=clock.now())
    refused_by_the_database(
        lambda: Request.objects.filter(pk=request.pk).update(state="pending", decided_at=None), "has ended"
    )
    refused_by_the_database(lambda: decide_directly(request, cast["second"]), "does not wait")


def test_decisions_are_written_once(cast: Cast) -> None:
    request = cast.ask()
    verbs.approve(request.pk, by=cast["approves"], reason="yes", at=clock.now())
    refused_by_the_database(lambda: Decision.objects.update(reason="other"), "Cannot update or delete")
    refused_by_the_database(lambda: Decision.objects.all().delete(), "Cannot update or delete")
    refused_by_the_database(lambda: Request.objects.all().delete(), "Cannot delete|protected|violates")


def test_a_document_keeps_its_request_and_its_content(cast: Cast) -> None:
    one, two = cast.ask(), cast.ask()
    document = Document.objects.create(
        request=one, uploaded_by=cast["asks"], uploaded_at=clock.now(), name="a.pdf",
        content_type="application/pdf", size=1, sha256="0" * 64, file="aa/bb",
    )  # fmt: skip
    mine = Document.objects.filter(pk=document.pk)
    refused_by_the_database(lambda: mine.update(request=two), "belongs to a request")
    refused_by_the_database(lambda: mine.update(sha256="1" * 64), "Cannot update")


def test_a_province_has_one_authority(cast: Cast) -> None:
    refused_by_the_database(lambda: house("sh2", "province"), "one_authority_a_province")
    house("plant2", "emitter")


def test_a_credit_code_is_one_organisations(cast: Cast) -> None:
    Organisation.objects.filter(code="plant").update(credit_code="91310000MA1FL0X00A")
    refused_by_the_database(
        lambda: Organisation.objects.filter(code="other").update(credit_code="91310000MA1FL0X00A"),
        "credit_code",
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_exactly_one_does(broker: object) -> None:
    """Both have read the pending request before either writes: with real connections, five times."""
    cast = make_cast()
    for turn in range(1, 6):
        request = cast.ask(100)
        outcomes = both_at_once(
            partial(verbs.approve, request.pk, by=cast["approves"], reason="yes", at=clock.now()),
            partial(verbs.approve, request.pk, by=cast["second"], reason="yes", at=clock.now()),
        )
        assert sorted(outcomes) == ["NOT_PENDING", "approved"]
        assert Decision.objects.filter(request=request).count() == 1
        assert (balance("pending"), balance("frozen")) == (HOLDING_T - 100 * turn, 100 * turn)


@pytest.mark.django_db(transaction=True)
def test_approval_and_withdrawal_at_once_do_not_both_happen(broker: object) -> None:
    cast = make_cast()
    for _turn in range(5):
        before = balance("frozen") + balance("registry")
        request = cast.ask(100)
        outcomes = both_at_once(
            partial(verbs.approve, request.pk, by=cast["approves"], reason="yes", at=clock.now()),
            partial(verbs.withdraw, request.pk, by=cast["asks"], reason="back", at=clock.now()),
        )
        assert outcomes.count("NOT_PENDING") == 1
        assert balance("frozen") + balance("registry") == before + 100


def both_at_once(*acts: Callable[[], Request]) -> list[str]:
    """Runs them in threads with connections of their own, from one barrier; the state or the refusal's code."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], Request]) -> None:
        try:
            barrier.wait(timeout=10)
            outcomes.append(act().state)
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_a_second_decider_waits_for_the_first_and_then_reads_anew(broker: object) -> None:
    """The race of the test above does happen: the second is seen waiting for the first one's lock."""
    cast = make_cast()
    request = cast.ask(100)
    outcomes: list[str] = []

    def second() -> None:
        try:
            outcomes.append(verbs.approve(request.pk, by=cast["second"], reason="yes", at=clock.now()).state)
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        verbs.approve(request.pk, by=cast["approves"], reason="yes", at=clock.now())
        thread.start()
        eventually(blocked, seconds=60)
        assert outcomes == []
    thread.join(timeout=30)
    assert outcomes == ["NOT_PENDING"]
    assert balance("frozen") == 100


def blocked() -> bool:
    """Whether another session waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Not pg_stat_activity: a transaction sees that as it was when first read.
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
