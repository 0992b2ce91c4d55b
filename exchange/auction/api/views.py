"""Auctions in the API: everybody reads what is announced, sellers and offices ask, traders bid under seal."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.fields import CLIENT_ID
from accounts.api.permissions import MemberIsActive, TradesForMember, UsesRegistryScope, UsesTradeScope
from accounts.api.problems import Problem
from accounts.api.queries import wait_of
from accounts.approvals.api import problem_of
from accounts.approvals.errors import Refused as NotApprovable
from accounts.models import Organisation, User
from exchange import clock, intake, orders
from exchange.api import placing
from exchange.api.orders import WAIT, chosen_instrument, user_of
from exchange.api.serializers import OrderSerializer, order_shown
from exchange.auction import asking, bidding, selectors
from exchange.auction.api.shapes import AuctionRequest, AuctionSerializer, BidRequest, auction_shown
from exchange.auction.models import Auction
from exchange.auction.terms import Terms
from exchange.models import Command, Instrument

#: Which field a refusal is about.
FIELDS = {
    "BAD_SELLER": "seller", "BAD_INSTRUMENT": "instrument", "BAD_QUANTITY": "quantity", "BAD_WINDOW": "opens_at",
    "BAD_BIDDERS": "bidders",
}  # fmt: skip
STATES = [state.value for state in Auction.State if state not in {Auction.State.ASKED, Auction.State.REFUSED}]


class AsksForAuctions(BasePermission):
    """Everybody reads. Asking takes a role, and of a key the scope of that role's work: trade, or registry."""

    message = gettext_lazy(
        "Only sellers' traders and initiators, exchange operators and regulators may ask for this."
    )
    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return True
        user = request.user
        if not isinstance(user, User) or asking.origin_for(user) is None:
            return False
        office = user.organisation.kind not in Organisation.TRADING_KINDS
        return (UsesRegistryScope if office else UsesTradeScope)().has_permission(request, view)


class Auctions(generics.GenericAPIView[Any]):
    """Announced auctions, and the way to ask for one."""

    permission_classes = (AsksForAuctions,)
    serializer_class = AuctionSerializer
    filter_backends = ()
    queryset = Auction.objects.none()

    @extend_schema(
        operation_id="auctions_list",
        responses=AuctionSerializer(many=True),
        parameters=[
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("instrument", str, description="its code"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """By number, the latest first; without results: each auction has its own."""
        found = selectors.announced().order_by("-pk")
        state = request.query_params.get("state")
        if state is not None:
            if state not in STATES:
                raise ValidationError({"state": [_("One of: %(choices)s.") % {"choices": ", ".join(STATES)}]})
            found = found.filter(state=state)
        instrument = chosen_instrument(request)
        if instrument is not None:
            found = found.filter(instrument=instrument)
        at = clock.now()
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([auction_shown(row, at) for row in page])

    @extend_schema(
        operation_id="auctions_ask", request=AuctionRequest, responses={201: AuctionSerializer, 409: None}
    )
    def post(self, request: Request) -> Response:
        """Asks for an auction; it is announced when the second person approves its request."""
        form = AuctionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        user = user_of(request)
        try:
            made = asked_for(form.validated_data, user)
        except NotApprovable as refused:
            field = FIELDS.get(refused.code)
            if field:
                words = str(refused.detail)
                raise Problem(400, refused.code, words, errors={field: [words]}) from None
            raise problem_of(refused) or refused from None
        shown = selectors.visible_for(user).get(pk=made.pk)
        return Response(auction_shown(shown, clock.now()), status=201)


def asked_for(body: dict[str, Any], user: User) -> Auction:
    """Raises ValidationError for a name that nobody has, and Refused as `asking.ask`."""
    instrument = Instrument.objects.select_related("asset").filter(code=body["instrument"]).first()
    if instrument is None:
        raise ValidationError({"instrument": [_("There is no instrument of this code.")]})
    seller = organisations([body["seller"]], "seller")[0] if body.get("seller") else None
    terms = Terms(
        instrument=instrument, quantity_t=body["quantity"], floor_rule=body["floor"], price_model=body["model"],
        bidders=body["bidders"], province=body.get("province", ""), opens_at=body["opens_at"],
        closes_at=body["closes_at"], surrender_only=body["surrender_only"],
        named=tuple(organisations(body.get("named", []), "named")),
    )  # fmt: skip
    return asking.ask(terms, by=user, reason=body["reason"], at=clock.now(), seller=seller)


def organisations(codes: list[str], field: str) -> list[Organisation]:
    """In the order of their codes. Raises ValidationError where nobody has one of them."""
    found = {row.code: row for row in Organisation.objects.filter(code__in=codes)}
    unknown = sorted(set(codes) - set(found))
    if unknown:
        words = _("There is no organisation with the code %(code)s.") % {"code": unknown[0][:64]}
        raise ValidationError({field: [words]})
    return [found[code] for code in sorted(found)]


def found_auction(request: Request, pk: int) -> Auction:
    """Raises NotFound for one that the caller has nothing to do with."""
    found = selectors.visible_for(request.user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


class OneAuction(APIView):
    """One auction, with its result and demand curve once it has ended."""

    permission_classes = ()

    @extend_schema(operation_id="auctions_read", responses=AuctionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Bids are sealed until then: `result` is null, for everybody."""
        return Response(auction_shown(found_auction(request, pk), clock.now(), with_result=True))


class Bids(generics.GenericAPIView[Command]):
    """The organisation's own bids on one auction."""

    permission_classes = (UsesTradeScope, TradesForMember, MemberIsActive)
    serializer_class = OrderSerializer
    filter_backends = ()
    queryset = Command.objects.none()

    @extend_schema(
        operation_id="auction_bids_list",
        responses=OrderSerializer(many=True),
        parameters=[
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Own bids of any state, newest first; never another's."""
        own = bidding.own_bids(found_auction(request, pk), user_of(request).organisation)
        page = self.paginate_queryset(own) or []
        return self.get_paginated_response([order_shown(state) for state in orders.states(page)])

    @extend_schema(
        operation_id="auction_bids_create",
        request=BidRequest,
        parameters=[WAIT],
        responses={200: OrderSerializer, 202: OrderSerializer, 403: None, 409: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Bids, or changes a bid (`replaces`), until the window ends; answers as `POST /orders/` does."""
        auction, user, seconds = found_auction(request, pk), user_of(request), wait_of(request)
        form = BidRequest(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            submission = bidding.bid(
                auction, **form.validated_data, organisation=user.organisation, user=user, at=clock.now()
            )
        except intake.Refused as refused:
            raise placing.refusal(refused.code) from None
        return answered(submission, seconds)


def answered(submission: intake.Submission, seconds: float | None) -> Response:
    """202 while the bid is pending, else 200 with what the engine did."""
    if submission.created and not seconds:
        return Response(order_shown(orders.just_taken(submission.command)), status=202)
    placing.wait([submission.command.pk], seconds)
    state = placing.state_of(submission.command)
    pending = submission.created and state.status == orders.PENDING
    return Response(order_shown(state), status=202 if pending else 200)


class OneBid(APIView):
    """One own bid."""

    permission_classes = (UsesTradeScope, TradesForMember, MemberIsActive)
    id_parameter = OpenApiParameter(
        "client_id",
        {"type": "string", "pattern": CLIENT_ID},
        OpenApiParameter.PATH,
        description="the client's id",
    )

    @extend_schema(
        operation_id="auction_bids_withdraw",
        parameters=[
            id_parameter,
            OpenApiParameter("wait", OpenApiTypes.NUMBER, description="seconds from 0 to 10"),
        ],
        responses={200: OrderSerializer, 202: OrderSerializer, 404: None, 409: None},
    )
    def delete(self, request: Request, pk: int, client_id: str) -> Response:
        """Withdraws it, until the window ends: 202 when that is stored, 200 when it is done."""
        auction, user, seconds = found_auction(request, pk), user_of(request), wait_of(request)
        try:
            command = bidding.withdraw(
                client_id, organisation=user.organisation, user=user, at=clock.now(), auction=auction
            )
        except intake.Refused as refused:
            raise placing.refusal(refused.code) from None
        placing.wait([command.pk], seconds)
        command.refresh_from_db(fields=["decided_event", "reason"])
        if command.reason:
            raise placing.refusal(command.reason)
        state = placing.own_state(client_id, user)
        return Response(order_shown(state), status=202 if command.decided_event is None else 200)
