"""What is sold for surrender alone: in the registry holding after the close, and never in trading (trading-rules.md)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from exchange.models import Order
from exchange.settlement import close_day
from registry import positions
from registry.audit.run import reconcile
from registry.compliance import surrender
from registry.custody import freezes, locks
from registry.ledger.models import Account
from registry.ledger.post import InsufficientBalance, Move, post
from registry.models import ComplianceYear, Emitter, Surrender
from tests.support.auctions import Hall, make_hall
from tests.support.market import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None) -> Hall:
    """B has bought 60 000 t of CEA25 for surrender alone, and 500 t by listed trade, and the day is closed."""
    hall = make_hall()
    auction = hall.announced(bidders="emitters", surrender_only=True)
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "48.00", 60_000)
    hall.at("13:00")
    hall.market.submit("A", "list", "l1", side="sell", price="48.00", qty=500)
    hall.market.submit("B", "take", "t1", side="buy", price="48.00", qty=500)
    hall.drain()
    assert hall.balance("B", "CEA25", "unsettled") == 60_500
    close_day(hall.market.day, at=hall.moment("15:05"))
    return hall


def account(hall: Hall, member: str = "B") -> Account:
    return Account.objects.get(holder=hall.market.members[member], asset="CEA25", purpose="registry")


def test_it_lies_in_the_registry_holding_after_the_close_and_the_rest_in_trading(hall: Hall) -> None:
    assert Order.objects.get(client_id="b1").filled_t == 60_000
    assert (account(hall).balance, account(hall).surrender_only_t) == (60_000, 60_000)
    assert hall.balance("B", "CEA25") == 10_000_500
    assert hall.balance("B", "CEA25", "unsettled") == 0
    assert reconcile().clean


def test_it_cannot_be_moved_to_trading_but_what_lies_beside_it_can(hall: Hall) -> None:
    member = hall.market.members["B"]

    def move(quantity_t: int, source: str = "registry", target: str = "trading", name: str = "m") -> bool:
        return positions.move(
            organisation=member, client_id=f"{name}-{quantity_t}", asset="CEA25", quantity_t=quantity_t,
            source=source, target=target,
        )  # fmt: skip

    with pytest.raises(positions.SurrenderOnly) as refused:
        move(1)
    assert refused.value.free_t == 0
    assert move(40, "trading", "registry", "in")
    with pytest.raises(positions.SurrenderOnly):
        move(41)
    assert move(40)
    with pytest.raises(InsufficientBalance):
        move(60_001)


def test_nothing_else_takes_it_either_and_the_database_knows(hall: Hall) -> None:
    member = hall.market.members["B"]
    with pytest.raises(Refused, match="INSUFFICIENT_HOLDINGS"):
        locks.to_pending(member.pk, {"CEA25": 1}, "pledge:1", hall.now)
    assert freezes.everything(locks.free(member.pk)) == {("CEA25", "trading"): 10_000_500}
    with pytest.raises(InsufficientBalance), transaction.atomic():
        post(
            [Move("CEA25", 1, (member.pk, "registry"), (member.pk, "trading"), "move", "x")],
            cause="x",
            at=hall.now,
        )
    for change in ({"surrender_only_t": 60_001}, {"surrender_only_t": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=account(hall).pk).update(**change)


@pytest.fixture
def asked(hall: Hall) -> Surrender:
    """60 100 t named for B's obligation of 2025: 60 000 of them tied, 100 from beside them."""
    member = hall.market.members["B"]
    member.province = "310000"
    member.save()
    emitter = Emitter.objects.create(organisation=member, sector="power")
    ComplianceYear.objects.create(emitter=emitter, year=2025, obligation_t=80_000, verified_t=80_000)
    authority = office("province")
    authority.province = "310000"
    authority.save()
    hall.person(authority, "approver")
    positions.move(
        organisation=member,
        client_id="m1",
        asset="CEA25",
        quantity_t=200,
        source="trading",
        target="registry",
    )
    return surrender.submit(
        2025, member, {"CEA25": 60_100}, by=hall.person(member, "initiator"), reason="mine", at=hall.now
    )


def test_a_surrender_takes_it_first_and_it_is_gone_for_good(hall: Hall, asked: Surrender) -> None:
    assert (account(hall).balance, account(hall).surrender_only_t) == (100, 0)
    assert asked.lines.get().surrender_only_t == 60_000
    assert asked.request is not None
    for decides in ("approver@B", "approver@office-province"):
        decided = verbs.approve(asked.request.pk, by=hall.people[decides], reason="seen", at=hall.now)
    assert decided.state == "approved"
    assert hall.balance("B", "CEA25", "surrendered") == 60_100
    assert reconcile().clean


def test_a_refused_surrender_gives_it_back_tied_as_it_was(hall: Hall, asked: Surrender) -> None:
    assert asked.request is not None
    at = hall.now + dt.timedelta(minutes=1)
    verbs.withdraw(asked.request.pk, by=hall.people["initiator@B"], reason="wrong", at=at)
    assert (account(hall).balance, account(hall).surrender_only_t) == (60_200, 60_000)
    assert reconcile().clean
