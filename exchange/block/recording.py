"""Turns as rows: one lock for all of them, and turns for block orders that came in by themselves.

Negotiations are rare and large; so one lock serves them all. Under it a turn sees the one before, and turns are
numbered in the order of their commits, which is what the account stream reads by.
"""

from typing import Any

from django.db import connection

from accounts.models import Organisation
from exchange import clock
from exchange.block.models import LIVE, Invitation, Negotiation, Standing, Turn
from exchange.matching.money import parse_price
from exchange.models import Command, Instrument
from exchange.timetable import current_day

#: Key of the advisory lock; any number that nothing else uses.
LOCK_KEY = 0x7461_6E73_6869_02
#: Commands that are turns of a negotiation.
KINDS = frozenset({Command.Kind.BLOCK.value, Command.Kind.BLOCK_ACCEPT.value})
LARGEST = 2**63 - 1


def lock() -> None:
    """Until the end of the transaction nobody else takes a turn. Before any other lock of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


def record(command: Command) -> None:
    """The turn of a block order or acceptance that was sent without a negotiation (POST /api/v1/orders/, the desk).

    So whoever may accept an offer finds it on the page of blocks, whichever way it came. Under `lock`.
    """
    if command.kind == Command.Kind.BLOCK:
        _offered(command)
    else:
        _accepted(command)


def begin(instrument: Instrument, opener: Organisation, side: str, **more: Any) -> Negotiation:
    """A new negotiation, without a turn yet. `audience`, `other`, `group`, `posting` as the model says."""
    day = current_day()
    return Negotiation.objects.create(
        instrument=instrument, opener=opener, side=side, day=day.day if day else clock.today(),
        opened_at=clock.now(), **more,
    )  # fmt: skip


def say(negotiation: Negotiation, kind: str, organisation_id: int, **more: Any) -> Turn:
    """The next turn. Under `lock`."""
    last = Turn.objects.filter(negotiation=negotiation).order_by("-no").values_list("no", flat=True).first()
    return Turn.objects.create(
        negotiation=negotiation, no=(last or 0) + 1, kind=kind, organisation_id=organisation_id,
        at=clock.now(), **more,
    )  # fmt: skip


def answer_to(posting: Negotiation, answerer: Organisation) -> Negotiation:
    """The answerer's own negotiation about an offer to a group or to all; it begins with the posted terms.

    One in which the exchange has refused everything so far goes on.
    """
    begun = Standing.objects.filter(
        negotiation__posting=posting, negotiation__other=answerer, state__in=LIVE, turn__no=1
    )
    if (standing := begun.select_related("negotiation__instrument").first()) is not None:
        return standing.negotiation
    negotiation = begin(
        posting.instrument, posting.opener, posting.side, audience=Negotiation.Audience.DIRECTED,
        other=answerer, posting=posting,
    )  # fmt: skip
    first = posting.turns.get(no=1)
    say(
        negotiation, Turn.Kind.OPEN, posting.opener_id, user=first.user, price_fen=first.price_fen,
        qty_t=first.qty_t, firm=first.firm, words=first.words, command=first.command,
    )  # fmt: skip
    return negotiation


def _offered(command: Command) -> None:
    body = command.body
    price_fen, qty = parse_price(body["price"]), body["qty"]
    # What cannot be terms at all is refused by the engine, and nobody need see it.
    if not price_fen or not isinstance(qty, int) or not 0 < qty <= LARGEST // price_fen:
        return
    named = _named(body)
    if named is not None and command.organisation in named:
        return
    one = named[0] if named and "counterparty" in body else None
    audience = "public" if named is None else "directed" if one else "group"
    assert command.organisation is not None, "offers are somebody's"
    negotiation = begin(
        command.instrument, command.organisation, body["side"], audience=audience, other=one
    )  # fmt: skip
    if audience == "group":
        invite(negotiation, named or [])
    say(
        negotiation, Turn.Kind.OPEN, command.organisation.pk, user=command.user, price_fen=price_fen, qty_t=qty,
        firm=True, command=command, client_id=command.client_id,
    )  # fmt: skip


def _named(body: dict[str, Any]) -> list[Organisation] | None:
    """Whom an offer names, as far as they exist; None for everybody."""
    codes = [body["counterparty"]] if body.get("counterparty") else body.get("counterparties")
    return None if codes is None else list(Organisation.objects.filter(code__in=codes))


def invite(negotiation: Negotiation, members: list[Organisation]) -> None:
    Invitation.objects.bulk_create(
        Invitation(negotiation=negotiation, organisation=member) for member in members
    )


def _accepted(command: Command) -> None:
    name = command.body["offer"]
    offer = (
        Turn.objects.filter(
            command__client_id=name["id"], command__organisation__code=name["member"], command__reason="",
            firm=True,
        )
        # Negotiations about a posted offer begin with a copy of its terms.
        .exclude(no=1, negotiation__posting__isnull=False)
        .select_related("negotiation__instrument", "negotiation__opener")
        .order_by("-pk")
        .first()
    )  # fmt: skip
    accepter = command.organisation
    if offer is None or accepter is None or accepter.pk == offer.organisation_id:
        return
    negotiation = offer.negotiation
    if negotiation.other_id is None:
        if not may_answer(negotiation, accepter.pk):
            return
        negotiation = answer_to(negotiation, accepter)
    elif accepter.pk not in {negotiation.opener_id, negotiation.other_id}:
        return
    say(
        negotiation, Turn.Kind.ACCEPT, accepter.pk, user=command.user, command=command, client_id=command.client_id
    )  # fmt: skip


def may_answer(posting: Negotiation, organisation_id: int) -> bool:
    """Whether an offer to a group or to all is for this organisation."""
    if organisation_id == posting.opener_id:
        return False
    if posting.audience == Negotiation.Audience.PUBLIC:
        return True
    return posting.invitations.filter(organisation=organisation_id).exists()
