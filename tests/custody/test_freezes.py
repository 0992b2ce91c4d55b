import pytest

from accounts.approvals import selectors, verbs
from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.custody import freezes
from registry.custody.models import Freeze
from tests.custody.conftest import NOW, Attach, approve, assert_clean, refuse
from tests.support.registry import Registry

pytestmark = pytest.mark.django_db


def ask(registry: Registry, attach: Attach, lines: dict[str, int], by: str = "issuer@registry") -> Freeze:
    person = registry.people[by]
    return freezes.submit(
        organisation=registry.organisations["jianghai"], lines=lines, document_number="(2026) Hu 01 Zhi 7",
        ordered_by="Shanghai First Intermediate People's Court", by=person, reason="court order",
        at=NOW, documents=attach(person),
    )  # fmt: skip


def status(registry: Registry) -> str:
    return Organisation.objects.get(pk=registry.organisations["jianghai"].pk).status


def test_a_named_quantity_is_taken_from_registry_first_then_trading(
    registry: Registry, attach: Attach
) -> None:
    registry.give("jianghai", "CEA24", 70)
    registry.give("jianghai", "CEA24", 50, "trading")
    freeze = ask(registry, attach, {"CEA24": 100})
    assert registry.balance("jianghai", "CEA24") == 70, "nothing is locked before the second person"
    approve(registry, freeze.request, "checker@registry")
    assert registry.balance("jianghai", "CEA24") == 0
    assert registry.balance("jianghai", "CEA24", "trading") == 20
    assert registry.balance("jianghai", "CEA24", "frozen") == 100
    assert status(registry) == "active", "a named freeze leaves the rest free"
    assert_clean()


def test_unfreezing_puts_every_tonne_back_where_it_was(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 70)
    registry.give("jianghai", "CEA24", 50, "trading")
    freeze = ask(registry, attach, {"CEA24": 100})
    approve(registry, freeze.request, "checker@registry")
    issuer = registry.people["issuer@registry"]
    request = freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
    approve(registry, request, "checker@registry")
    assert registry.balance("jianghai", "CEA24") == 70
    assert registry.balance("jianghai", "CEA24", "trading") == 50
    assert registry.balance("jianghai", "CEA24", "frozen") == 0
    freeze.refresh_from_db()
    assert freeze.state == Freeze.State.RELEASED
    assert_clean()


def test_a_whole_freeze_takes_everything_free_and_suspends_until_it_ends(
    registry: Registry, attach: Attach
) -> None:
    registry.give("jianghai", "CEA24", 70)
    registry.give("jianghai", "CEA23", 30, "trading")
    freeze = ask(registry, attach, {})
    approve(registry, freeze.request, "checker@registry")
    assert registry.balance("jianghai", "CEA24", "frozen") == 70
    assert registry.balance("jianghai", "CEA23", "frozen") == 30
    assert status(registry) == "suspended"
    issuer = registry.people["issuer@registry"]
    request = freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
    approve(registry, request, "checker@registry")
    assert status(registry) == "active"
    assert registry.balance("jianghai", "CEA23", "trading") == 30
    assert_clean()


def test_of_two_whole_freezes_the_last_end_ends_the_suspension(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 70)
    issuer = registry.people["issuer@registry"]
    both = [ask(registry, attach, {}), ask(registry, attach, {})]
    for freeze in both:
        approve(registry, freeze.request, "checker@registry")
    expected = ["suspended", "active"]
    for freeze, after in zip(both, expected, strict=True):
        request = freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
        approve(registry, request, "checker@registry")
        assert status(registry) == after


def test_the_end_of_a_whole_freeze_does_not_end_a_suspension_that_was_there(
    registry: Registry, attach: Attach
) -> None:
    Organisation.objects.filter(code="jianghai").update(status="suspended")
    freeze = ask(registry, attach, {})
    approve(registry, freeze.request, "checker@registry")
    issuer = registry.people["issuer@registry"]
    request = freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
    approve(registry, request, "checker@registry")
    assert status(registry) == "suspended"


def test_more_than_is_free_is_refused_in_words_and_nothing_moves(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 70)
    freeze = ask(registry, attach, {"CEA24": 71})
    with pytest.raises(Refused) as refused:
        approve(registry, freeze.request, "checker@registry")
    assert refused.value.code == "INSUFFICIENT_HOLDINGS"
    assert "71" in refused.value.detail
    assert "70" in refused.value.detail
    assert registry.balance("jianghai", "CEA24") == 70
    freeze.refresh_from_db()
    assert freeze.state == Freeze.State.PENDING
    assert_clean()


def test_a_refused_freeze_never_was(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 70)
    freeze = ask(registry, attach, {"CEA24": 70})
    refuse(registry, freeze.request, "checker@registry")
    freeze.refresh_from_db()
    assert freeze.state == Freeze.State.REFUSED
    assert registry.balance("jianghai", "CEA24") == 70


def test_the_holder_is_not_warned(registry: Registry, attach: Attach) -> None:
    freeze = ask(registry, attach, {"CEA24": 1})
    assert freeze.request is not None
    assert not selectors.may_see(registry.people["approver@jianghai"], freeze.request)
    assert selectors.may_see(registry.people["regulator@shanghai"], freeze.request)


def test_a_province_freezes_its_own_only(registry: Registry, attach: Attach) -> None:
    assert ask(registry, attach, {"CEA24": 1}, by="regulator@shanghai").pk
    with pytest.raises(Refused) as refused:
        ask(registry, attach, {"CEA24": 1}, by="regulator@yunnan")
    assert refused.value.code == "NOT_YOURS"


@pytest.mark.parametrize("by", ["initiator@jianghai", "checker@registry"])
def test_nobody_else_freezes(registry: Registry, attach: Attach, by: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(registry, attach, {"CEA24": 1}, by=by)
    assert refused.value.code == "NOT_YOURS"


def test_a_document_is_needed(registry: Registry) -> None:
    with pytest.raises(Refused) as refused:
        freezes.submit(
            organisation=registry.organisations["jianghai"], lines={"CEA24": 1}, document_number="7",
            ordered_by="court", by=registry.people["issuer@registry"], reason="order", at=NOW,
        )  # fmt: skip
    assert refused.value.code == "DOCUMENT_MISSING"


def test_an_authority_has_nothing_to_freeze(registry: Registry, attach: Attach) -> None:
    issuer = registry.people["issuer@registry"]
    with pytest.raises(Refused) as refused:
        freezes.submit(
            organisation=registry.organisations["mee"], lines={}, document_number="7", ordered_by="court",
            by=issuer, reason="order", at=NOW, documents=attach(issuer),
        )  # fmt: skip
    assert refused.value.code == "NOT_A_HOLDER"


def test_the_end_is_asked_for_once(registry: Registry, attach: Attach) -> None:
    registry.give("jianghai", "CEA24", 70)
    freeze = ask(registry, attach, {"CEA24": 70})
    issuer = registry.people["issuer@registry"]
    with pytest.raises(Refused) as refused:
        freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
    assert refused.value.code == "NOT_FROZEN"
    approve(registry, freeze.request, "checker@registry")
    request = freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
    with pytest.raises(Refused) as refused:
        freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer))
    assert refused.value.code == "ASKED_ALREADY"
    verbs.withdraw(request.pk, by=issuer, reason="too early", at=NOW)
    assert freezes.lift(freeze.pk, by=issuer, reason="lifted", at=NOW, documents=attach(issuer)).pk
    assert registry.balance("jianghai", "CEA24", "frozen") == 70
