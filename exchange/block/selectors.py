"""Who sees what of negotiations.

A negotiation is seen by its two parties; an offer to a group or to all, as long as it stands, by those whom it is
for; all of them by the national authority and the operators of the exchange, and those of its members by a province. Whoever an offer to all
is for sees its number and not whose it is: names are exchanged with the first answer.
"""

from django.db.models import Q, QuerySet

from accounts.models import Organisation, User
from exchange.block.models import LIVE, BlockGroup, Negotiation, Turn

ALL_SEEING = frozenset({Organisation.Kind.NATIONAL, Organisation.Kind.EXCHANGE})
#: What the pages and the API show of each, read with it.
READ_WITH = (
    "instrument",
    "opener",
    "other",
    "group",
    "standing__turn",
    "standing__terms",
    "standing__awaits",
)


def visible_to(user: User) -> QuerySet[Negotiation]:
    """Newest first, with where each stands."""
    return Negotiation.objects.filter(_seen_by(user.organisation)).select_related(*READ_WITH).order_by("-pk")


def _seen_by(house: Organisation) -> Q:
    if house.kind in ALL_SEEING:
        return Q()
    if house.kind == Organisation.Kind.PROVINCE:
        return Q(opener__province=house.province) | Q(other__province=house.province)
    if house.kind not in Organisation.TRADING_KINDS:
        return Q(pk=None)
    return own(house.pk) | for_many(house.pk)


def own(organisation_id: int) -> Q:
    """Of which it is a party."""
    return Q(opener=organisation_id) | Q(other=organisation_id)


def for_many(organisation_id: int) -> Q:
    """Offers to all, and to groups in which it was, that still stand."""
    invited = Negotiation.objects.filter(invitations__organisation=organisation_id).values("pk")
    audience = Q(audience=Negotiation.Audience.PUBLIC) | Q(pk__in=invited)
    return audience & Q(standing__state__in=LIVE) & ~Q(opener=organisation_id)


def waiting_for(organisation_id: int) -> Q:
    """Those in which it is this organisation's turn."""
    return Q(standing__state__in=LIVE, standing__awaits=organisation_id)


def sent_by(organisation_id: int) -> Q:
    """Those that still stand and in which it has spoken last, its own posted offers among them."""
    return Q(standing__state__in=(*LIVE, "pending")) & Q(standing__turn__organisation=organisation_id)


def turns_seen(negotiation: Negotiation, house: Organisation) -> list[Turn]:
    """What was said, in its order. What the exchange refused, or has not decided, is whoever said it's, and the
    overseers', alone."""  # fmt: skip
    turns = negotiation.turns.select_related("organisation", "user", "command").order_by("no")
    if house.kind not in Organisation.TRADING_KINDS:
        return list(turns)
    return [
        turn for turn in turns if turn.organisation_id == house.pk or not (turn.is_pending or turn.is_void)
    ]


def side_for(house: Organisation, negotiation: Negotiation) -> str:
    """The side on which the reader stands, or would if it answered; the opener's for an overseer."""
    return negotiation.side_of(house.pk) if house.kind in Organisation.TRADING_KINDS else negotiation.side


def is_turn_of(house: Organisation, negotiation: Negotiation) -> bool:
    """Whether the reader's organisation may answer: its turn, or an offer to many that it may take."""
    standing = negotiation.standing
    if standing.state not in LIVE or house.kind not in Organisation.TRADING_KINDS:
        return False
    return standing.awaits_id == house.pk or (
        negotiation.other_id is None and house.pk != negotiation.opener_id
    )


def knows_names(house: Organisation, negotiation: Negotiation) -> bool:
    """Whether the reader learns whose an offer is: of an offer to all only once it negotiates about it."""
    if negotiation.audience != Negotiation.Audience.PUBLIC or house.pk == negotiation.opener_id:
        return True
    return house.kind not in Organisation.TRADING_KINDS


def partner_of(house: Organisation, negotiation: Negotiation) -> Organisation | None:
    """The other side as the reader may know it; None where it is many, or nobody yet."""
    if house.pk == negotiation.opener_id:
        return negotiation.other
    return negotiation.opener if knows_names(house, negotiation) else None


def groups_of(user: User) -> QuerySet[BlockGroup]:
    """The organisation's own groups that are not closed, with their members."""
    return BlockGroup.objects.filter(owner=user.organisation_id, closed_at=None).prefetch_related(
        "memberships__organisation"
    )
