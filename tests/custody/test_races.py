"""The same tonne is locked only once: freeze, pledge, cancellation and order want it in the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from exchange import engine
from registry import positions
from registry.cancellation import cancelling
from registry.custody import freezes
from registry.ledger.post import InsufficientBalance
from registry.models import Account
from tests.custody.conftest import NOW, Attach, approve, assert_clean
from tests.custody.test_pledges import ask as ask_pledge
from tests.support.market import Market, make_market
from tests.support.registry import Registry, make_registry

pytestmark = pytest.mark.django_db(transaction=True)
HELD_T = 100


@pytest.fixture
def registry(transactional_db: None) -> Registry:
    return make_registry(emitters=("jianghai", "yunling"))


def together(*actions: Callable[[], object]) -> list[str]:
    """Runs them in threads of their own that start at once; the code of each, or `done`."""
    start, codes = Barrier(len(actions)), ["" for _ in actions]

    def run(number: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            action()
            codes[number] = "done"
        except (Refused, InsufficientBalance) as refusal:
            codes[number] = getattr(refusal, "code", "INSUFFICIENT_HOLDINGS")
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def held(code: str, asset: str) -> dict[str, int]:
    rows = Account.objects.filter(holder__code=code, asset=asset, purpose__in=Account.HELD, balance__gt=0)
    return dict(rows.values_list("purpose", "balance"))


@pytest.mark.parametrize("attempt", range(3))
def test_freeze_pledge_and_cancellation_of_the_same_tonnes(
    registry: Registry, attach: Attach, attempt: int
) -> None:
    registry.give("jianghai", "CEA24", HELD_T)
    issuer = registry.people["issuer@registry"]
    freeze = freezes.submit(
        organisation=registry.organisations["jianghai"], lines={"CEA24": HELD_T}, document_number="7",
        ordered_by="court", by=issuer, reason="order", at=NOW, documents=attach(issuer),
    )  # fmt: skip
    codes = together(
        lambda: approve(registry, freeze.request, "checker@registry"),
        lambda: ask_pledge(registry, HELD_T),
        lambda: cancelling.submit(
            asset="CEA24", quantity_t=HELD_T, beneficiary="Forum", purpose="conference",
            by=registry.people["initiator@jianghai"], reason="agreed", at=NOW,
        ),
    )  # fmt: skip
    assert sorted(codes) == ["INSUFFICIENT_HOLDINGS", "INSUFFICIENT_HOLDINGS", "done"]
    assert sum(held("jianghai", "CEA24").values()) == HELD_T
    assert len(held("jianghai", "CEA24")) == 1
    assert_clean()


@pytest.mark.parametrize("attempt", range(3))
def test_an_order_and_a_freeze_of_the_same_tonnes(registry: Registry, attach: Attach, attempt: int) -> None:
    market: Market = make_market(members=2)
    issuer = registry.people["issuer@registry"]
    freeze = freezes.submit(
        organisation=market.members["A"], lines={"CEA": 9_999_900}, document_number="7", ordered_by="court",
        by=issuer, reason="order", at=NOW, documents=attach(issuer),
    )  # fmt: skip
    command = market.submit("A", "list", "a1", side="sell", price="48.00", qty=1_000)
    assert freeze.request is not None
    decision = freeze.request.pk
    codes = together(
        lambda: engine.drain([instrument.pk for instrument in market.instruments.values()]),
        lambda: verbs.approve(decision, by=registry.people["checker@registry"], reason="order", at=NOW),
    )
    command.refresh_from_db()
    frozen = held("A", "CEA").get("frozen", 0)
    locked = held("A", "CEA").get("order", 0)
    assert codes[0] == "done"
    assert (frozen, locked) in {(9_999_900, 0), (0, 1_000)}, "whoever came first"
    assert (command.reason == "INSUFFICIENT_HOLDINGS") == (locked == 0)
    assert_clean()


def test_a_whole_freeze_takes_listings_back_and_nothing_more_is_taken(
    registry: Registry, attach: Attach
) -> None:
    market = make_market(members=2)
    market.submit("A", "list", "a1", side="sell", price="48.00", qty=1_000)
    market.drain()
    issuer = registry.people["issuer@registry"]
    freeze = freezes.submit(
        organisation=market.members["A"], lines={}, document_number="7", ordered_by="court", by=issuer,
        reason="order", at=NOW, documents=attach(issuer),
    )  # fmt: skip
    approve(registry, freeze.request, "checker@registry")
    late = market.submit("A", "list", "a2", side="sell", price="48.00", qty=1)
    take = market.submit("B", "take", "b1", side="buy", price="48.00", qty=1_000)
    market.drain()
    late.refresh_from_db()
    take.refresh_from_db()
    assert late.reason == "MEMBER_SUSPENDED"
    assert market.balance("B", "CEA", "unsettled") == 0
    assert held("A", "CEA") == {"frozen": 9_999_000, "trading": 1_000}, "what came back stays where it is"
    with pytest.raises(positions.NotActive):
        positions.move(
            organisation=market.members["A"], client_id="m1", asset="CEA", quantity_t=1,
            source="trading", target="registry",
        )  # fmt: skip
    assert_clean()
