"""Shortfalls in the API: what was missing when deadlines passed, and what a province proposes to follow from it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import Reads, UsesRegistryScope
from accounts.api.problems import Problem
from accounts.api.queries import whole_of
from accounts.approvals.api import decide, own_documents, problem_of
from accounts.approvals.api_shapes import ReasonRequest
from accounts.approvals.errors import Refused
from registry.api import shortfall_shapes as shapes
from registry.api.obligations import PAGING, choice_of, user_of
from registry.compliance import shortfalls
from registry.compliance.models import Shortfall


def found_by(request: Request, pk: int) -> Shortfall:
    """Raises NotFound for one that the caller may not see."""
    found = shortfalls.visible_to(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


def shown(request: Request, row: Shortfall) -> dict[str, Any]:
    return shapes.shortfall_shown(row, office=shortfalls.is_office(user_of(request)))


class Shortfalls(generics.GenericAPIView[Shortfall]):
    """What was missing when deadlines passed: an emitter's own, an authority's emitters'."""

    permission_classes = (Reads,)
    serializer_class = shapes.ShortfallSerializer
    filter_backends = ()
    queryset = Shortfall.objects.none()
    ordering = "-pk"

    @extend_schema(
        operation_id="shortfalls_list",
        responses=shapes.ShortfallSerializer(many=True),
        parameters=[
            OpenApiParameter("year", int),
            OpenApiParameter("state", str, enum=list(Shortfall.State.values)),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """With the working behind each figure."""
        found: Any = shortfalls.visible_to(user_of(request))
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(compliance_year__year=min(year, 9_999))
        if state := choice_of(request, "state", list(Shortfall.State.values)):
            found = found.filter(state=state)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shown(request, row) for row in page])


class OneShortfall(APIView):
    permission_classes = (Reads,)

    @extend_schema(operation_id="shortfalls_read", responses=shapes.ShortfallSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """404 for one of others."""
        return Response(shown(request, found_by(request, pk)))


class Propose(APIView):
    """By a regulator of the emitter's province; with a key, the scope `registry`."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(
        operation_id="shortfalls_propose",
        request=shapes.ProposalRequest,
        responses={201: shapes.ShortfallSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Proposes a fine within the rule's bounds and a deduction; the national approver decides. Nothing follows yet."""
        found, user = found_by(request, pk), user_of(request)
        form = shapes.ProposalRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        try:
            shortfalls.propose(
                found.pk, fine_fen=int(wanted["fine"].replace(".", "")), deduction_t=wanted["deduction"],
                decision=wanted["decision"], by=user, reason=wanted["reason"], at=clock.now(),
                documents=own_documents(user, wanted.get("documents", [])),
            )  # fmt: skip
        except Refused as refused:
            raise problem_of(refused) or refused from refused
        return Response(shown(request, found_by(request, pk)), status=201)


class Decides(APIView):
    """A decision on the proposal; with a key, the scope `registry`."""

    permission_classes = (UsesRegistryScope,)

    def decided(self, request: Request, pk: int, verdict: str) -> Response:
        found = found_by(request, pk)
        if found.request_id is None:
            raise Problem(409, "NOT_PENDING", _("Nothing was proposed yet."))
        decide(request, found.request_id, verdict)
        return Response(shown(request, found_by(request, pk)))


class Approve(Decides):
    @extend_schema(
        operation_id="shortfalls_approve", request=ReasonRequest, responses=shapes.ShortfallSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """By the national authority's approver: it is decided; a deduction waits for the next allocation."""
        return self.decided(request, pk, "approve")


class Refuse(Decides):
    @extend_schema(
        operation_id="shortfalls_refuse", request=ReasonRequest, responses=shapes.ShortfallSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """The shortfall waits for another proposal."""
        return self.decided(request, pk, "refuse")


class Withdraw(Decides):
    @extend_schema(
        operation_id="shortfalls_withdraw", request=ReasonRequest, responses=shapes.ShortfallSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Taken back by who proposed it."""
        return self.decided(request, pk, "withdraw")
