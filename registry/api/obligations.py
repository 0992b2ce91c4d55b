"""Obligations: an emitter's years, what each needs and has, and the cheapest lawful way; surrenders."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
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
from accounts.models import Organisation, User
from registry.api import obligation_shapes as shapes
from registry.compliance import selectors, surrender
from registry.compliance.models import ComplianceYear, Surrender
from registry.compliance.sheet import sheet_of

PAGING = [
    OpenApiParameter("cursor", str),
    OpenApiParameter("page_size", int, description="1 to 1 000"),
]


def user_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def choice_of(request: Request, name: str, values: list[str]) -> str:
    """Raises ValidationError for another value."""
    value = request.query_params.get(name, "")
    if value and value not in values:
        raise ValidationError({name: [_("One of the listed values is needed.")]})
    return value


class Obligations(generics.GenericAPIView[ComplianceYear]):
    """Compliance years: an emitter's own, an authority's emitters'."""

    permission_classes = (Reads,)
    serializer_class = shapes.ObligationSerializer
    filter_backends = ()
    queryset = ComplianceYear.objects.none()
    ordering = "-pk"

    @extend_schema(
        operation_id="obligations_list",
        responses=shapes.ObligationSerializer(many=True),
        parameters=[
            OpenApiParameter("year", int),
            OpenApiParameter("emitter", str, description="code of the emitter"),
            OpenApiParameter("state", str, enum=list(ComplianceYear.State.values)),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """Need, what is surrendered and waits, gap, state, deadline."""
        today = selectors.day_of(clock.now())
        # `state` is an annotation, which the types do not follow.
        found: Any = selectors.with_state(selectors.years_visible_to(user_of(request)), today)
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(year=min(year, 9_999))
        if (code := request.query_params.get("emitter")) is not None:
            found = found.filter(emitter__organisation__code=code)
        if state := choice_of(request, "state", list(ComplianceYear.State.values)):
            found = found.filter(state=state)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shapes.obligation_shown(row) for row in page])


class OneObligation(APIView):
    """One year of one's own, with holdings and the proposal."""

    permission_classes = (Reads,)

    @extend_schema(operation_id="obligations_read", responses=shapes.OwnObligationSerializer)
    def get(self, request: Request, year: int) -> Response:
        """The caller's organisation's; 404 where it is not covered in that year."""
        user = user_of(request)
        row = (
            ComplianceYear.objects.select_related("emitter__organisation")
            .filter(emitter=user.organisation_id, year=year)
            .first()
        )
        if row is None:
            raise NotFound(_("There is nothing under this address."))
        return Response(shapes.sheet_shown(sheet_of(row, clock.now())))


class Surrenders(generics.GenericAPIView[Surrender]):
    """Surrenders of one's own organisation; for authorities, their emitters'."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = shapes.SurrenderSerializer
    filter_backends = ()
    queryset = Surrender.objects.none()
    ordering = "-pk"

    @extend_schema(
        operation_id="surrenders_list",
        responses=shapes.SurrenderSerializer(many=True),
        parameters=[
            OpenApiParameter("year", int),
            OpenApiParameter("state", str, enum=list(Surrender.State.values)),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        found = selectors.surrenders_visible_to(user_of(request)).prefetch_related("lines")
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(compliance_year__year=min(year, 9_999))
        if state := choice_of(request, "state", list(Surrender.State.values)):
            found = found.filter(state=state)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shapes.surrender_shown(row) for row in page])

    @extend_schema(
        operation_id="surrenders_submit",
        request=shapes.SurrenderRequest,
        responses={200: shapes.SurrenderSerializer, 201: shapes.SurrenderSerializer},
    )
    def post(self, request: Request) -> Response:
        """Names tonnes for a year; they wait until three people have decided. The same `id` again: the first one, 200."""
        form = shapes.SurrenderRequest(data=request.data)
        form.is_valid(raise_exception=True)
        user, wanted = user_of(request), form.validated_data
        lines = shapes.lines_of(wanted["lines"])
        known = surrender.sent_before(user.organisation, wanted.get("id", ""))
        try:
            made = surrender.submit(
                wanted["year"], user.organisation, lines, by=user, reason=wanted["reason"], at=clock.now(),
                beneficiary=_beneficiary(wanted.get("beneficiary", "")), client_id=wanted.get("id", ""),
                documents=own_documents(user, wanted.get("documents", [])),
            )  # fmt: skip
        except Refused as refused:
            raise problem_of(refused) or refused from refused
        return Response(shapes.surrender_shown(made), status=200 if known else 201)


def _beneficiary(code: str) -> Organisation | None:
    """Raises Problem 409 for a code of no covered emitter."""
    if not code:
        return None
    found = Organisation.objects.filter(code=code, emitter__isnull=False).first()
    if found is None:
        raise Problem(
            409, "BENEFICIARY_UNKNOWN", _("beneficiary: no covered emitter has this code. Ask it for its code.")
        )  # fmt: skip
    return found


def one_surrender(request: Request, surrender_id: int) -> Surrender:
    """Raises NotFound for what the caller may not see."""
    found = selectors.surrenders_visible_to(user_of(request)).filter(pk=surrender_id).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


class OneSurrender(APIView):
    permission_classes = (Reads,)

    @extend_schema(operation_id="surrenders_read", responses=shapes.SurrenderSerializer)
    def get(self, request: Request, surrender_id: int) -> Response:
        """404 for one of others."""
        return Response(shapes.surrender_shown(one_surrender(request, surrender_id)))


class DecideSurrender(APIView):
    """A decision, by whom it waits for; with a key, the scope `registry`."""

    permission_classes = (UsesRegistryScope,)
    verdict = ""

    def decided(self, request: Request, surrender_id: int) -> Response:
        found = one_surrender(request, surrender_id)
        if found.request_id is None:
            raise Problem(
                409, "NOT_PENDING", _("It was decided already: %(state)s.") % {"state": found.state}
            )
        decide(request, found.request_id, self.verdict)
        return Response(shapes.surrender_shown(one_surrender(request, surrender_id)))


class ApproveSurrender(DecideSurrender):
    verdict = "approve"

    @extend_schema(
        operation_id="surrenders_approve", request=ReasonRequest, responses=shapes.SurrenderSerializer
    )
    def post(self, request: Request, surrender_id: int) -> Response:
        """The giver's approver first, then the province's: then the tonnes are gone for good."""
        return self.decided(request, surrender_id)


class RefuseSurrender(DecideSurrender):
    verdict = "refuse"

    @extend_schema(
        operation_id="surrenders_refuse", request=ReasonRequest, responses=shapes.SurrenderSerializer
    )
    def post(self, request: Request, surrender_id: int) -> Response:
        """The tonnes go back to the giver's registry holding."""
        return self.decided(request, surrender_id)


class WithdrawSurrender(DecideSurrender):
    verdict = "withdraw"

    @extend_schema(
        operation_id="surrenders_withdraw", request=ReasonRequest, responses=shapes.SurrenderSerializer
    )
    def post(self, request: Request, surrender_id: int) -> Response:
        """By whoever submitted it; the tonnes go back."""
        return self.decided(request, surrender_id)
