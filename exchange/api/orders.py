"""Orders and own trades: one view for each address of api.md."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import CLIENT_ID
from accounts.api.permissions import MemberIsActive, TradesForMember, UsesTradeScope
from accounts.api.problems import Problem
from accounts.api.queries import date_of, day_range, wait_of
from accounts.models import User
from exchange import orders
from exchange.api import placing
from exchange.api.serializers import (
    BATCH_REQUESTS,
    REQUESTS,
    STATUSES,
    OrderSerializer,
    OwnTradeSerializer,
    one_of,
    order_shown,
    trade_shown,
)
from exchange.models import Command, Instrument, Trade

ORDER_PERMISSIONS = (UsesTradeScope, TradesForMember, MemberIsActive)
WAIT = OpenApiParameter(
    "wait", OpenApiTypes.NUMBER, description="seconds from 0 to 10 to wait for the engine's decision"
)
DATE = OpenApiParameter("date", OpenApiTypes.DATE, description="of the market's day in Beijing")
INSTRUMENT = OpenApiParameter("instrument", str, description="its code")


def user_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def chosen_instrument(request: Request) -> Instrument | None:
    """`?instrument=CODE`. Raises ValidationError for an unknown one."""
    code = request.query_params.get("instrument")
    if code is None:
        return None
    instrument = Instrument.objects.filter(code=code).first()
    if instrument is None:
        raise serializers.ValidationError({"instrument": [_("There is no instrument of this code.")]})
    return instrument


class Orders(generics.GenericAPIView[Command]):
    """The organisation's orders, and the way to send one."""

    permission_classes = ORDER_PERMISSIONS
    serializer_class = OrderSerializer
    filter_backends = ()
    queryset = Command.objects.none()

    @extend_schema(
        operation_id="orders_list",
        responses=OrderSerializer(many=True),
        parameters=[
            OpenApiParameter("status", str, enum=STATUSES),
            INSTRUMENT,
            DATE,
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Own orders of any state, newest first."""
        page = self.paginate_queryset(chosen_orders(request)) or []
        return self.get_paginated_response([order_shown(state) for state in orders.states(page)])

    @extend_schema(
        operation_id="orders_create",
        request=one_of("OrderRequest", REQUESTS),
        parameters=[WAIT],
        responses={200: OrderSerializer, 202: OrderSerializer, 403: None, 409: None},
    )
    def post(self, request: Request) -> Response:
        """Stores an order; 202 while it is pending, 200 with what the engine did, or if it was sent before."""
        seconds = wait_of(request)
        submission = placing.submit(request.data, user_of(request))
        if submission.created and not seconds:
            return Response(order_shown(orders.just_taken(submission.command)), status=202)
        placing.wait([submission.command.pk], seconds)
        state = placing.state_of(submission.command)
        status = 202 if submission.created and state.status == orders.PENDING else 200
        return Response(order_shown(state), status=status)


def chosen_orders(request: Request) -> QuerySet[Command]:
    """Own orders, by `status`, `instrument` and `date`. Raises ValidationError."""
    found = orders.of_organisation(user_of(request).organisation).select_related("order__instrument")
    status = request.query_params.get("status")
    if status is not None:
        found = found.filter(_in_status(status))
    instrument = chosen_instrument(request)
    if instrument is not None:
        found = found.filter(instrument=instrument)
    day = date_of(request, "date")
    if day is not None:
        start, end = day_range(day)
        found = found.filter(received_at__gte=start, received_at__lt=end)
    return found


def _in_status(status: str) -> Q:
    if status not in STATUSES:
        raise serializers.ValidationError(
            {"status": [_("One of: %(choices)s.") % {"choices": ", ".join(STATUSES)}]}
        )
    if status == orders.PENDING:
        return Q(decided_event__isnull=True)
    if status == orders.REJECTED:
        return ~Q(reason="")
    return Q(order__status=status)


class OneOrder(generics.GenericAPIView[Command]):
    """One of the organisation's orders, by the id that its client gave it."""

    permission_classes = ORDER_PERMISSIONS
    serializer_class = OrderSerializer
    queryset = Command.objects.none()
    id_parameter = OpenApiParameter(
        "client_id",
        {"type": "string", "pattern": CLIENT_ID},
        OpenApiParameter.PATH,
        description="the client's id",
    )

    @extend_schema(
        operation_id="orders_retrieve", parameters=[id_parameter], responses={200: OrderSerializer, 404: None}
    )
    def get(self, request: Request, client_id: str) -> Response:
        """How the order stands."""
        return Response(order_shown(placing.own_state(client_id, user_of(request))))

    @extend_schema(
        operation_id="orders_cancel",
        parameters=[id_parameter, WAIT],
        responses={200: OrderSerializer, 202: OrderSerializer, 404: None, 409: None},
    )
    def delete(self, request: Request, client_id: str) -> Response:
        """Cancels the order: 202 when the cancel is stored, 200 when it is done, 409 when it is refused."""
        seconds = wait_of(request)
        user = user_of(request)
        command = placing.cancel(client_id, user)
        if seconds:
            placing.wait([command.pk], seconds)
            command.refresh_from_db(fields=["decided_event", "reason"])
        if command.reason:
            raise placing.refusal(command.reason)
        status = 202 if command.decided_event is None else 200
        return Response(order_shown(placing.own_state(client_id, user)), status=status)


class OrderBatch(OneOrder):
    """Many orders and cancels in one request. `batch` may be an order's id too: the other methods are its."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:  # type: ignore[override]
        return super().get(request, "batch")

    @extend_schema(exclude=True)
    def delete(self, request: Request) -> Response:  # type: ignore[override]
        return super().delete(request, "batch")

    @extend_schema(
        operation_id="orders_batch",
        request=one_of("BatchRequest", BATCH_REQUESTS, many=True),
        parameters=[WAIT],
        responses={
            (200, "application/json"): placing.BATCH_ANSWER,
            (202, "application/json"): placing.BATCH_ANSWER,
        },
    )
    def post(self, request: Request) -> Response:
        """Up to 1 000, each for itself, in their order.

        The answer is a list of the same length: for each an order, or the problem that refused it.
        202 while one of them is pending.
        """
        seconds = wait_of(request)
        if not isinstance(request.data, list):
            raise serializers.ValidationError({"non_field_errors": [_("A JSON array is needed.")]})
        if len(request.data) > placing.LARGEST_BATCH:
            limit = placing.LARGEST_BATCH
            raise Problem(
                400, "BATCH_TOO_LONG", _("A batch has at most %(limit)s entries.") % {"limit": limit}
            )
        batch = placing.Batch(request.data, user_of(request))
        batch.submit()
        placing.wait(batch.stored, seconds)
        answer, pending = batch.answer()
        return Response(answer, status=202 if pending else 200)


class OwnTrades(generics.GenericAPIView[Trade]):
    """The organisation's trades."""

    permission_classes = (UsesTradeScope,)
    serializer_class = OwnTradeSerializer
    filter_backends = ()
    queryset = Trade.objects.none()
    ordering = "-event"

    @extend_schema(
        operation_id="trades_list",
        responses=OwnTradeSerializer(many=True),
        parameters=[
            INSTRUMENT,
            DATE,
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Own trades, newest first."""
        organisation = user_of(request).organisation
        found = orders.trades_of(organisation).select_related("instrument", "listing", "taker")
        instrument = chosen_instrument(request)
        if instrument is not None:
            found = found.filter(instrument=instrument)
        day = date_of(request, "date")
        if day is not None:
            found = found.filter(day=day)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([trade_shown(trade, organisation.pk) for trade in page])
