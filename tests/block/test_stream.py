"""Turns as news on the account stream: to whom, when, once, and from where one left off."""

from typing import Any

from exchange.block import groups
from market_data.feed import account_reads, cursor
from tests.block.conftest import Talk

Heard = list[dict[str, Any]]


class Ear:
    """One organisation's stream, read as its socket reads it."""

    def __init__(self, talk: Talk, member: str) -> None:
        self.pk = talk.market.members[member].pk
        self.vector = account_reads.vector_now()

    def hear(self) -> Heard:
        messages, self.vector = account_reads.messages_after(self.pk, self.vector)
        return [message for message in messages if message["type"] == "block"]


def test_both_parties_hear_a_turn_once_and_nobody_else_does(talk: Talk) -> None:
    ears = {code: Ear(talk, code) for code in "ABC"}
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    (offered,) = ears["B"].hear()
    assert (offered["negotiation"], offered["turn_kind"], offered["own"], offered["with"]) == (
        number,
        "open",
        False,
        "A",
    )
    assert (offered["side"], offered["price"], offered["qty"], offered["firm"]) == (
        "buy",
        "40.00",
        100_000,
        True,
    )
    (own,) = ears["A"].hear()
    assert (own["own"], own["side"]) == (True, "sell")
    assert ears["C"].hear() == []
    assert ears["B"].hear() == []


def test_a_turn_is_news_when_the_exchange_has_decided_it(talk: Talk) -> None:
    ear = Ear(talk, "B")
    talk.open("A", sell=100_000, at="40.00", to="B", decide=False)
    talk.open("A", sell=100_000, at="41.00", to="B", firm=False, decide=False)
    assert ear.hear() == []
    talk.market.drain()
    assert [message["price"] for message in ear.hear()] == ["40.00", "41.00"]


def test_what_the_exchange_refused_is_told_to_whoever_said_it_alone(talk: Talk) -> None:
    ears = {code: Ear(talk, code) for code in "AB"}
    talk.open("A", sell=20_000_000, at="40.00", to="B")
    (refused,) = ears["A"].hear()
    assert (refused["reason"], bool(refused["reason_text"])) == ("INSUFFICIENT_HOLDINGS", True)
    assert ears["B"].hear() == []
    talk.open("A", sell=100_000, at="40.00", to="B")
    assert len(ears["B"].hear()) == 1


def test_an_offer_to_all_is_heard_by_all_without_a_name_and_one_to_a_group_by_it(talk: Talk) -> None:
    group = groups.create("friends", by=talk.person("A"))
    groups.add(group.pk, talk.market.members["B"], by=talk.person("A"))
    ears = {code: Ear(talk, code) for code in "BC"}
    talk.open("A", sell=100_000, at="40.00")
    talk.open("A", sell=100_000, at="41.00", to=group)
    assert [(each["price"], each["with"]) for each in ears["B"].hear()] == [("40.00", None), ("41.00", "A")]
    assert [(each["price"], each["with"]) for each in ears["C"].hear()] == [("40.00", None)]


def test_a_stream_goes_on_where_it_was_left_and_an_old_cursor_begins_with_what_comes_now(talk: Talk) -> None:
    ear = Ear(talk, "B")
    talk.open("A", sell=100_000, at="40.00", to="B", firm=False)
    talk.open("A", sell=100_000, at="41.00", to="B", firm=False)
    messages, _vector = account_reads.messages_after(ear.pk, ear.vector)
    ear.vector = cursor.read(messages[0]["cursor"])
    assert [message["price"] for message in ear.hear()] == ["41.00"]
    del ear.vector[cursor.BLOCKS]
    assert ear.hear() == []
    talk.open("A", sell=100_000, at="42.00", to="B", firm=False)
    assert [message["price"] for message in ear.hear()] == ["42.00"]
