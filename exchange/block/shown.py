"""Negotiations as pages show them: lines of lists, the turns of one, what the reader may do in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.api.permissions import is_trader
from accounts.models import Organisation, User
from exchange.block import selectors
from exchange.block.models import LIVE, Negotiation, State, Turn
from exchange.models import Order
from exchange.refusals import text

TAGS = {
    State.TRADED: "good",
    State.REJECTED: "bad",
    State.REFUSED: "bad",
    State.AGREED: "warn",
    State.PENDING: "warn",
}


@dataclass(frozen=True)
class Line:
    """A negotiation in a list; prices and amounts in fen."""

    negotiation: Negotiation
    #: whom it is with, in words; whom an offer to many is for, or that its name is not told yet
    partner: str
    side: str
    state: str
    tag: str
    firm: bool
    price_fen: int
    qty_t: int
    amount_fen: int
    #: where the last terms are not the first
    moved: bool

    @property
    def side_word(self) -> str:
        return str(Order.Side(self.side).label)


@dataclass(frozen=True)
class Said:
    """One turn of the thread."""

    turn: Turn
    who: str
    own: bool
    pending: bool
    refusal: str


@dataclass(frozen=True)
class May:
    """What the reader may do in a negotiation now."""

    answer: bool = False
    refuse: bool = False
    withdraw: bool = False
    #: its own posted offer that the negotiation is about still stands, and may lock what an answer needs
    posting: Negotiation | None = None


def lines(negotiations: Iterable[Negotiation], house: Organisation) -> list[Line]:
    return [line(negotiation, house) for negotiation in negotiations]


def line(negotiation: Negotiation, house: Organisation) -> Line:
    standing = negotiation.standing
    first = (standing.first_price_fen, standing.first_qty_t)
    final = (standing.final_price_fen, standing.final_qty_t)
    return Line(
        negotiation=negotiation,
        partner=partner_words(negotiation, house),
        side=selectors.side_for(house, negotiation),
        state=str(State(standing.state).label),
        tag=TAGS.get(State(standing.state), ""),
        firm=standing.terms is not None and standing.terms.firm,
        price_fen=standing.final_price_fen,
        qty_t=standing.final_qty_t,
        amount_fen=standing.final_fen,
        moved=first != final,
    )


def partner_words(negotiation: Negotiation, house: Organisation) -> str:
    """Whom it is with, as the reader may know it."""
    if house.kind not in Organisation.TRADING_KINDS:
        other = negotiation.other.name if negotiation.other else audience_words(negotiation)
        return f"{negotiation.opener.name} → {other}"
    partner = selectors.partner_of(house, negotiation)
    if partner is not None:
        return partner.name
    return audience_words(negotiation) if house.pk == negotiation.opener_id else _("Named when you answer")


def audience_words(negotiation: Negotiation) -> str:
    """Whom an offer to many is for; a group's name is its owner's to see, and an overseer's."""
    if negotiation.group is not None:
        return _("Group: %(name)s") % {"name": negotiation.group.name}
    return str(Negotiation.Audience(negotiation.audience).label)


def thread(negotiation: Negotiation, user: User) -> list[Said]:
    """What was said, oldest first, as the reader may know it."""
    house = user.organisation
    knows = selectors.knows_names(house, negotiation)
    said = []
    for turn in selectors.turns_seen(negotiation, house):
        own = turn.organisation_id == house.pk
        reason = turn.command.reason if turn.command is not None else ""
        said.append(
            Said(
                turn=turn, who=turn.organisation.name if own or knows else _("The offerer"), own=own,
                pending=turn.is_pending, refusal=text(reason) if reason else "",
            )
        )  # fmt: skip
    return said


def may(negotiation: Negotiation, user: User) -> May:
    house, standing = user.organisation, negotiation.standing
    if not is_trader(user) or standing.state not in LIVE or standing.turn is None:
        return May()
    if standing.turn.organisation_id == house.pk:
        return May(withdraw=True)
    if not selectors.is_turn_of(house, negotiation):
        return May()
    return May(
        answer=house.may_trade,
        refuse=negotiation.other_id is not None,
        posting=_own_posting(negotiation, house),
    )


def _own_posting(negotiation: Negotiation, house: Organisation) -> Negotiation | None:
    if negotiation.posting_id is None or negotiation.opener_id != house.pk:
        return None
    return Negotiation.objects.filter(pk=negotiation.posting_id, standing__state__in=LIVE).first()
