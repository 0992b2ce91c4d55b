"""Own balances, and moves between the registry and the trading account."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import MovesHoldings, Reads, UsesRegistryScope
from accounts.api.problems import Problem
from accounts.models import Organisation, User
from registry import positions
from registry.api.serializers import BalanceSerializer, MoveRequest, MoveSerializer, balance_shown
from registry.ledger.post import InsufficientBalance
from registry.models import Account


def organisation_of(request: Request) -> Organisation:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user.organisation


class Balances(generics.GenericAPIView[Account]):
    """The organisation's balances."""

    permission_classes = (Reads,)
    serializer_class = BalanceSerializer
    filter_backends = ()
    queryset = Account.objects.none()
    ordering = "pk"

    @extend_schema(
        operation_id="accounts_list",
        responses=BalanceSerializer(many=True),
        parameters=[
            OpenApiParameter("asset", str),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """By asset and purpose; a place where nothing ever was is left out."""
        found = Account.objects.filter(holder=organisation_of(request)).exclude(
            purpose=Account.Purpose.SOURCE
        )
        asset = request.query_params.get("asset")
        if asset is not None:
            found = found.filter(asset_id=asset)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(
            [balance_shown(row.asset_id, row.purpose, row.balance) for row in page]
        )


class Move(APIView):
    """Tonnes between the registry and the trading account of one's own."""

    permission_classes = (UsesRegistryScope, MovesHoldings)

    @extend_schema(
        operation_id="positions_move",
        request=MoveRequest,
        responses={200: MoveSerializer, 409: None},
    )
    def post(self, request: Request) -> Response:
        """Moves at once, all or nothing. Sent again with the same id it changes nothing more."""
        form = MoveRequest(data=request.data)
        form.is_valid(raise_exception=True)
        organisation = organisation_of(request)
        wanted = form.validated_data
        try:
            moved = positions.move(
                organisation=organisation,
                client_id=wanted["id"],
                asset=wanted["asset"],
                quantity_t=wanted["quantity"],
                source=wanted["from"],
                target=wanted["to"],
            )
        except positions.NoSuchMove as refused:
            raise serializers.ValidationError({refused.field: [refused.detail]}) from None
        except positions.OtherMove:
            raise Problem(
                409, "DUPLICATE_ID", _("id: used for another move. Send it with a new id.")
            ) from None
        except positions.NotActive:
            words = _("Your organisation is suspended, frozen or closed: its holdings stay where they are.")
            raise Problem(403, "SUSPENDED", words) from None
        except positions.SurrenderOnly as refused:
            raise Problem(409, "SURRENDER_ONLY", refused.words) from None
        except InsufficientBalance:
            words = _("quantity: more than there is to move. Move less.")
            raise Problem(409, "INSUFFICIENT_HOLDINGS", words) from None
        return Response(self._shown(wanted, moved, organisation))

    @staticmethod
    def _shown(wanted: dict[str, Any], moved: bool, organisation: Organisation) -> dict[str, Any]:
        rows = Account.objects.filter(holder=organisation, asset_id=wanted["asset"]).exclude(
            purpose=Account.Purpose.SOURCE
        )
        balances = [balance_shown(row.asset_id, row.purpose, row.balance) for row in rows.order_by("pk")]
        return {**wanted, "moved": moved, "balances": balances}
