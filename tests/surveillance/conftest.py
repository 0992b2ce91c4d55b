"""A market whose day shows something of each kind, settled; the people who watch it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from accounts.models import Organisation, User
from exchange import clock
from market_data.end_of_day import settle
from tests.support.market import Market, make_market, office


@dataclass
class Watched:
    """A market with its settled day, and who may look at it."""

    market: Market
    people: dict[str, User] = field(default_factory=dict)


def person(organisation: Organisation, name: str, *roles: str) -> User:
    return User.objects.create_user(
        f"{name}@{organisation.code}.example", "correct horse", organisation=organisation, roles=list(roles)
    )


def watchers() -> dict[str, User]:
    """The nation, Shanghai, Yunnan and the exchange, each with somebody who watches; a trader of A, who does not."""
    kinds = Organisation.Kind
    made = {"exchange": person(office("exchange"), "operator", "operator")}
    for code, kind, province in (
        ("mee", kinds.NATIONAL, ""),
        ("shanghai", kinds.PROVINCE, "310000"),
        ("yunnan", kinds.PROVINCE, "530000"),
    ):
        house = Organisation.objects.create(
            code=code, kind=kind, name_zh=code, name_en=code, province=province
        )
        made[code] = person(house, "regulator", "regulator")
    return made


def trade(market: Market, seller: str, buyer: str, price: str, qty: int, word: str) -> None:
    """One listed trade, when the engine is asked: the seller lists, the buyer takes."""
    market.submit(seller, "list", f"{word}-list", side="sell", price=price, qty=qty)
    market.submit(buyer, "take", f"{word}-take", side="buy", price=price, qty=qty)


def quiet_market(**options: Any) -> Market:
    """Everybody has held what it holds for a month."""
    return make_market(since=clock.today() - dt.timedelta(days=30), **options)


def conspicuous_market() -> Market:
    """48.00 before; A and B to and fro, C lists and cancels 20 times, D bought 1 t of A at the edge, a block far off.

    The close: (48.00 × 20 000 + 52.80 × 1) ÷ 20 001 t.
    """
    market = quiet_market(members=5)
    Organisation.objects.filter(code="A").update(province="310000")
    trade(market, "A", "B", "48.00", 10_000, "there")
    trade(market, "B", "A", "48.00", 10_000, "back")
    for number in range(20):
        market.submit("C", "list", f"c{number}", side="buy", price="47.00", qty=1_000)
        market.submit("C", "cancel", f"c{number}")
    trade(market, "A", "D", "52.80", 1, "edge")
    market.submit("E", "block", "block", side="sell", price="33.60", qty=100_000)
    market.submit("B", "block_accept", "accept", offer={"member": "E", "id": "block"})
    market.drain()
    return market


@pytest.fixture
def watched(db: None) -> Watched:
    market = conspicuous_market()
    market.drain()
    people = watchers() | {"A": person(market.members["A"], "trader", "trader")}
    settle(market.day, early=True)
    return Watched(market, people)
