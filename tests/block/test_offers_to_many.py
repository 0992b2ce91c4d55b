"""Offers to a group and to all: who may take them, two who do at once, and talks about them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from exchange.block import groups, selectors, verbs
from exchange.block.models import BlockGroup, Negotiation, Standing, Turn
from exchange.intake import Refused
from exchange.models import Command, Order, Trade
from registry.audit.run import reconcile
from tests.block.conftest import Talk
from tests.support.market import make_market


@pytest.fixture
def group(talk: Talk) -> BlockGroup:
    """A's, with B and C in it."""
    made = groups.create("friends", by=talk.person("A"))
    for code in ("B", "C"):
        groups.add(made.pk, talk.market.members[code], by=talk.person("A"))
    return made


def visible(talk: Talk, member: str) -> set[int]:
    return set(selectors.visible_to(talk.person(member)).values_list("pk", flat=True))


def test_of_two_who_accept_an_offer_to_all_one_trades_and_the_other_is_told_why_not(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00")
    first = talk.accept("B", number, decide=False)
    second = talk.accept("C", number, decide=False)
    talk.market.drain()
    assert (talk.reason(first), talk.reason(second)) == ("", "NOT_OPEN")
    assert (talk.state(number), talk.state(first.negotiation_id)) == ("traded", "traded")
    assert talk.state(second.negotiation_id) == "gone"
    assert Trade.objects.get().buyer.code == "B"
    with pytest.raises(Refused, match="NEGOTIATION_OVER"):
        talk.accept("D", number, answering=1)
    assert reconcile().clean


@pytest.mark.django_db(transaction=True)
def test_acceptances_from_several_processes_at_once_make_one_trade() -> None:
    talk = Talk(make_market(members=6))
    number = talk.open("A", sell=100_000, at="40.00")
    accepters = [talk.person(code) for code in "BCDEF"]

    def accept(place: int) -> None:
        try:
            verbs.accept(number, by=accepters[place], answering=1, client_id="mine")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(accept, range(5)))
    talk.market.drain()
    trade = Trade.objects.get()
    reasons = list(Command.objects.filter(kind="block_accept").values_list("reason", flat=True))
    assert sorted(reasons) == ["", "NOT_OPEN", "NOT_OPEN", "NOT_OPEN", "NOT_OPEN"]
    states = dict(
        Standing.objects.filter(negotiation__posting=number).values_list("negotiation__other__code", "state")
    )
    assert states == {code: "traded" if code == trade.buyer.code else "gone" for code in "BCDEF"}
    assert reconcile().clean


def test_an_offer_to_a_group_is_for_those_who_were_in_it_when_it_was_made(
    talk: Talk, group: BlockGroup
) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to=group)
    groups.add(group.pk, talk.market.members["D"], by=talk.person("A"))
    groups.remove(group.pk, talk.market.members["B"], by=talk.person("A"))
    assert [number in visible(talk, code) for code in "ABCD"] == [True, True, True, False]
    with pytest.raises(Refused, match="UNKNOWN_NEGOTIATION"):
        talk.accept("D", number)
    # Nor past the page, by the offer's number.
    talk.market.submit("D", "block_accept", "d", offer=Order.objects.get().pk)
    talk.market.drain()
    assert Command.objects.get(client_id="d").reason == "UNKNOWN_ORDER"
    talk.accept("B", number)
    assert Trade.objects.get().buyer.code == "B"
    assert number not in visible(talk, "C")


def test_what_two_say_about_an_offer_to_many_is_theirs_alone(talk: Talk, group: BlockGroup) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to=group)
    talk_of_b = talk.counter("B", number, at="38.00", firm=False)
    talk_of_c = talk.counter("C", number, at="39.00", firm=False)
    assert visible(talk, "A") == {number, talk_of_b, talk_of_c}
    assert visible(talk, "B") == {number, talk_of_b}
    assert visible(talk, "C") == {number, talk_of_c}
    assert visible(talk, "D") == set()
    assert talk.state(number) == "open"
    assert talk.locked("A") == (0, 100_000)


def test_the_name_of_whoever_offers_to_all_is_told_with_the_first_answer(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00")
    posted = Negotiation.objects.get(pk=number)
    assert selectors.partner_of(talk.market.members["B"], posted) is None
    answer = Negotiation.objects.get(pk=talk.counter("B", number, at="38.00", firm=False))
    assert selectors.partner_of(talk.market.members["B"], answer) == talk.market.members["A"]
    assert selectors.partner_of(talk.market.members["A"], answer) == talk.market.members["B"]


def test_a_talk_about_a_posted_offer_may_end_in_a_trade_at_other_terms(talk: Talk) -> None:
    number = talk.open("A", sell=10_000_000, at="40.00")
    answer = talk.counter("B", number, at="38.00", qty=10_000_000, firm=False)
    # Everything that A has is locked by what it posted.
    refused = talk.accept("A", answer)
    assert talk.reason(refused) == "INSUFFICIENT_HOLDINGS"
    assert (talk.state(answer), talk.state(number)) == ("open", "open")
    agreed = talk.accept("A", answer, withdraw_posting=True)
    assert talk.reason(agreed) == ""
    assert (talk.state(answer), talk.state(number)) == ("agreed", "withdrawn")
    talk.accept("B", answer)
    assert Trade.objects.get().price_fen == 3_800
    standing = Standing.objects.get(negotiation=answer)
    assert (standing.first_price_fen, standing.final_price_fen) == (4_000, 3_800)
    assert reconcile().clean


def test_posted_words_are_agreed_to_by_an_offer_to_whoever_posted_them(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", firm=False)
    answer = talk.accept("B", number).negotiation_id
    assert (talk.state(answer), talk.state(number)) == ("agreed", "open")
    assert (talk.locked("A"), talk.locked("B")) == ((0, 0), (400_000_000, 0))
    talk.accept("A", answer)
    assert Trade.objects.get().buyer.code == "B"


def test_an_offer_to_many_cannot_be_refused_only_left(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00")
    with pytest.raises(Refused, match="NOT_YOUR_TURN"):
        talk.refuse("B", number)


def test_an_offer_from_the_desk_is_a_negotiation_too_and_its_acceptance_there_as_well(talk: Talk) -> None:
    offer = talk.market.submit("A", "block", "desk-1", side="sell", price="40.00", qty=100_000)
    talk.market.drain()
    number = Turn.objects.get(command=offer).negotiation_id
    assert number in visible(talk, "B")
    talk.market.submit("B", "block_accept", "desk-2", offer=offer.pk)
    talk.market.drain()
    answer = Negotiation.objects.get(posting=number)
    assert (talk.state(number), talk.state(answer.pk)) == ("traded", "traded")
    assert [turn.kind for turn in answer.turns.all()] == ["open", "accept"]


def test_an_order_that_names_one_is_between_the_two(talk: Talk) -> None:
    offer = talk.market.submit(
        "A", "block", "desk-1", side="sell", price="40.00", qty=100_000, counterparty="B"
    )
    talk.market.drain()
    number = Turn.objects.get(command=offer).negotiation_id
    assert [number in visible(talk, code) for code in "ABC"] == [True, True, False]
    talk.counter("B", number, at="39.00")
    assert Order.objects.get(pk=offer.pk).status == "cancelled"


def test_an_order_that_can_be_no_offer_is_refused_and_shown_to_nobody(talk: Talk) -> None:
    wrongs: list[dict[str, object]] = [
        {"price": "x"}, {"qty": -1}, {"qty": 10**18}, {"counterparty": "A"}, {"counterparty": "NOBODY"},
    ]  # fmt: skip
    for wrong in wrongs:
        line = {"side": "sell", "price": "40.00", "qty": 100_000, **wrong}
        command = talk.market.submit("A", "block", "desk-1", **line)
        talk.market.drain()
        command.refresh_from_db()
        assert command.reason
    assert visible(talk, "B") == set()


def test_a_group_is_its_owners(talk: Talk, group: BlockGroup) -> None:
    for act in (
        lambda: groups.add(group.pk, talk.market.members["D"], by=talk.person("B")),
        lambda: groups.rename(group.pk, "mine", by=talk.person("B")),
        lambda: groups.close(group.pk, by=talk.person("B")),
        lambda: talk.open("B", sell=100_000, at="40.00", to=group),
    ):
        with pytest.raises(Refused, match="UNKNOWN_GROUP"):
            act()


def test_a_group_without_members_and_a_closed_one_get_no_offer(talk: Talk, group: BlockGroup) -> None:
    empty = groups.create("empty", by=talk.person("A"))
    with pytest.raises(Refused, match="EMPTY_GROUP"):
        talk.open("A", sell=100_000, at="40.00", to=empty)
    groups.close(group.pk, by=talk.person("A"))
    group.refresh_from_db()
    with pytest.raises(Refused, match="UNKNOWN_GROUP"):
        talk.open("A", sell=100_000, at="40.00", to=group)
    # Its name is free again.
    groups.create("friends", by=talk.person("A"))


def test_two_groups_of_one_owner_have_two_names(talk: Talk, group: BlockGroup) -> None:
    for name in ("friends", " friends  ", "", "x" * 81):
        with pytest.raises(Refused, match="GROUP_NAME"):
            groups.create(name, by=talk.person("A"))
    groups.create("friends", by=talk.person("B"))
