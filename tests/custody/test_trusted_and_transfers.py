import datetime as dt

import pytest

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.custody import transfers, trusted
from registry.custody.models import NonTradeTransfer, TrustedEntry
from tests.custody.conftest import NOW, Attach, approve, assert_clean, refuse
from tests.support.registry import Registry, beijing

pytestmark = pytest.mark.django_db
#: NOW is Monday, 2 March 2026: the fourth working day after is the Friday.
EFFECTIVE = dt.date(2026, 3, 6)
LATER = beijing(2026, 3, 6, 0, 0)
PEOPLE = ("approver@jianghai", "checker@registry")


def put_on_list(registry: Registry, at: dt.datetime = NOW) -> TrustedEntry:
    entry = trusted.add(
        trusted=registry.organisations["yunling"],
        by=registry.people["initiator@jianghai"],
        reason="group",
        at=at,
    )
    approve(registry, entry.request, "approver@jianghai", at=at)
    entry.refresh_from_db()
    return entry


def ask(
    registry: Registry, attach: Attach, quantity_t: int = 60, receiver: str = "yunling", asset: str = "CEA24",
    at: dt.datetime = LATER,
) -> NonTradeTransfer:  # fmt: skip
    person = registry.people["initiator@jianghai"]
    return transfers.submit(
        receiver=registry.organisations[receiver], asset=asset, quantity_t=quantity_t, ground="merger",
        by=person, reason="merged", at=at, documents=attach(person),
    )  # fmt: skip


def test_an_entry_takes_two_people_and_four_working_days(registry: Registry) -> None:
    entry = put_on_list(registry)
    assert (entry.state, entry.effective_on) == (TrustedEntry.State.LISTED, EFFECTIVE)
    ours, theirs = (registry.organisations[code].pk for code in ("jianghai", "yunling"))
    assert not trusted.trusts(ours, theirs, beijing(2026, 3, 5, 23, 59))
    assert trusted.trusts(ours, theirs, beijing(2026, 3, 6, 0, 0))
    assert not trusted.trusts(theirs, ours, LATER), "trust is not mutual"


def test_asked_on_a_friday_the_weekend_does_not_count(registry: Registry) -> None:
    assert put_on_list(registry, beijing(2026, 3, 6)).effective_on == dt.date(2026, 3, 12)


def test_the_list_names_an_organisation_once(registry: Registry) -> None:
    put_on_list(registry)
    with pytest.raises(Refused) as refused:
        put_on_list(registry)
    assert refused.value.code == "LISTED_ALREADY"


def test_a_refused_entry_can_be_asked_for_again(registry: Registry) -> None:
    initiator = registry.people["initiator@jianghai"]
    entry = trusted.add(trusted=registry.organisations["yunling"], by=initiator, reason="group", at=NOW)
    refuse(registry, entry.request, "approver@jianghai")
    entry.refresh_from_db()
    assert entry.state == TrustedEntry.State.REFUSED
    assert put_on_list(registry).state == TrustedEntry.State.LISTED


def test_a_trader_does_not_change_the_list(registry: Registry) -> None:
    with pytest.raises(Refused) as refused:
        trusted.add(
            trusted=registry.organisations["yunling"],
            by=registry.people["trader@jianghai"],
            reason="x",
            at=NOW,
        )
    assert refused.value.code == "ROLE_MISSING"
    entry = put_on_list(registry)
    with pytest.raises(Refused):
        trusted.remove(entry.pk, by=registry.people["trader@jianghai"], at=NOW)
    with pytest.raises(Refused) as refused:
        trusted.remove(entry.pk, by=registry.people["initiator@yunling"], at=NOW)
    assert refused.value.code == "NOT_YOURS"


def test_removal_holds_at_once_also_for_what_waits(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 100)
    entry = put_on_list(registry)
    transfer = ask(registry, attach)
    trusted.remove(entry.pk, by=registry.people["initiator@jianghai"], at=LATER)
    approve(registry, transfer.request, PEOPLE[0], at=LATER)
    with pytest.raises(Refused) as refused:
        approve(registry, transfer.request, PEOPLE[1], at=LATER)
    assert refused.value.code == "NOT_TRUSTED"
    refuse(registry, transfer.request, PEOPLE[1], at=LATER)
    assert registry.balance("jianghai", "CEA24") == 100
    assert_clean()


def test_a_transfer_waits_for_own_approver_and_the_registry(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 100)
    put_on_list(registry)
    transfer = ask(registry, attach)
    assert registry.balance("jianghai", "CEA24", "pending") == 60
    approve(registry, transfer.request, PEOPLE[0], at=LATER)
    assert registry.balance("yunling", "CEA24") == 0
    approve(registry, transfer.request, PEOPLE[1], at=LATER)
    assert registry.balance("yunling", "CEA24") == 60
    assert registry.balance("jianghai", "CEA24") == 40
    assert registry.balance("jianghai", "CEA24", "pending") == 0
    assert_clean()


def test_withdrawn_it_comes_back(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 100)
    put_on_list(registry)
    transfer = ask(registry, attach)
    assert transfer.request is not None
    verbs.withdraw(transfer.request.pk, by=registry.people["initiator@jianghai"], reason="mistake", at=LATER)
    transfer.refresh_from_db()
    assert (transfer.state, registry.balance("jianghai", "CEA24")) == (NonTradeTransfer.State.REFUSED, 100)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"receiver": "minjiang"}, "NOT_TRUSTED"),
        ({"at": beijing(2026, 3, 5, 23, 59)}, "NOT_TRUSTED"),
        ({"receiver": "mee"}, "NOT_A_HOLDER"),
        ({"receiver": "registry"}, "NOT_A_HOLDER"),
        ({"receiver": "jianghai"}, "SAME_ORGANISATION"),
        ({"asset": "CNY"}, "UNKNOWN_ASSET"),
        ({"quantity_t": 101}, "INSUFFICIENT_HOLDINGS"),
        ({"quantity_t": -1}, "NOTHING_ASKED"),
    ],
)
def test_what_cannot_be_transferred_changes_nothing(
    registry: Registry, attach: Attach, fields: dict[str, object], code: str
) -> None:
    registry.give("jianghai", "CEA24", 100)
    put_on_list(registry)
    with pytest.raises(Refused) as refused:
        ask(registry, attach, **fields)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert registry.balance("jianghai", "CEA24") == 100
    assert not NonTradeTransfer.objects.exists()


def test_a_receiver_suspended_meanwhile_gets_nothing(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 100)
    put_on_list(registry)
    transfer = ask(registry, attach)
    approve(registry, transfer.request, PEOPLE[0], at=LATER)
    Organisation.objects.filter(code="yunling").update(status="suspended")
    with pytest.raises(Refused) as refused:
        approve(registry, transfer.request, PEOPLE[1], at=LATER)
    assert refused.value.code == "HOLDER_SUSPENDED"
    assert registry.balance("jianghai", "CEA24", "pending") == 60


def test_insiders_send_nothing(registry: Registry, attach: Attach) -> None:
    person = registry.people["issuer@registry"]
    with pytest.raises(Refused) as refused:
        transfers.submit(
            receiver=registry.organisations["yunling"], asset="CEA24", quantity_t=1, ground="other",
            by=person, reason="x", at=LATER, documents=attach(person),
        )  # fmt: skip
    assert refused.value.code == "NOT_A_HOLDER"
