"""Two people: who may ask, who may decide, and what becomes of it."""

import datetime as dt

import pytest

from accounts import clock
from accounts.approvals import verbs
from accounts.approvals.kinds import Stage, own_organisation, province_of_about
from accounts.approvals.models import Decision, Notice, Request
from accounts.approvals.selectors import history, waiting_for
from accounts.approvals.verbs import Refused
from accounts.models import Organisation, User
from registry.ledger.post import InsufficientBalance
from tests.approvals.conftest import HOLDING_T, Cast, balance
from tests.support.approvals import Parking, registered

DAY = dt.timedelta(days=1)


def code_of(refusal: "pytest.ExceptionInfo[Refused]") -> str:
    return refusal.value.code


def decide(cast: Cast, request: Request, by: str, reason: str = "looked at it") -> Request:
    return verbs.approve(request.pk, by=cast[by], reason=reason, at=clock.now())


def test_an_approval_brings_the_effect_and_stays_on_record(cast: Cast) -> None:
    request = cast.ask(400)
    assert (request.state, balance("pending"), balance("frozen")) == ("pending", HOLDING_T, 0)
    done = decide(cast, request, "approves")
    assert (done.state, balance("pending"), balance("frozen")) == ("approved", HOLDING_T - 400, 400)
    assert [(line.verdict, line.by) for line in history(done)] == [
        ("asked", cast["asks"]),
        ("approved", cast["approves"]),
    ]
    assert [line.reason for line in history(done)] == ["because of the test", "looked at it"]


def test_a_refusal_gives_back_what_was_pending(cast: Cast) -> None:
    request = cast.ask(400)
    verbs.refuse(request.pk, by=cast["second"], reason="not now", at=clock.now())
    request.refresh_from_db()
    assert (request.state, balance("registry")) == ("refused", HOLDING_T + 400)


def test_only_who_asked_withdraws(cast: Cast) -> None:
    request = cast.ask(400)
    with pytest.raises(Refused) as refused:
        verbs.withdraw(request.pk, by=cast["approves"], reason="mine", at=clock.now())
    assert code_of(refused) == "NOT_YOURS"
    verbs.withdraw(request.pk, by=cast["asks"], reason="a mistake", at=clock.now())
    request.refresh_from_db()
    assert (request.state, balance("registry")) == ("withdrawn", HOLDING_T + 400)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("stranger", "NOT_YOURS"),
        ("shanghai", "NOT_YOURS"),
        ("looks", "ROLE_MISSING"),
        ("asks", "ROLE_MISSING"),
    ],
)
def test_others_do_not_decide(cast: Cast, who: str, code: str) -> None:
    request = cast.ask(400)
    for verb in (verbs.approve, verbs.refuse):
        with pytest.raises(Refused) as refused:
            verb(request.pk, by=cast[who], reason="let me", at=clock.now())
        assert code_of(refused) == code
    request.refresh_from_db()
    assert (request.state, request.decisions.count(), balance("pending")) == ("pending", 0, HOLDING_T)


def test_the_requester_never_decides_even_with_the_role(cast: Cast) -> None:
    User.objects.filter(pk=cast["asks"].pk).update(roles=["initiator", "approver"])
    cast["asks"].refresh_from_db()
    request = cast.ask()
    with pytest.raises(Refused) as refused:
        decide(cast, request, "asks")
    assert code_of(refused) == "SAME_PERSON"


def test_another_account_of_the_same_human_never_decides(cast: Cast) -> None:
    cast.add("again", cast["asks"].organisation, "approver", person="asks")
    request = cast.ask()
    with pytest.raises(Refused) as refused:
        decide(cast, request, "again")
    assert code_of(refused) == "SAME_PERSON"
    assert request not in waiting_for(cast["again"])
    assert not Notice.objects.filter(to=cast["again"]).exists()


def test_two_accounts_without_a_known_person_are_two_people(cast: Cast) -> None:
    for name, role in (("asks", "initiator"), ("approves", "approver")):
        cast.people[name] = User.objects.create_user(
            f"unknown-{name}@plant.example", None, organisation=cast["looks"].organisation, roles=[role]
        )
    assert decide(cast, cast.ask(), "approves").state == "approved"


def test_asking_takes_a_role(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        cast.ask(by="looks")
    assert code_of(refused) == "ROLE_MISSING"
    assert not Request.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_every_step_has_a_reason(cast: Cast, reason: str) -> None:
    request = cast.ask()
    with pytest.raises(Refused) as asked:
        verbs.submit("test.parking", by=cast["asks"], reason=reason, at=clock.now())
    with pytest.raises(Refused) as approved:
        decide(cast, request, "approves", reason)
    with pytest.raises(Refused) as withdrawn:
        verbs.withdraw(request.pk, by=cast["asks"], reason=reason, at=clock.now())
    assert {code_of(asked), code_of(approved), code_of(withdrawn)} == {"REASON_MISSING"}
    assert Request.objects.count() == 1


def test_a_suspended_organisation_only_withdraws(cast: Cast) -> None:
    request = cast.ask()
    # The people in memory still carry the organisation as it was; the verb reads its row.
    Organisation.objects.filter(code="plant").update(status="suspended")
    with pytest.raises(Refused) as asked:
        cast.ask()
    with pytest.raises(Refused) as approved:
        decide(cast, request, "approves")
    assert code_of(asked) == code_of(approved) == "SUSPENDED"
    assert verbs.withdraw(request.pk, by=cast["asks"], reason="over", at=clock.now()).state == "withdrawn"


def test_what_was_decided_is_not_decided_again(cast: Cast) -> None:
    request = decide(cast, cast.ask(400), "approves")
    for verb, who in ((verbs.approve, "second"), (verbs.refuse, "second"), (verbs.withdraw, "asks")):
        with pytest.raises(Refused) as refused:
            verb(request.pk, by=cast[who], reason="again", at=clock.now())
        assert code_of(refused) == "NOT_PENDING"
    assert (balance("frozen"), Decision.objects.count()) == (400, 1)


def test_an_effect_that_fails_leaves_everything_as_it_was(cast: Cast) -> None:
    request = cast.ask(HOLDING_T + 1)
    notices = Notice.objects.count()
    with pytest.raises(InsufficientBalance):
        decide(cast, request, "approves")
    request.refresh_from_db()
    assert (request.state, request.decided_at, Decision.objects.count()) == ("pending", None, 0)
    assert (balance("pending"), balance("frozen"), Notice.objects.count()) == (HOLDING_T, 0, notices)


def test_stages_follow_each_other_and_each_takes_another_person(cast: Cast) -> None:
    two = Parking(
        Stage("approver", own_organisation, "Approver"), Stage("regulator", province_of_about, "Province")
    )
    with registered(two):
        request = cast.ask(400)
        with pytest.raises(Refused) as early:
            decide(cast, request, "shanghai")
        assert code_of(early) == "NOT_YOURS"
        half = decide(cast, request, "approves")
        assert (half.state, half.stage, balance("frozen")) == ("pending", 1, 0)
        assert list(waiting_for(cast["shanghai"])) == [request]
        assert list(waiting_for(cast["second"])) == []
        with pytest.raises(Refused) as wrong_province:
            decide(cast, request, "yunnan")
        assert code_of(wrong_province) == "NOT_YOURS"
        assert decide(cast, request, "shanghai").state == "approved"
        assert balance("frozen") == 400


def test_a_refusal_at_the_second_stage_gives_everything_back(cast: Cast) -> None:
    two = Parking(
        Stage("approver", own_organisation, "Approver"), Stage("regulator", province_of_about, "Province")
    )
    with registered(two):
        request = decide(cast, cast.ask(400), "approves")
        verbs.refuse(request.pk, by=cast["shanghai"], reason="wrong vintage", at=clock.now())
        assert balance("registry") == HOLDING_T + 400


def test_one_human_never_decides_two_stages(cast: Cast) -> None:
    both = Parking(
        Stage("approver", own_organisation, "First"), Stage("approver", own_organisation, "Second")
    )
    with registered(both):
        request = decide(cast, cast.ask(), "approves")
        with pytest.raises(Refused) as refused:
            decide(cast, request, "approves")
        assert code_of(refused) == "SAME_PERSON"
        assert decide(cast, request, "second").state == "approved"


def test_a_request_that_nobody_could_decide_is_refused_at_once(cast: Cast) -> None:
    Organisation.objects.filter(code="plant").update(province="540000")
    cast["asks"].refresh_from_db()
    two = Parking(
        Stage("approver", own_organisation, "Approver"), Stage("regulator", province_of_about, "Province")
    )
    with registered(two), pytest.raises(Refused) as refused:
        cast.ask()
    assert code_of(refused) == "NO_DECIDER"
    assert not Request.objects.exists()


def test_time_ends_what_nobody_decided(cast: Cast) -> None:
    at = clock.now()
    with registered(Parking(lifetime=DAY)):
        request, other = cast.ask(400, at=at), cast.ask(at=at, expires_at=at + 3 * DAY)
        with pytest.raises(Refused) as late:
            verbs.approve(request.pk, by=cast["approves"], reason="late", at=at + DAY)
        assert code_of(late) == "NOT_PENDING"
        assert verbs.expire_due(at + DAY - dt.timedelta(seconds=1)) == 0
        assert verbs.expire_due(at + DAY) == 1
        assert verbs.expire_due(at + DAY) == 0
    request.refresh_from_db()
    other.refresh_from_db()
    assert (request.state, other.state, balance("registry")) == ("expired", "pending", HOLDING_T + 400)
    assert history(request)[-1].by is None


def test_the_inbox_shows_the_oldest_deadline_first(cast: Cast) -> None:
    at = clock.now()
    never = cast.ask(at=at)
    late = cast.ask(at=at, expires_at=at + 5 * DAY)
    soon = cast.ask(at=at + DAY, expires_at=at + 2 * DAY)
    assert list(waiting_for(cast["approves"])) == [soon, late, never]
    assert list(waiting_for(cast["asks"])) == []
