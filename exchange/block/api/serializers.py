"""What a negotiation, a turn and a group look like in the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Strict, Text, Whole
from accounts.models import Organisation, User
from exchange.api.serializers import ClientId, Price, Quantity
from exchange.block import selectors
from exchange.block.models import LONGEST_NAME, LONGEST_WORDS, BlockGroup, Negotiation, State, Turn
from exchange.clock import BEIJING
from exchange.matching.money import yuan
from exchange.models import Order
from exchange.refusals import text

FIRM = "true: a binding offer, which locks money or tonnes; false: words that bind nobody"
DONE, PENDING, REJECTED = "done", "pending", "rejected"


class _Terms(Strict):
    id = ClientId(help_text="the client's own name for this turn, and for the order that it is if it binds")
    price = Price()
    qty = Quantity()
    firm = serializers.BooleanField(help_text=FIRM)
    words = Text(max_length=LONGEST_WORDS, required=False, allow_blank=True, help_text="to the other side")


class OpenRequest(_Terms):
    instrument = Text(max_length=64)
    side = OneOf(Order.Side.values)
    audience = OneOf(Negotiation.Audience.values)
    member = Text(
        max_length=200, required=False, help_text="code of the one it goes to, where it is directed"
    )
    group = Whole(low=1, required=False, help_text="number of the group it goes to, where it goes to one")


class CounterRequest(_Terms):
    answering = Whole(
        low=1, help_text="`last_turn` as it was read; if another has come since, nothing is done"
    )
    withdraw_posting = serializers.BooleanField(
        required=False, help_text="also withdraw one's own posted offer that this negotiation is about"
    )


class AcceptRequest(Strict):
    id = ClientId(help_text="the client's own name for this turn, and for the order that it becomes")
    answering = Whole(
        low=1, help_text="`last_turn` as it was read; if another has come since, nothing is done"
    )
    withdraw_posting = serializers.BooleanField(
        required=False, help_text="also withdraw one's own posted offer that this negotiation is about"
    )


class RefuseRequest(Strict):
    answering = Whole(
        low=1, help_text="`last_turn` as it was read; if another has come since, nothing is done"
    )
    words = Text(max_length=LONGEST_WORDS, required=False, allow_blank=True)


class WithdrawRequest(Strict):
    words = Text(max_length=LONGEST_WORDS, required=False, allow_blank=True)


class GroupRequest(Strict):
    name = Text(max_length=LONGEST_NAME)


class GroupMemberRequest(Strict):
    member = Text(max_length=200, help_text="a member's code")


class PartySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class TurnSerializer(serializers.Serializer[Any]):
    no = serializers.IntegerField()
    kind = serializers.ChoiceField(Turn.Kind.values)
    by = PartySerializer(allow_null=True, help_text="null where the reader may not know")
    own = serializers.BooleanField()
    price = serializers.CharField(allow_null=True)
    qty = serializers.IntegerField(allow_null=True)
    firm = serializers.BooleanField(help_text=FIRM)
    words = serializers.CharField(allow_blank=True)
    order = serializers.IntegerField(allow_null=True, help_text="number of the order that a binding turn is")
    status = serializers.ChoiceField([DONE, PENDING, REJECTED], help_text="what the exchange said to it")
    reason = serializers.CharField(allow_blank=True, help_text="refusal code of a rejected turn")
    reason_text = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class NegotiationSerializer(serializers.Serializer[Any]):
    """A negotiation, as `negotiation_shown` writes it."""

    number = serializers.IntegerField()
    instrument = serializers.CharField()
    day = serializers.DateField()
    audience = serializers.ChoiceField(Negotiation.Audience.values)
    group = serializers.IntegerField(allow_null=True, help_text="of one's own offer to a group")
    posting = serializers.IntegerField(
        allow_null=True, help_text="number of the offer to a group or to all that it is about"
    )
    opener = PartySerializer(allow_null=True, help_text="null where the reader may not know")
    other = PartySerializer(allow_null=True, help_text="null in an offer to a group or to all")
    side = serializers.ChoiceField(
        Order.Side.values, help_text="the reader's own; the opener's, for an authority"
    )
    state = serializers.ChoiceField(State.values)
    my_turn = serializers.BooleanField()
    firm = serializers.BooleanField(help_text="whether the last terms bind")
    price = serializers.CharField(help_text="of the last terms, yuan")
    qty = serializers.IntegerField(help_text="of the last terms")
    amount = serializers.CharField(help_text="price × quantity, yuan")
    first_price = serializers.CharField()
    first_qty = serializers.IntegerField()
    last_turn = serializers.IntegerField(
        allow_null=True, help_text="the last that counts; null where the offer was refused"
    )
    opened_at = serializers.DateTimeField()


class NegotiationWithTurnsSerializer(NegotiationSerializer):
    turns = TurnSerializer(many=True)


class GroupSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    members = PartySerializer(many=True)


def party(organisation: Organisation | None) -> dict[str, str] | None:
    return None if organisation is None else {"code": organisation.code, "name": organisation.name}


def negotiation_shown(negotiation: Negotiation, user: User) -> dict[str, Any]:
    """As the reader may know it."""
    house, standing = user.organisation, negotiation.standing
    knows = selectors.knows_names(house, negotiation)
    return {
        "number": negotiation.pk,
        "instrument": negotiation.instrument.code,
        "day": negotiation.day.isoformat(),
        "audience": negotiation.audience,
        "group": negotiation.group_id if negotiation.opener_id == house.pk else None,
        "posting": negotiation.posting_id,
        "opener": party(negotiation.opener) if knows else None,
        "other": party(negotiation.other),
        "side": selectors.side_for(house, negotiation),
        "state": standing.state,
        "my_turn": selectors.is_turn_of(house, negotiation),
        "firm": standing.terms is not None and standing.terms.firm,
        "price": yuan(standing.final_price_fen),
        "qty": standing.final_qty_t,
        "amount": yuan(standing.final_fen),
        "first_price": yuan(standing.first_price_fen),
        "first_qty": standing.first_qty_t,
        "last_turn": standing.turn and standing.turn.no,
        "opened_at": negotiation.opened_at.astimezone(BEIJING).isoformat(),
    }


def with_turns(negotiation: Negotiation, user: User) -> dict[str, Any]:
    knows = selectors.knows_names(user.organisation, negotiation)
    turns = [
        turn_shown(turn, user, knows=knows) for turn in selectors.turns_seen(negotiation, user.organisation)
    ]
    return {**negotiation_shown(negotiation, user), "turns": turns}


def turn_shown(turn: Turn, user: User, *, knows: bool) -> dict[str, Any]:
    own = turn.organisation_id == user.organisation_id
    reason = turn.command.reason if turn.command is not None else ""
    return {
        "no": turn.no,
        "kind": turn.kind,
        "by": party(turn.organisation) if knows or own else None,
        "own": own,
        "price": None if turn.price_fen is None else yuan(turn.price_fen),
        "qty": turn.qty_t,
        "firm": turn.firm,
        "words": turn.words,
        "order": turn.command_id if turn.firm or turn.kind == Turn.Kind.ACCEPT else None,
        "status": REJECTED if reason else PENDING if turn.is_pending else DONE,
        "reason": reason,
        "reason_text": text(reason) if reason else "",
        "at": turn.at.astimezone(BEIJING).isoformat(),
    }


def group_shown(group: BlockGroup) -> dict[str, Any]:
    members = [membership.organisation for membership in group.memberships.all()]
    return {
        "number": group.pk,
        "name": group.name,
        "members": [party(member) for member in sorted(members, key=lambda member: member.code)],
    }
