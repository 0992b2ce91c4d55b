"""Two members negotiate a block: what binds, what locks, what ends it (trading-rules.md: Block agreement)."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation, User
from exchange.block import verbs
from exchange.block.models import Standing, Turn
from exchange.block.terms import Terms
from exchange.intake import Refused
from exchange.models import Command, Order, Trade
from exchange.settlement import close_day
from registry.audit.run import reconcile
from tests.block.conftest import Talk
from tests.support.market import make_market


def test_words_lock_nothing_and_an_agreement_locks_what_the_agreeing_side_needs(talk: Talk) -> None:
    number = talk.open("A", sell=200_000, at="50.00", firm=False, to="B")
    talk.counter("B", number, at="40.00", qty=150_000, firm=False)
    talk.counter("A", number, at="45.00", qty=180_000, firm=False)
    assert (talk.locked("A"), talk.locked("B")) == ((0, 0), (0, 0))
    assert not Command.objects.filter(kind="block").exists()
    talk.accept("B", number)
    assert talk.state(number) == "agreed"
    assert (talk.locked("A"), talk.locked("B")) == ((0, 0), (180_000 * 4_500, 0))
    talk.accept("A", number)
    trade = Trade.objects.get()
    assert (trade.kind, trade.qty_t, trade.price_fen) == ("block", 180_000, 4_500)
    assert (trade.buyer.code, trade.seller.code) == ("B", "A")
    assert reconcile().clean


def test_first_and_final_terms_and_who_said_what_are_kept(talk: Talk) -> None:
    number = talk.open("A", sell=200_000, at="50.00", firm=False, to="B", words="ten days of negotiating")
    talk.counter("B", number, at="40.00", qty=150_000, firm=True)
    talk.accept("A", number)
    standing = Standing.objects.get(negotiation=number)
    assert (standing.first_price_fen, standing.first_qty_t) == (5_000, 200_000)
    assert (standing.final_price_fen, standing.final_qty_t) == (4_000, 150_000)
    said = [(turn.no, turn.kind, turn.organisation.code, turn.price_fen, turn.firm)
            for turn in Turn.objects.filter(negotiation=number)]  # fmt: skip
    assert said == [
        (1, "open", "A", 5_000, False), (2, "counter", "B", 4_000, True), (3, "accept", "A", None, False),
    ]  # fmt: skip
    assert Turn.objects.get(no=1).words == "ten days of negotiating"
    assert all(turn.user is not None for turn in Turn.objects.all())


def test_a_binding_offer_locks_when_it_is_made_and_trades_when_it_is_accepted(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    assert talk.locked("A") == (0, 100_000)
    assert talk.state(number) == "open"
    talk.accept("B", number)
    assert talk.state(number) == "traded"
    assert talk.market.balance("B", "CEA", "unsettled") == 100_000
    assert (talk.locked("A"), talk.locked("B")) == ((0, 0), (0, 0))
    assert reconcile().clean


def test_the_buyer_may_offer_too_and_the_fee_is_locked_with_the_price(db: None) -> None:
    talk = Talk(make_market(fee_bps=8))
    number = talk.open("B", buy=100_000, at="40.00", to="A")
    assert talk.locked("B") == (400_320_000, 0)
    talk.accept("A", number)
    trade = Trade.objects.get()
    assert (trade.buyer.code, trade.buyer_fee_fen, trade.seller_fee_fen) == ("B", 320_000, 320_000)
    assert reconcile().clean


def test_a_counter_offer_ends_the_offer_it_answers_which_cannot_be_accepted_any_more(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="50.00", to="B")
    offer = Order.objects.get()
    talk.counter("B", number, at="40.00", firm=True)
    offer.refresh_from_db()
    assert offer.status == "cancelled"
    assert (talk.locked("A"), talk.locked("B")) == ((0, 0), (400_000_000, 0))
    with pytest.raises(Refused, match="NOT_YOUR_TURN"):
        talk.accept("B", number)
    with pytest.raises(Refused, match="MOVED_ON"):
        talk.accept("B", number, answering=1)
    talk.market.submit("B", "block_accept", "past-the-page", offer=offer.pk)
    talk.market.drain()
    assert Command.objects.get(client_id="past-the-page").reason == "NOT_OPEN"
    assert not Trade.objects.exists()
    assert reconcile().clean


def test_a_counter_offer_in_words_frees_what_the_answered_offer_locked(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="50.00", to="B")
    talk.counter("B", number, at="40.00", firm=False)
    assert talk.locked("A") == (0, 0)
    assert Order.objects.get().status == "cancelled"
    assert talk.state(number) == "open"


def test_a_counter_offer_that_the_exchange_refuses_leaves_the_offer_open(talk: Talk) -> None:
    number = talk.open("A", sell=9_000_000, at="60.00", to="B")
    talk.counter("B", number, at="62.00", qty=9_000_000 * 3, firm=True)
    assert Turn.objects.get(negotiation=number, no=2).command.reason == "INSUFFICIENT_FUNDS"  # type: ignore[union-attr]
    assert talk.state(number) == "open"
    assert talk.locked("A") == (0, 9_000_000)
    talk.counter("B", number, at="40.00", firm=True)
    assert Standing.objects.get(negotiation=number).final_price_fen == 4_000
    assert [turn.no for turn in Turn.objects.filter(negotiation=number)] == [1, 2, 3]


def test_a_withdrawn_offer_unlocks_and_cannot_be_accepted(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    talk.withdraw("A", number)
    assert (talk.state(number), talk.locked("A")) == ("withdrawn", (0, 0))
    with pytest.raises(Refused, match="NEGOTIATION_OVER"):
        talk.accept("B", number, answering=1)
    with pytest.raises(Refused, match="NEGOTIATION_OVER"):
        talk.counter("B", number, at="41.00", answering=1)


def test_a_refusal_ends_it_and_gives_the_offerer_back_what_was_locked(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    talk.refuse("B", number)
    assert (talk.state(number), talk.locked("A")) == ("refused", (0, 0))
    # Its owner's cancel, which nobody of its owner's sent.
    cancel = Command.objects.get(kind="cancel")
    assert (cancel.organisation_id, cancel.user) == (talk.market.members["A"].pk, None)


def test_an_acceptance_that_was_faster_than_the_withdrawal_counts(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    offer = Order.objects.get()
    talk.market.submit("B", "block_accept", "fast", offer=offer.pk)
    # Not decided yet, so the page of A does not know; its desk can cancel at any time.
    talk.market.submit("A", "cancel", offer.client_id)
    with pytest.raises(Refused, match="BEING_DECIDED"):
        talk.withdraw("A", number)
    talk.market.drain()
    assert talk.state(number) == "traded"
    assert Command.objects.get(kind="cancel").reason == "NOT_OPEN"
    assert reconcile().clean


def test_an_offer_cancelled_at_the_desk_is_withdrawn_here_too(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    talk.market.submit("A", "cancel", Order.objects.get().client_id)
    talk.market.drain()
    assert talk.state(number) == "withdrawn"


def test_whoever_spoke_last_waits(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", firm=False, to="B")
    for act in (lambda: talk.accept("A", number), lambda: talk.counter("A", number, at="41.00"),
                lambda: talk.refuse("A", number), lambda: talk.withdraw("B", number)):  # fmt: skip
        with pytest.raises(Refused, match="NOT_YOUR_TURN"):
            act()


def test_a_stranger_knows_nothing_of_it(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    for act in (lambda: talk.accept("C", number), lambda: talk.counter("C", number, at="41.00"),
                lambda: talk.refuse("C", number), lambda: talk.withdraw("C", number)):  # fmt: skip
        with pytest.raises(Refused, match="UNKNOWN_NEGOTIATION"):
            act()
    with pytest.raises(Refused, match="UNKNOWN_NEGOTIATION"):
        talk.accept("B", 10**12, answering=1)


def test_blocks_are_negotiated_in_the_afternoon_alone(talk: Talk) -> None:
    for phase in ("morning", "break", "closed", "halted"):
        talk.market.phase(phase)
        for firm in (True, False):
            with pytest.raises(Refused, match="HALTED" if phase == "halted" else "MARKET_CLOSED"):
                talk.open("A", sell=100_000, at="40.00", firm=firm, to="B")
    assert not Turn.objects.exists()


def test_words_are_held_to_the_same_rules_as_orders(talk: Talk) -> None:
    edges = [
        ("33.60", 100_000, ""), ("62.40", 100_000, ""), ("33.59", 100_000, "PRICE_BAND"), ("62.41", 100_000, "PRICE_BAND"),
        ("40.00", 99_999, "BAD_QUANTITY"), ("40.001", 100_000, "BAD_PRICE"), ("0.00", 100_000, "BAD_PRICE"),
    ]  # fmt: skip
    for price, qty, reason in edges:
        for firm in (False, True):
            if reason:
                with pytest.raises(Refused, match=reason):
                    talk.open("A", sell=qty, at=price, firm=firm, to="B")
            else:
                assert talk.state(talk.open("A", sell=qty, at=price, firm=firm, to="B")) == "open"


def test_everything_open_expires_with_the_days_last_session(talk: Talk) -> None:
    words = talk.open("A", sell=100_000, at="40.00", firm=False, to="B")
    binding = talk.open("A", sell=100_000, at="40.00", to="B")
    talk.market.phase("closed")
    assert (talk.state(words), talk.state(binding)) == ("expired", "expired")
    with pytest.raises(Refused, match="NEGOTIATION_OVER"):
        talk.accept("B", binding, answering=1)
    # The lock is the close's to free (End of day 1).
    close_day(talk.market.day)
    assert talk.locked("A") == (0, 0)
    assert (talk.state(words), talk.state(binding)) == ("expired", "expired")
    assert reconcile().clean


def test_only_traders_of_active_members_negotiate(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    viewer = User.objects.create_user(
        "v@b.example", "x", organisation=talk.market.members["B"], roles=["viewer"]
    )
    with pytest.raises(PermissionDenied):
        verbs.refuse(number, by=viewer, answering=1)
    talk.market.members["B"].status = Organisation.Status.SUSPENDED
    talk.market.members["B"].save()
    for act in (lambda: talk.accept("B", number), lambda: talk.counter("B", number, at="41.00")):
        with pytest.raises(Refused, match="MEMBER_SUSPENDED"):
            act()
    # It can only give back.
    talk.refuse("B", number)
    assert talk.state(number) == "refused"


def test_an_offer_goes_to_another_member(talk: Talk) -> None:
    talk.market.members["exchange"] = Organisation.objects.get(kind="exchange")
    for to in ("A", "exchange"):
        with pytest.raises(Refused, match="BAD_COUNTERPARTY"):
            talk.open("A", sell=100_000, at="40.00", firm=False, to=to)


def test_the_same_turn_sent_again_is_not_taken_twice(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", firm=False, to="B")
    terms = Terms(price="41.00", qty=100_000, firm=True)
    sent: dict[str, Any] = {"by": talk.person("B"), "answering": 1, "terms": terms, "client_id": "once"}
    first = verbs.counter(number, **sent)
    again = verbs.counter(number, **sent)
    assert (first.created, again.created, first.turn) == (True, False, again.turn)
    with pytest.raises(Refused, match="DUPLICATE_ID"):
        verbs.counter(number, **{**sent, "terms": Terms(price="42.00", qty=100_000, firm=True)})


def test_an_offer_that_the_exchange_refuses_is_nobodys_to_answer(talk: Talk) -> None:
    number = talk.open("A", sell=10_000_001, at="40.00", to="B")
    assert talk.state(number) == "rejected"
    assert Standing.objects.get(negotiation=number).turn is None
