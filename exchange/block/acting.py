"""Where a negotiation stands for somebody who wants to act in it. Under the one lock (recording)."""

from accounts.models import User
from exchange.block import recording
from exchange.block.models import LIVE, Negotiation, Standing, State
from exchange.intake import Refused
from exchange.models import Command


def live(number: int, by: User) -> tuple[Negotiation, Standing]:
    """The negotiation, if one is in it or invited, and its standing, if it may go on. Raises Refused."""
    found = (
        Standing.objects.filter(negotiation=number)
        .select_related("negotiation__instrument", "negotiation__opener", "negotiation__other", "turn",
                        "terms__command__organisation")
        .first()
    )  # fmt: skip
    if found is None or not concerns(found.negotiation, by.organisation_id):
        raise Refused("UNKNOWN_NEGOTIATION")
    if found.state == State.PENDING:
        raise Refused("BEING_DECIDED")
    if found.state not in LIVE:
        raise Refused("NEGOTIATION_OVER")
    return found.negotiation, found


def concerns(negotiation: Negotiation, organisation_id: int) -> bool:
    if organisation_id in {negotiation.opener_id, negotiation.other_id}:
        return True
    return negotiation.other_id is None and recording.may_answer(negotiation, organisation_id)


def to_answer(number: int, by: User, answering: int) -> tuple[Negotiation, Standing]:
    """The same, if it is this organisation's turn and the turn that was read is still the last. Raises Refused."""
    negotiation, standing = live(number, by)
    assert standing.turn is not None, "what lives has a turn that counts"
    if standing.turn.no != answering:
        raise Refused("MOVED_ON")
    if standing.turn.organisation_id == by.organisation_id:
        raise Refused("NOT_YOUR_TURN")
    return negotiation, standing


def offer_to_end(negotiation: Negotiation, standing: Standing) -> Command | None:
    """The binding offer that the last terms are, where it is of this negotiation alone: a posted one is for others too."""
    terms = standing.terms
    if terms is None or not terms.firm or (negotiation.posting_id is not None and terms.no == 1):
        return None
    return terms.command
