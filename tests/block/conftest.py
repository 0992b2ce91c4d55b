"""A market in the afternoon with people who negotiate: A sells, B buys, C and D stand by."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from accounts.models import Organisation, User
from exchange.block import verbs
from exchange.block.models import BlockGroup, Standing, Turn
from exchange.block.terms import Terms
from tests.support.market import Market, make_market

IDS = count(1)


@dataclass
class Talk:
    """Verbs in few words: `talk.open("A", sell=100_000, at="40.00", to="B")`; each is decided at once."""

    market: Market
    people: dict[str, User] = field(default_factory=dict)

    def person(self, code: str) -> User:
        if code not in self.people:
            # Without a password: hashing one takes longer than a whole negotiation.
            house = self.market.members[code]
            self.people[code] = User.objects.create(
                email=f"trader@{code.lower()}.example", organisation=house, roles=["trader"], password="!"
            )
        return self.people[code]

    def open(self, member: str, *, to: Any = None, decide: bool = True, **said: Any) -> int:
        side, terms = told(**said)
        whom: Organisation | BlockGroup | None = self.market.members[to] if isinstance(to, str) else to
        turn = verbs.open_(
            by=self.person(member), instrument=next(iter(self.market.instruments.values())), side=side,
            terms=terms, to=whom, client_id=f"n{next(IDS)}",
        ).turn  # fmt: skip
        return self.after(turn, decide).negotiation_id

    def counter(self, member: str, number: int, *, decide: bool = True, **said: Any) -> int:
        answering, more = (
            said.pop("answering", None),
            {"withdraw_posting": said.pop("withdraw_posting", False)},
        )
        _side, terms = told(sell=said.pop("qty", 100_000), **said)
        turn = verbs.counter(
            number, by=self.person(member), answering=answering or self.last(number), terms=terms,
            client_id=f"n{next(IDS)}", **more,
        ).turn  # fmt: skip
        return self.after(turn, decide).negotiation_id

    def accept(
        self, member: str, number: int, *, answering: int | None = None, decide: bool = True, **more: Any
    ) -> Turn:
        turn = verbs.accept(
            number, by=self.person(member), answering=answering or self.last(number), client_id=f"n{next(IDS)}", **more
        ).turn  # fmt: skip
        return self.after(turn, decide)

    def refuse(self, member: str, number: int) -> Turn:
        return self.after(verbs.refuse(number, by=self.person(member), answering=self.last(number)).turn)

    def withdraw(self, member: str, number: int) -> Turn:
        return self.after(verbs.withdraw(number, by=self.person(member)).turn)

    def after(self, turn: Turn, decide: bool = True) -> Turn:
        if decide:
            self.market.drain()
        turn.refresh_from_db()
        return turn

    def last(self, number: int) -> int:
        turn = Standing.objects.select_related("turn").get(negotiation=number).turn
        return turn.no if turn else 1

    def state(self, number: int) -> str:
        return Standing.objects.get(negotiation=number).state

    def reason(self, turn: Turn) -> str:
        assert turn.command is not None
        turn.command.refresh_from_db()
        return turn.command.reason

    def locked(self, member: str) -> tuple[int, int]:
        """Fen and tonnes that the member's open orders hold."""
        return self.market.balance(member, "CNY", "order"), self.market.balance(member, "CEA", "order")


def told(
    *, sell: int | None = None, buy: int | None = None, at: str, firm: bool = True, words: str = ""
) -> tuple[str, Terms]:
    return "buy" if buy else "sell", Terms(price=at, qty=buy or sell or 0, firm=firm, words=words)


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


@pytest.fixture
def talk(market: Market) -> Talk:
    return Talk(market)
