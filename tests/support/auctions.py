"""A small auction hall: an exchange operator, sellers, bidders, an authority, and a day that a test moves through.

hall = make_hall()
auction = hall.announced()                    # of seller A, 100 000 t, 12:00–13:00, uniform
hall.at("12:00")                              # beat's tick and the engine
hall.bid(auction, "B", "b1", "50.00", 60_000)
hall.at("13:00")
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.approvals import verbs
from accounts.models import Organisation, User
from exchange import clock, engine
from exchange.auction import asking, bidding, windows
from exchange.auction.models import Auction
from exchange.auction.terms import Terms
from exchange.models import Command, Instrument
from registry.ledger.models import Account
from registry.models import Asset
from tests.support.market import Market, endow, make_market, office


@dataclass
class Hall:
    """`people` by role and house, such as `trader@A`, `approver@A`, `operator@exchange`."""

    market: Market
    people: dict[str, User] = field(default_factory=dict)
    now: dt.datetime = field(default_factory=clock.now)

    @property
    def instrument(self) -> Instrument:
        found: Instrument = next(iter(self.market.instruments.values()))
        return found

    def moment(self, time: str) -> dt.datetime:
        """A time of the hall's day, such as 12:00 or 12:00:30, in Beijing."""
        return dt.datetime.combine(self.market.day, dt.time.fromisoformat(time), clock.BEIJING)

    def person(self, house: Organisation, role: str) -> User:
        key = f"{role}@{house.code}"
        if key not in self.people:
            self.people[key] = User.objects.create_user(
                f"{role}@{house.code.lower()}.example", None, organisation=house, roles=[role], person=key
            )
        return self.people[key]

    def terms(self, **changes: Any) -> Terms:
        given: dict[str, Any] = {
            "instrument": self.instrument, "quantity_t": 100_000, "floor_rule": "close", "price_model": "uniform",
            "bidders": "members", "opens_at": self.moment("12:00"), "closes_at": self.moment("13:00"),
        }  # fmt: skip
        return Terms(**(given | changes))

    def ask(
        self, role: str = "trader", house: str = "A", seller: str | None = None, **changes: Any
    ) -> Auction:
        named = self.market.members[seller] if seller else None
        return asking.ask(
            self.terms(**changes),
            by=self.people[f"{role}@{house}"],
            reason="to sell",
            at=self.now,
            seller=named,
        )

    def decide(self, auction: Auction, by: str, verdict: str = "approve") -> Auction:
        assert auction.request_id is not None
        verb = verbs.approve if verdict == "approve" else verbs.refuse
        verb(auction.request_id, by=self.people[by], reason="as the rules say", at=self.now)
        return Auction.objects.get(pk=auction.pk)

    def announced(self, house: str = "A", **changes: Any) -> Auction:
        """A seller's application that the operator has approved."""
        return self.decide(self.ask(house=house, **changes), "operator@exchange")

    def at(self, time: str, *, engine_too: bool = True) -> list[str]:
        """What beat and the engine do by then: as many ticks as it takes until nothing more is due."""
        self.now = self.moment(time)
        done: list[str] = []
        while True:
            step = windows.advance(self.now)
            done += step
            decided = self.drain() if engine_too else 0
            if not step and not decided:
                return done

    def drain(self) -> int:
        return engine.drain([self.instrument.pk], at=self.now)

    def bid(
        self,
        auction: Auction,
        member: str,
        id: str,  # noqa: A002 - the field's own name
        price: str,
        qty: object,
        **more: Any,
    ) -> Command:
        """A bid at the hall's time, decided."""
        fresh = Auction.objects.select_related("command", "seller").get(pk=auction.pk)
        command = bidding.bid(
            fresh,
            id=id,
            price=price,
            qty=qty,
            organisation=self.market.members[member],
            user=None,
            at=self.now,
            **more,
        ).command
        self.drain()
        return Command.objects.get(pk=command.pk)

    def balance(self, member: str, asset: str, purpose: str = "trading") -> int:
        return self.market.balance(member, asset, purpose)

    def held_by(self, house: Organisation, asset: str, purpose: str = "trading") -> int:
        row = Account.objects.filter(holder=house, asset=asset, purpose=purpose).first()
        return row.balance if row else 0


def make_hall(*, day: dt.date | None = None, codes: tuple[str, ...] = ("CEA25",), **parameters: Any) -> Hall:
    """Members A to D, all emitters; exchange operator, registry and national authority with their people."""
    market = make_market(codes=codes, day=day, **parameters)
    hall = Hall(market)
    hall.now = hall.moment("11:00")
    for member in market.members.values():
        hall.person(member, "trader")
        hall.person(member, "approver")
    for kind, role in (("exchange", "operator"), ("registry", "checker"), ("national", "regulator")):
        house = office(kind)
        hall.people[f"{role}@{kind}"] = hall.person(house, role)
    return hall


__all__ = ["Asset", "Hall", "endow", "make_hall"]
