"""Turns as news: what the account stream tells an organisation of its negotiations."""

from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from exchange.block import selectors
from exchange.block.models import Negotiation, Turn
from exchange.clock import BEIJING
from exchange.matching.money import yuan
from exchange.refusals import text

#: Turns of one reading.
MOST_TURNS = 200


def last_turn() -> int:
    """Where the news begins for somebody who comes now."""
    return Turn.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def news_after(organisation_id: int, number: int) -> tuple[list[tuple[int, dict[str, Any]]], int]:
    """The turns after that number that this organisation may know of, oldest first, each with its own number, and
    the number to go on from.

    A turn is news once its command is decided, so reading stops before one that is not. What the exchange refused
    is told to whoever said it, and to nobody else. Turns are numbered in the order of their commits (recording).
    """
    found = (
        Turn.objects.filter(pk__gt=number)
        .filter(_of(organisation_id))
        # The copy that begins a negotiation about a posted offer says nothing new.
        .exclude(no=1, negotiation__posting__isnull=False)
        .select_related("negotiation__instrument", "negotiation__opener", "negotiation__other", "organisation", "command")
        .order_by("pk")[:MOST_TURNS]
    )  # fmt: skip
    house: Organisation | None = None
    messages = []
    for turn in found:
        if turn.command is not None and turn.command.decided_event is None:
            break
        number = turn.pk
        if turn.command is not None and turn.command.reason and turn.organisation_id != organisation_id:
            continue
        house = house or Organisation.objects.get(pk=organisation_id)
        # Offices hear nothing here: they read.
        if house.kind in Organisation.TRADING_KINDS:
            messages.append((turn.pk, _message(turn, house)))
    return messages, number


def _of(organisation_id: int) -> Q:
    """As the selectors have it when the turn was taken: an offer to many is news even if it is over by now."""
    invited = Negotiation.objects.filter(invitations__organisation=organisation_id).values("pk")
    return (
        Q(negotiation__opener=organisation_id)
        | Q(negotiation__other=organisation_id)
        | Q(negotiation__audience=Negotiation.Audience.PUBLIC)
        | Q(negotiation__in=invited)
    )


def _message(turn: Turn, house: Organisation) -> dict[str, Any]:
    negotiation = turn.negotiation
    partner = selectors.partner_of(house, negotiation)
    reason = turn.command.reason if turn.command is not None else ""
    return {
        "type": "block",
        "negotiation": negotiation.pk,
        "turn": turn.no,
        "turn_kind": turn.kind,
        "own": turn.organisation_id == house.pk,
        "audience": negotiation.audience,
        "with": partner and partner.code,
        "with_name": partner and partner.name,
        "time": turn.at.astimezone(BEIJING).isoformat(),
        "instrument": negotiation.instrument.code,
        "side": negotiation.side_of(house.pk),
        "price": None if turn.price_fen is None else yuan(turn.price_fen),
        "qty": turn.qty_t,
        "firm": turn.firm,
        "reason": reason,
        "reason_text": text(reason) if reason else "",
    }
