import datetime as dt

import pytest

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.custody import pledges
from registry.custody.models import Pledge
from registry.custody.pledges import Terms
from tests.custody.conftest import NOW, Attach, approve, assert_clean, refuse
from tests.support.registry import Registry, beijing

pytestmark = pytest.mark.django_db
START, END = dt.date(2026, 3, 1), dt.date(2026, 9, 1)
AFTER = beijing(2026, 9, 2)
PEOPLE = ("approver@jianghai", "approver@yunling")


def ask(registry: Registry, quantity_t: int = 60, pledgee: str = "yunling", **terms: object) -> Pledge:
    named = {
        "asset": "CEA24",
        "quantity_t": quantity_t,
        "loan_fen": 300_000,
        "starts_on": START,
        "ends_on": END,
    }
    return pledges.submit(
        pledgee=registry.organisations[pledgee], terms=Terms(**{**named, **terms}),  # type: ignore[arg-type]
        by=registry.people["initiator@jianghai"], reason="working capital", at=NOW,
    )  # fmt: skip


@pytest.fixture
def pledge(registry: Registry) -> Pledge:
    """60 of 100 tonnes, in force."""
    registry.give("jianghai", "CEA24", 100)
    made = ask(registry)
    approve(registry, made.request, *PEOPLE)
    made.refresh_from_db()
    return made


def places(registry: Registry) -> tuple[int, int, int]:
    return tuple(registry.balance("jianghai", "CEA24", at) for at in ("registry", "pending", "pledged"))  # type: ignore[return-value]


def test_pledged_tonnes_wait_then_stand(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 100)
    made = ask(registry)
    assert places(registry) == (40, 60, 0)
    approve(registry, made.request, PEOPLE[0])
    assert places(registry) == (40, 60, 0), "the pledgee has not agreed yet"
    approve(registry, made.request, PEOPLE[1])
    assert places(registry) == (40, 0, 60)
    assert_clean()


@pytest.mark.parametrize("agreed", [0, 1])
def test_refused_by_either_side_they_come_back(registry: Registry, agreed: int) -> None:
    registry.give("jianghai", "CEA24", 100)
    made = ask(registry)
    approve(registry, made.request, *PEOPLE[:agreed])
    refuse(registry, made.request, PEOPLE[agreed])
    made.refresh_from_db()
    assert (made.state, places(registry)) == (Pledge.State.REFUSED, (100, 0, 0))
    assert_clean()


def test_undecided_for_thirty_days_they_come_back(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 100)
    ask(registry)
    assert verbs.expire_due(NOW + dt.timedelta(days=30)) == 1
    assert places(registry) == (100, 0, 0)


def test_the_pledgee_releases(registry: Registry, pledge: Pledge) -> None:
    request = pledges.release(pledge.pk, by=registry.people["initiator@yunling"], reason="repaid", at=NOW)
    approve(registry, request, "approver@yunling")
    pledge.refresh_from_db()
    assert (pledge.state, places(registry)) == (Pledge.State.RELEASED, (100, 0, 0))
    assert_clean()


def test_the_pledgor_cannot_release_itself(registry: Registry, pledge: Pledge) -> None:
    with pytest.raises(Refused) as refused:
        pledges.release(pledge.pk, by=registry.people["initiator@jianghai"], reason="please", at=NOW)
    assert refused.value.code == "NOT_YOURS"


def test_on_default_the_tonnes_go_to_the_pledgee_to_be_sold(
    registry: Registry, attach: Attach, pledge: Pledge
) -> None:
    person = registry.people["initiator@yunling"]
    request = pledges.dispose(pledge.pk, by=person, reason="not repaid", at=AFTER, documents=attach(person))
    approve(registry, request, "approver@yunling", at=AFTER)
    assert places(registry) == (40, 0, 60), "the registry has not reviewed it yet"
    approve(registry, request, "checker@registry", at=AFTER)
    assert places(registry) == (40, 0, 0)
    assert registry.balance("yunling", "CEA24", "trading") == 60
    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.DISPOSED
    assert_clean()


def test_there_is_no_default_before_the_term_ends(registry: Registry, attach: Attach, pledge: Pledge) -> None:
    person = registry.people["initiator@yunling"]
    with pytest.raises(Refused) as refused:
        pledges.dispose(
            pledge.pk, by=person, reason="nervous", at=beijing(2026, 9, 1, 23), documents=attach(person)
        )
    assert (refused.value.code, "2026-09-01" in refused.value.detail) == ("TERM_RUNS", True)


def test_what_a_frozen_pledgor_pledged_stays(registry: Registry, attach: Attach, pledge: Pledge) -> None:
    person = registry.people["initiator@yunling"]
    request = pledges.dispose(pledge.pk, by=person, reason="not repaid", at=AFTER, documents=attach(person))
    approve(registry, request, "approver@yunling", at=AFTER)
    Organisation.objects.filter(code="jianghai").update(status="suspended")
    with pytest.raises(Refused) as refused:
        approve(registry, request, "checker@registry", at=AFTER)
    assert refused.value.code == "HOLDER_SUSPENDED"
    assert places(registry) == (40, 0, 60)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"quantity_t": 101}, "INSUFFICIENT_HOLDINGS"),
        ({"quantity_t": 0}, "NOTHING_ASKED"),
        ({"asset": "CNY"}, "UNKNOWN_ASSET"),
        ({"loan_fen": 0}, "LOAN_INVALID"),
        ({"ends_on": START}, "TERM_INVALID"),
        ({"starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2026, 3, 1)}, "TERM_INVALID"),
        ({"pledgee": "jianghai"}, "SAME_ORGANISATION"),
        ({"pledgee": "mee"}, "NOT_A_HOLDER"),
    ],
)
def test_what_cannot_be_pledged_changes_nothing(
    registry: Registry, terms: dict[str, object], code: str
) -> None:
    registry.give("jianghai", "CEA24", 100)
    with pytest.raises(Refused) as refused:
        ask(registry, **terms)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert places(registry) == (100, 0, 0)
    assert not Pledge.objects.exists()
