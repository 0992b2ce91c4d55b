"""Freezes, pledges, the trusted list, transfers without a trade, carry-over, cancellation, own movements."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import Reads, UsesRegistryScope
from accounts.approvals.api import own_documents
from accounts.approvals.api_shapes import DocumentedRequest
from accounts.models import User
from registry.api import custody_shapes as shapes
from registry.api.resources import Resource, organisation_called, tried, user_of
from registry.cancellation import cancelling
from registry.cancellation.footprint import Footprint, footprint
from registry.cancellation.models import Cancellation
from registry.carryover import applications
from registry.carryover.models import CarryOver
from registry.compliance.selectors import day_of
from registry.custody import freezes, pledges, selectors, transfers, trusted
from registry.custody.models import Freeze, NonTradeTransfer, Pledge, TrustedEntry
from registry.factors.selectors import in_force
from registry.ledger.models import Account, Transfer

Body = dict[str, Any]


def lines_of(body: Body) -> dict[str, int]:
    """Raises ValidationError for an asset named twice."""
    lines = {line["asset"]: line["quantity"] for line in body.get("lines", [])}
    if len(lines) < len(body.get("lines", [])):
        raise ValidationError({"lines": [_("An asset is named twice: name each once.")]})
    return lines


def _asked(user: User, body: Body) -> dict[str, Any]:
    """What every request comes with."""
    return {
        "by": user, "reason": body["reason"], "at": clock.now(),
        "documents": own_documents(user, body.get("documents", [])),
    }  # fmt: skip


def _freeze(user: User, body: Body) -> Freeze:
    return freezes.submit(
        organisation=organisation_called(body["organisation"], "organisation"), lines=lines_of(body),
        document_number=body["document_number"], ordered_by=body["ordered_by"], **_asked(user, body),
    )  # fmt: skip


def _pledge(user: User, body: Body) -> Pledge:
    terms = pledges.Terms(
        asset=body["asset"], quantity_t=body["quantity"], loan_fen=int(body["loan"].replace(".", "")),
        starts_on=body["starts_on"], ends_on=body["ends_on"], contract_number=body.get("contract_number", ""),
    )  # fmt: skip
    pledgee = organisation_called(body["pledgee"], "pledgee")
    return pledges.submit(pledgee=pledgee, terms=terms, **_asked(user, body))


def _trust(user: User, body: Body) -> TrustedEntry:
    named = organisation_called(body["organisation"], "organisation")
    return trusted.add(trusted=named, by=user, reason=body["reason"], at=clock.now())


def _transfer(user: User, body: Body) -> NonTradeTransfer:
    return transfers.submit(
        receiver=organisation_called(body["receiver"], "receiver"), asset=body["asset"],
        quantity_t=body["quantity"], ground=body["ground"], **_asked(user, body),
    )  # fmt: skip


def _carry_over(user: User, body: Body) -> CarryOver:
    return applications.submit(lines=lines_of(body), **_asked(user, body))


def _cancel(user: User, body: Body) -> Cancellation:
    return cancelling.submit(
        asset=body["asset"], quantity_t=body["quantity"], beneficiary=body["beneficiary"],
        purpose=body["purpose"], footprint=footprint_of(body), **_asked(user, body),
    )  # fmt: skip


def footprint_of(body: Body) -> Footprint | None:
    """Raises ValidationError for an item named twice."""
    rows = body.get("footprint", [])
    amounts = {row["item"]: Decimal(row["amount"]) for row in rows}
    if len(amounts) < len(rows):
        raise ValidationError({"footprint": [_("A row is named twice: name each once.")]})
    return footprint(amounts, in_force(day_of(clock.now()))) if rows else None


FREEZES = Resource(
    "freezes", shapes.FreezeRequest, shapes.FreezeSerializer, selectors.freezes, shapes.freeze_shown, _freeze,
    tuple(Freeze.State.values), shapes.waiting,
)  # fmt: skip
PLEDGES = Resource(
    "pledges", shapes.PledgeRequest, shapes.PledgeSerializer, selectors.pledges, shapes.pledge_shown, _pledge,
    tuple(Pledge.State.values), shapes.waiting,
)  # fmt: skip
TRUSTED = Resource(
    "trusted", shapes.TrustedRequest, shapes.TrustedSerializer, selectors.trusted_entries,
    shapes.trusted_shown, _trust, tuple(TrustedEntry.State.values),
)  # fmt: skip
TRANSFERS = Resource(
    "transfers", shapes.TransferRequest, shapes.TransferSerializer, selectors.transfers,
    shapes.transfer_shown, _transfer, tuple(NonTradeTransfer.State.values),
)  # fmt: skip
CARRY_OVERS = Resource(
    "carryovers", shapes.CarryOverRequest, shapes.CarryOverSerializer, selectors.carry_overs,
    shapes.carry_over_shown, _carry_over, tuple(CarryOver.State.values),
)  # fmt: skip
CANCELLATIONS = Resource(
    "cancellations", shapes.CancellationRequest, shapes.CancellationSerializer, selectors.cancellations,
    shapes.cancellation_shown, _cancel, tuple(Cancellation.State.values),
)  # fmt: skip
RESOURCES = (FREEZES, PLEDGES, TRUSTED, TRANSFERS, CARRY_OVERS, CANCELLATIONS)


class Ending(APIView):
    """Asks for the end of a freeze or pledge; it waits for the people who decide."""

    permission_classes = (UsesRegistryScope,)

    def asked(self, request: Request, pk: int, resource: Resource, verb: Any) -> Response:
        user = user_of(request)
        resource.one(user, pk)
        form = DocumentedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        given = _asked(user, form.validated_data)
        tried(lambda: verb(pk, **given))
        return Response(resource.shown(resource.one(user, pk)), status=201)


class Lift(Ending):
    @extend_schema(
        operation_id="freezes_lift", request=DocumentedRequest, responses={201: shapes.FreezeSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """The end of a freeze in force, by the document that orders it."""
        return self.asked(request, pk, FREEZES, freezes.lift)


class Release(Ending):
    @extend_schema(
        operation_id="pledges_release", request=DocumentedRequest, responses={201: shapes.PledgeSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """The pledgee gives the tonnes back."""
        return self.asked(request, pk, PLEDGES, pledges.release)


class Dispose(Ending):
    @extend_schema(
        operation_id="pledges_dispose", request=DocumentedRequest, responses={201: shapes.PledgeSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """After the term, the pledgee takes the tonnes of a loan that was not repaid, to sell them listed."""
        return self.asked(request, pk, PLEDGES, pledges.dispose)


class Remove(APIView):
    """Off the trusted list, at once."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="trusted_remove", request=None, responses=shapes.TrustedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Takes one person; nothing more can be sent there from now on."""
        user = user_of(request)
        TRUSTED.one(user, pk)
        tried(lambda: trusted.remove(pk, by=user, at=clock.now()))
        return Response(shapes.trusted_shown(TRUSTED.one(user, pk)))


class Movements(generics.GenericAPIView[Transfer]):
    """One's own transfers in the ledger."""

    permission_classes = (Reads,)
    serializer_class = shapes.MovementSerializer
    filter_backends = ()
    queryset = Transfer.objects.none()

    @extend_schema(
        operation_id="movements_list",
        responses=shapes.MovementSerializer(many=True),
        parameters=[
            OpenApiParameter("asset", str),
            OpenApiParameter("kind", str, enum=Transfer.Kind.values),
            OpenApiParameter("purpose", str, enum=[place.value for place in Account.HELD]),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """The newest first, with the balances after each. The other side of a trade is never named."""
        holder = user_of(request).organisation_id
        asked = request.query_params
        found = selectors.movements(
            holder, asset=asked.get("asset", ""), kind=asked.get("kind", ""), purpose=asked.get("purpose", "")
        )
        rows = selectors.seen_by(holder, list(self.paginate_queryset(found) or []))
        return self.get_paginated_response([shapes.movement_shown(row) for row in rows])
