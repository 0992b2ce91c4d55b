"""How an auction comes to be announced, and where the tonnes are meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from exchange.auction.models import Auction
from registry.audit.run import reconcile
from tests.support.auctions import Hall, make_hall
from tests.support.market import office

pytestmark = pytest.mark.django_db
SELLER_T = 10_000_000


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()


def breaks() -> list[str]:
    return [str(one) for one in reconcile().breaks]


def test_a_sellers_tonnes_wait_from_the_application_on_and_the_operator_decides(hall: Hall) -> None:
    asked = hall.ask()
    assert (asked.state, asked.origin, asked.seller.code) == ("asked", "application", "A")
    assert hall.balance("A", "CEA25") == SELLER_T - 100_000
    assert hall.balance("A", "CEA25", "pending") == 100_000
    assert breaks() == []
    with pytest.raises(Refused, match="NOT_YOURS"):
        hall.decide(asked, "approver@A")
    announced = hall.decide(asked, "operator@exchange")
    assert announced.state == "announced"
    assert announced.announced_at == hall.now
    assert hall.balance("A", "CEA25", "pending") == 100_000
    assert breaks() == []


@pytest.mark.parametrize("verdict", ["refuse", "expire"])
def test_what_is_not_approved_goes_back_to_trading(hall: Hall, verdict: str) -> None:
    asked = hall.ask()
    if verdict == "refuse":
        hall.decide(asked, "operator@exchange", "refuse")
    else:
        assert verbs.expire_due(hall.moment("12:00")) == 1
    assert Auction.objects.get().state == "refused"
    assert (hall.balance("A", "CEA25"), hall.balance("A", "CEA25", "pending")) == (SELLER_T, 0)
    assert breaks() == []


def test_what_the_operator_announces_the_sellers_approver_agrees_to(hall: Hall) -> None:
    asked = hall.ask("operator", "exchange", seller="B")
    assert (asked.origin, asked.seller.code) == ("announcement", "B")
    assert hall.balance("B", "CEA25", "pending") == 0, "nothing of the seller moves before it agrees"
    with pytest.raises(Refused, match="ROLE_MISSING"):
        hall.decide(asked, "trader@B")
    hall.decide(asked, "approver@B")
    assert hall.balance("B", "CEA25", "pending") == 100_000
    assert breaks() == []


def test_paid_allocation_is_issued_when_the_registrys_checker_approves(hall: Hall) -> None:
    nation = office("national")
    asked = hall.ask("regulator", "national")
    assert (asked.origin, asked.seller) == ("paid_allocation", nation)
    assert hall.held_by(nation, "CEA25", "pending") == 0
    with pytest.raises(Refused, match="NOT_YOURS"):
        hall.decide(asked, "operator@exchange")
    hall.decide(asked, "checker@registry")
    assert hall.held_by(nation, "CEA25", "pending") == 100_000
    assert breaks() == []


def test_a_refused_paid_allocation_issues_nothing(hall: Hall) -> None:
    hall.decide(hall.ask("regulator", "national"), "checker@registry", "refuse")
    assert hall.held_by(office("national"), "CEA25", "pending") == 0
    assert breaks() == []


def test_who_has_too_little_for_trade_cannot_apply(hall: Hall) -> None:
    with pytest.raises(Refused) as refused:
        hall.ask(quantity_t=SELLER_T + 1)
    assert refused.value.code == "INSUFFICIENT_HOLDINGS"
    assert not Auction.objects.exists()


#: what is typed, the refusal's code, the field that its words name
WRONG = [
    ({"quantity_t": 99_999}, "BAD_QUANTITY", "quantity"),
    ({"opens_at": "10:59"}, "BAD_WINDOW", "opens_at"),
    ({"closes_at": "12:00:30"}, "BAD_WINDOW", "closes_at"),
    ({"closes_at": "23:59:59"}, "BAD_WINDOW", "closes_at"),
    ({"bidders": "named"}, "BAD_BIDDERS", "named"),
    ({"bidders": "members", "named": "B"}, "BAD_BIDDERS", "named"),
    ({"bidders": "named", "named": "A"}, "BAD_BIDDERS", "named"),
    ({"bidders": "members", "surrender_only": True}, "BAD_BIDDERS", "surrender_only"),
    ({"bidders": "members", "province": "310000"}, "BAD_BIDDERS", "province"),
]


@pytest.mark.parametrize(("changes", "code", "field"), WRONG)
def test_unlawful_terms_are_refused_with_their_field(
    hall: Hall, changes: dict[str, Any], code: str, field: str
) -> None:
    given: dict[str, Any] = {
        name: hall.moment(str(value)) if name.endswith("_at") else value for name, value in changes.items()
    }
    if "named" in given:
        given["named"] = (hall.market.members[str(given["named"])],)
    with pytest.raises(Refused) as refused:
        hall.ask(**given)
    assert refused.value.code == code
    assert field in str(refused.value.detail)
    assert not Auction.objects.exists()


def test_a_window_lies_on_one_day_and_not_too_far_ahead(hall: Hall) -> None:
    for opens, closes in ((1, 2), (200, 200)):
        with pytest.raises(Refused) as refused:
            hall.ask(
                opens_at=hall.moment("12:00") + dt.timedelta(days=opens),
                closes_at=hall.moment("13:00") + dt.timedelta(days=closes),
            )
        assert refused.value.code == "BAD_WINDOW"


def test_strangers_authorities_and_operators_ask_only_in_their_own_way(hall: Hall) -> None:
    with pytest.raises(Refused) as refused:
        hall.ask("checker", "registry")
    assert refused.value.code == "ROLE_MISSING"
    with pytest.raises(Refused) as refused:
        hall.ask("operator", "exchange")
    assert refused.value.code == "BAD_SELLER"
    with pytest.raises(Refused) as refused:
        hall.ask(seller="B")
    assert refused.value.code == "BAD_SELLER"


def test_an_authority_issues_allowances_of_its_own_scheme_alone(db: None) -> None:
    hall = make_hall(codes=("SHEA",))
    with pytest.raises(Refused) as refused:
        hall.ask("regulator", "national")
    assert refused.value.code == "BAD_INSTRUMENT"


def test_the_database_keeps_terms_and_lets_nothing_come_back(hall: Hall) -> None:
    auction = hall.decide(hall.ask(), "operator@exchange", "refuse")
    for change in ({"quantity_t": 1}, {"named": ["B"]}, {"state": "announced"}):
        with pytest.raises(InternalError), transaction.atomic():
            Auction.objects.filter(pk=auction.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        auction.delete()
    other = hall.announced()
    with pytest.raises(IntegrityError), transaction.atomic():
        Auction.objects.filter(pk=other.pk).update(state="open")
