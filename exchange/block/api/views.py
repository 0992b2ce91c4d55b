"""/api/v1/blocks/: one view for each address."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.queries import date_of
from accounts.models import User
from exchange.api.orders import DATE, INSTRUMENT, WAIT, chosen_instrument, user_of
from exchange.block import selectors, verbs
from exchange.block.api import serializers as shapes
from exchange.block.api.asking import PERMISSIONS, answered, one, tried
from exchange.block.models import BlockGroup, Negotiation, State
from exchange.block.people import member_called
from exchange.block.terms import Terms, To
from exchange.intake import Refused
from exchange.models import Instrument

WHICH = {
    "waiting": selectors.waiting_for,
    "sent": selectors.sent_by,
    "own": selectors.own,
    "offers": selectors.for_many,
}
ONE = shapes.NegotiationWithTurnsSerializer
TURN_ANSWERS: Any = {200: ONE, 201: ONE, 202: ONE, 404: None, 409: None}


def read(body: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Raises ValidationError."""
    form = body(data=request.data)
    form.is_valid(raise_exception=True)
    found: dict[str, Any] = form.validated_data
    return found


def terms_of(body: dict[str, Any]) -> Terms:
    return Terms(price=body["price"], qty=body["qty"], firm=body["firm"], words=body.get("words", ""))


class Negotiations(generics.GenericAPIView[Negotiation]):
    """Negotiations that the reader may see, and the way to begin one."""

    permission_classes = PERMISSIONS
    serializer_class = shapes.NegotiationSerializer
    filter_backends = ()
    queryset = Negotiation.objects.none()

    @extend_schema(
        operation_id="blocks_list",
        responses=shapes.NegotiationSerializer(many=True),
        parameters=[
            OpenApiParameter(
                "which", str, enum=list(WHICH),
                description="waiting: for one's own answer; sent: for the other's; own: of which one is a party;"
                " offers: to all and to groups, that one may take",
            ),
            OpenApiParameter("state", str, enum=State.values),
            INSTRUMENT,
            DATE,
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first; without the turns."""
        user = user_of(request)
        page = self.paginate_queryset(chosen(request, user)) or []
        return self.get_paginated_response([shapes.negotiation_shown(each, user) for each in page])

    @extend_schema(
        operation_id="blocks_open",
        request=shapes.OpenRequest,
        parameters=[WAIT],
        responses={200: ONE, 201: ONE, 202: ONE, 409: None},
    )
    def post(self, request: Request) -> Response:
        """Begins a negotiation with one member, or posts an offer to a group or to all.

        A binding offer answers 202 while the exchange has not decided it; with `wait`, what came of it.
        """
        user, body = user_of(request), read(shapes.OpenRequest, request)
        instrument = Instrument.objects.filter(code=body["instrument"]).first()

        def begin() -> verbs.Said:
            if instrument is None:
                raise Refused("UNKNOWN_INSTRUMENT")
            return verbs.open_(
                by=user, instrument=instrument, side=body["side"], terms=terms_of(body), to=whom(body, user),
                client_id=body["id"],
            )  # fmt: skip

        return answered(request, user, tried(begin))


def chosen(request: Request, user: User) -> QuerySet[Negotiation]:
    """By `which`, `state`, `instrument` and `date`. Raises ValidationError."""
    found = selectors.visible_to(user)
    for name, known in (("which", list(WHICH)), ("state", State.values)):
        value = request.query_params.get(name)
        if value is None:
            continue
        if value not in known:
            raise serializers.ValidationError(
                {name: [_("One of: %(choices)s.") % {"choices": ", ".join(known)}]}
            )
        found = found.filter(
            WHICH[value](user.organisation_id) if name == "which" else Q(standing__state=value)
        )
    instrument, day = chosen_instrument(request), date_of(request, "date")
    if instrument is not None:
        found = found.filter(instrument=instrument)
    return found if day is None else found.filter(day=day)


def whom(body: dict[str, Any], user: User) -> To:
    """To whom an offer goes. Raises ValidationError, Refused (BAD_COUNTERPARTY, UNKNOWN_GROUP)."""
    wanted = {"directed": "member", "group": "group"}.get(body["audience"])
    for name in ("member", "group"):
        if (name in body) != (name == wanted):
            words = _("Needed for this audience.") if name == wanted else _("Not for this audience.")
            raise serializers.ValidationError({name: [words]})
    if wanted is None:
        return None
    if wanted == "member":
        return member_called(body["member"])
    group = BlockGroup.objects.filter(pk=body["group"], owner=user.organisation_id).first()
    if group is None:
        raise Refused("UNKNOWN_GROUP")
    return group


class _One(generics.GenericAPIView[Negotiation]):
    permission_classes = PERMISSIONS
    serializer_class = ONE
    queryset = Negotiation.objects.none()


class OneNegotiation(_One):
    @extend_schema(operation_id="blocks_retrieve", responses={200: ONE, 404: None})
    def get(self, request: Request, pk: int) -> Response:
        """One negotiation with everything that was said; an offer to many, as long as it stands."""
        user = user_of(request)
        return Response(shapes.with_turns(one(pk, user), user))


class Counter(_One):
    @extend_schema(
        operation_id="blocks_counter",
        request=shapes.CounterRequest,
        parameters=[WAIT],
        responses=TURN_ANSWERS,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Answers with one's own terms; a binding offer that they answer ends with them."""
        user, body = user_of(request), read(shapes.CounterRequest, request)
        said = tried(
            lambda: verbs.counter(
                pk, by=user, answering=body["answering"], terms=terms_of(body), client_id=body["id"],
                withdraw_posting=body.get("withdraw_posting", False),
            )
        )  # fmt: skip
        return answered(request, user, said)


class Accept(_One):
    @extend_schema(
        operation_id="blocks_accept", request=shapes.AcceptRequest, parameters=[WAIT], responses=TURN_ANSWERS
    )
    def post(self, request: Request, pk: int) -> Response:
        """Accepts the other's terms whole: a binding offer trades; to words one's own binding offer goes back."""
        user, body = user_of(request), read(shapes.AcceptRequest, request)
        said = tried(
            lambda: verbs.accept(
                pk, by=user, answering=body["answering"], client_id=body["id"],
                withdraw_posting=body.get("withdraw_posting", False),
            )
        )  # fmt: skip
        return answered(request, user, said)


class Refuse(_One):
    @extend_schema(
        operation_id="blocks_refuse", request=shapes.RefuseRequest, parameters=[WAIT], responses=TURN_ANSWERS
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ends the negotiation; what a binding offer of the other's locked comes back to it."""
        user, body = user_of(request), read(shapes.RefuseRequest, request)
        said = tried(
            lambda: verbs.refuse(pk, by=user, answering=body["answering"], words=body.get("words", ""))
        )
        return answered(request, user, said)


class Withdraw(_One):
    @extend_schema(
        operation_id="blocks_withdraw",
        request=shapes.WithdrawRequest,
        parameters=[WAIT],
        responses=TURN_ANSWERS,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Takes back what one said last, and ends the negotiation."""
        user, body = user_of(request), read(shapes.WithdrawRequest, request)
        said = tried(lambda: verbs.withdraw(pk, by=user, words=body.get("words", "")))
        return answered(request, user, said)
