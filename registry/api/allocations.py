"""Plans of allocation: made and sent by offices, decided by the registry's checker; emitters see their own lines."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import UsesRegistryScope
from accounts.api.queries import whole_of
from accounts.approvals.api import decide, own_documents, problem_of
from accounts.approvals.api_shapes import DocumentedRequest, ReasonRequest
from accounts.approvals.errors import Refused
from accounts.models import User
from registry.allocation import plans, rights, selectors
from registry.allocation.derivations import working_of
from registry.allocation.models import Plan, PlanRow
from registry.api.allocation_shapes import (
    AllocationRowDetail,
    AllocationRowSerializer,
    DifferentiateRequest,
    PlanRequest,
    PlanSerializer,
    plan_shown,
    row_shown,
    working_shown,
)
from registry.emitters.models import Emitter, Sector

T = TypeVar("T")
#: Refusals that are about a field of the body.
FIELDS = {
    "UNKNOWN_YEAR": "year", "SHARE": "share", "YEAR": "year", "GROUND": "ground", "TONNES": "tonnes",
    "NO_ROW": "emitter", "NO_PREALLOCATION": "stage",
}  # fmt: skip


def user_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def tried(verb: Callable[[], T]) -> T:
    """What a verb answers; its refusals as problems."""
    try:
        return verb()
    except Refused as refused:
        if field := FIELDS.get(refused.code):
            raise ValidationError({field: [refused.detail]}, code=refused.code) from refused
        raise problem_of(refused) or refused from refused


def plan_of(request: Request, pk: int) -> Plan:
    """Raises NotFound for a plan that the caller may not see."""
    found = rights.visible_plans(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


def shown(request: Request, found: list[Plan]) -> list[dict[str, Any]]:
    """With sums for offices, with one's own line for an emitter."""
    user = user_of(request)
    if rights.is_office(user):
        totals = selectors.totals_of(plan.pk for plan in found)
        return [plan_shown(plan, totals=totals[plan.pk], own=None, office=True) for plan in found]
    rows = PlanRow.objects.filter(plan__in=found, emitter=user.organisation_id)
    own = {row.plan_id: row for row in rows.select_related("emitter__organisation")}
    return [
        plan_shown(plan, totals=None, own=_detail(own[plan.pk], plan), office=False) for plan in found
    ]  # fmt: skip


def _detail(row: PlanRow, plan: Plan) -> dict[str, Any]:
    return {**row_shown(row), "derivation": working_shown(working_of(row, plan))}


class Allocations(generics.GenericAPIView[Plan]):
    """Plans of allocation."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = PlanSerializer
    filter_backends = ()
    queryset = Plan.objects.none()

    @extend_schema(
        operation_id="allocations_list",
        responses=PlanSerializer(many=True),
        parameters=[
            OpenApiParameter("year", int),
            OpenApiParameter("province", str),
            OpenApiParameter("sector", str, enum=Sector.values),
            OpenApiParameter("stage", str, enum=Plan.Stage.values),
            OpenApiParameter("state", str, enum=Plan.State.values),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """A province sees its own, the nation all, an emitter the issued ones with its line in them."""
        found = rights.visible_plans(user_of(request))
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(year=year)
        for name in ("province", "sector", "stage", "state"):
            if (value := request.query_params.get(name)) is not None:
                found = found.filter(**{name: value})
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(shown(request, list(page)))

    @extend_schema(operation_id="allocations_make", request=PlanRequest, responses={201: PlanSerializer})
    def post(self, request: Request) -> Response:
        """Works out a draft from the latest verified reports. By an issuer of the registry, or a regulator in its
        own province."""
        form = PlanRequest(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        share = None if "share" not in asked else Decimal(asked["share"])
        plan = tried(
            lambda: plans.make(
                asked["year"], asked["province"], asked["sector"], asked["stage"],
                by=user_of(request), at=clock.now(), share=share,
            )
        )  # fmt: skip
        return Response(shown(request, [plan])[0], status=201)


class OneAllocation(APIView):
    """One plan."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="allocations_read", responses=PlanSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """404 for a plan that the caller has nothing to do with."""
        return Response(shown(request, [plan_of(request, pk)])[0])


class Rows(generics.GenericAPIView[PlanRow]):
    """The lines of a plan."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = AllocationRowSerializer
    filter_backends = ()
    queryset = PlanRow.objects.none()
    ordering = "pk"

    @extend_schema(
        operation_id="allocations_rows",
        responses=AllocationRowSerializer(many=True),
        parameters=[
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request, pk: int) -> Response:
        """By emitter; an emitter gets its own alone."""
        plan = plan_of(request, pk)
        rows = rights.visible_rows(user_of(request), plan).defer("units", "steps")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([row_shown(row) for row in page])


class OneRow(APIView):
    """One emitter's line with the working of each number."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="allocations_row", responses=AllocationRowDetail)
    def get(self, request: Request, pk: int, code: str) -> Response:
        """Formulas with the values in them, each value with its source."""
        plan = plan_of(request, pk)
        rows = rights.visible_rows(user_of(request), plan)
        row = rows.filter(emitter__organisation__code=code).first()
        if row is None:
            raise NotFound(_("There is nothing under this address."))
        return Response(_detail(row, plan))


class Acts(APIView):
    """What is done with a plan; the plan afterwards."""

    permission_classes = (UsesRegistryScope,)

    def reason(self, request: Request) -> str:
        form = ReasonRequest(data=request.data)
        form.is_valid(raise_exception=True)
        return str(form.validated_data["reason"])

    def after(self, request: Request, pk: int) -> Response:
        return Response(shown(request, [plan_of(request, pk)])[0])

    def decided(self, request: Request, pk: int, verdict: str) -> Response:
        plan = plan_of(request, pk)
        if plan.request_id is None:
            raise problem_of(Refused("NOT_PENDING", _("It was not sent for approval."))) or NotFound()
        decide(request, plan.request_id, verdict)
        return self.after(request, pk)


class Send(Acts):
    @extend_schema(operation_id="allocations_send", request=DocumentedRequest, responses=PlanSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Asks the registry's checker to approve it; a province's formal document may come with it."""
        plan, user = plan_of(request, pk), user_of(request)
        form = DocumentedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        reason, files = form.validated_data["reason"], form.validated_data.get("documents", [])
        papers = own_documents(user, files)
        tried(lambda: plans.send(plan, by=user, reason=reason, at=clock.now(), documents=papers))
        return self.after(request, pk)


class Drop(Acts):
    @extend_schema(operation_id="allocations_drop", request=ReasonRequest, responses=PlanSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Puts a draft aside for good."""
        plan, reason = plan_of(request, pk), self.reason(request)
        tried(lambda: plans.drop(plan, by=user_of(request), reason=reason, at=clock.now()))
        return self.after(request, pk)


class Approve(Acts):
    @extend_schema(operation_id="allocations_approve", request=ReasonRequest, responses=PlanSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Issues the whole plan in one transaction, or refuses and issues nothing."""
        return self.decided(request, pk, "approve")


class Refuse(Acts):
    @extend_schema(operation_id="allocations_refuse", request=ReasonRequest, responses=PlanSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Nothing is issued."""
        return self.decided(request, pk, "refuse")


class Withdraw(Acts):
    @extend_schema(operation_id="allocations_withdraw", request=ReasonRequest, responses=PlanSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Taken back by who sent it: a draft again."""
        return self.decided(request, pk, "withdraw")


class Differentiate(Acts):
    @extend_schema(
        operation_id="allocations_differentiate",
        request=DifferentiateRequest,
        responses=AllocationRowSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """An authority's decision on one line of a draft: issued to the province's account, which surrenders what is
        owed and hands on the rest; `on` false takes it back."""
        plan = plan_of(request, pk)
        form = DifferentiateRequest(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        emitter = Emitter.objects.filter(organisation__code=asked["emitter"]).first()
        row = tried(
            lambda: plans.differentiate(
                plan, 0 if emitter is None else emitter.pk, ground=asked.get("ground", ""),
                reason=asked.get("reason", ""), on=asked["on"], by=user_of(request), at=clock.now(),
            )
        )  # fmt: skip
        return Response(row_shown(row))
