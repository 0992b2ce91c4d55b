"""Adjustments: tonnes that are deducted when allocation is issued."""

from django.db.models import Prefetch
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
from accounts.approvals.api_shapes import ReasonRequest
from accounts.approvals.errors import Refused
from registry.allocation import adjustments, rights
from registry.allocation.models import Adjustment, AdjustmentUse
from registry.api.allocation_shapes import AdjustmentRequest, AdjustmentSerializer, adjustment_shown
from registry.api.allocations import tried, user_of
from registry.emitters.models import Emitter

USES = Prefetch("uses", AdjustmentUse.objects.order_by("pk"))


def adjustment_of(request: Request, pk: int) -> Adjustment:
    """Raises NotFound for one that the caller may not see."""
    found = rights.visible_adjustments(user_of(request)).prefetch_related(USES).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


class Adjustments(generics.GenericAPIView[Adjustment]):
    """Ordered deductions with what is left of each."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = AdjustmentSerializer
    filter_backends = ()
    queryset = Adjustment.objects.none()

    @extend_schema(
        operation_id="adjustments_list",
        responses=AdjustmentSerializer(many=True),
        parameters=[
            OpenApiParameter("emitter", str, description="code"),
            OpenApiParameter("year", int),
            OpenApiParameter("state", str, enum=Adjustment.State.values),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """A province sees its own emitters', the nation all, an emitter its own that are in force."""
        found = rights.visible_adjustments(user_of(request)).prefetch_related(USES)
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(year=year)
        if (code := request.query_params.get("emitter")) is not None:
            found = found.filter(emitter__organisation__code=code)
        if (state := request.query_params.get("state")) is not None:
            found = found.filter(state=state)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([adjustment_shown(row) for row in page])

    @extend_schema(
        operation_id="adjustments_order", request=AdjustmentRequest, responses={201: AdjustmentSerializer}
    )
    def post(self, request: Request) -> Response:
        """Asks for a deduction; the registry's checker approves it."""
        form = AdjustmentRequest(data=request.data)
        form.is_valid(raise_exception=True)
        asked, user = form.validated_data, user_of(request)
        emitter = Emitter.objects.select_related("organisation").filter(
            organisation__code=asked["emitter"]
        ).first()  # fmt: skip
        # Whoever may not order for an emitter does not learn from the answer whether there is one.
        if emitter is None and rights.may_make_any(user):
            raise ValidationError({"emitter": [_("There is no emitter with this code.")]})
        if emitter is None:
            raise problem_of(Refused("NOT_YOURS", _("Only offices order adjustments."))) or NotFound()
        made = tried(
            lambda: adjustments.order(
                emitter, year=asked["year"], ground=asked["ground"], tonnes=asked["tonnes"], by=user,
                reason=asked["reason"], at=clock.now(),
                documents=own_documents(user, asked.get("documents", [])),
            )
        )  # fmt: skip
        return Response(adjustment_shown(adjustment_of(request, made.pk)), status=201)


class OneAdjustment(APIView):
    """One, with each use of it."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="adjustments_read", responses=AdjustmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """404 for one that the caller has nothing to do with."""
        return Response(adjustment_shown(adjustment_of(request, pk)))


class Decides(APIView):
    """A decision on an adjustment; the adjustment afterwards."""

    permission_classes = (UsesRegistryScope,)

    def decided(self, request: Request, pk: int, verdict: str) -> Response:
        found = adjustment_of(request, pk)
        if found.request_id is None:
            raise problem_of(Refused("NOT_PENDING", _("Nobody's decision is waited for."))) or NotFound()
        decide(request, found.request_id, verdict)
        return Response(adjustment_shown(adjustment_of(request, pk)))


class Approve(Decides):
    @extend_schema(operation_id="adjustments_approve", request=ReasonRequest, responses=AdjustmentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Deducted from now on."""
        return self.decided(request, pk, "approve")


class Refuse(Decides):
    @extend_schema(operation_id="adjustments_refuse", request=ReasonRequest, responses=AdjustmentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Nothing will be deducted."""
        return self.decided(request, pk, "refuse")


class Withdraw(Decides):
    @extend_schema(operation_id="adjustments_withdraw", request=ReasonRequest, responses=AdjustmentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Taken back by who asked for it."""
        return self.decided(request, pk, "withdraw")
