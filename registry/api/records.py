"""Emitters and their units in the API: read by whom they concern, kept by their province and the registry's issuer."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import Reads, UsesRegistryScope
from accounts.api.queries import whole_of
from accounts.approvals.errors import Refused
from accounts.provinces import PROVINCES
from registry.api import record_shapes as shapes
from registry.api.emitters import PAGING, answer_to, chosen, not_found, user_of
from registry.emitters import selectors, units
from registry.emitters.models import Emitter, RecordChange, Sector, Unit
from registry.emitters.rights import visible

T = TypeVar("T")


def _seen(request: Request, code: str) -> Emitter:
    """Raises NotFound for an emitter that the caller may not see."""
    row = visible(user_of(request)).filter(organisation__code=code.replace("\0", "")).first()
    if row is None:
        raise not_found()
    return row


def _kept(verb: Callable[[], T]) -> T:
    """What the verb gives. Raises what the API answers to its refusal; then nothing of it is stored."""
    try:
        with transaction.atomic():
            return verb()
    except Refused as refused:
        raise answer_to(refused) from refused


class Emitters(generics.GenericAPIView[Emitter]):
    """Covered emitters that the caller may see: all, a province's, or itself."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = shapes.EmitterSerializer
    filter_backends = ()
    queryset = Emitter.objects.none()
    ordering = "pk"

    @extend_schema(
        operation_id="emitters_list",
        responses=shapes.EmitterSerializer(many=True),
        parameters=[
            OpenApiParameter("province", str, enum=list(PROVINCES)),
            OpenApiParameter("sector", str, enum=list(Sector.values)),
            OpenApiParameter("year", int, description="covered in this year"),
            OpenApiParameter("q", str, description="part of a code or name"),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """In the order in which they came to the platform."""
        filters = selectors.Filters(
            province=chosen(request, "province", PROVINCES),
            sector=chosen(request, "sector", Sector.values),
            year=min(whole_of(request, "year") or 0, 9_999),
            text=request.query_params.get("q", "")[: selectors.LONGEST_TEXT].replace("\0", ""),
        )
        page = self.paginate_queryset(selectors.listed(user_of(request), filters)) or []
        return self.get_paginated_response([shapes.emitter_shown(row) for row in page])

    @extend_schema(
        operation_id="emitters_add",
        request=shapes.EmitterRequest,
        responses={201: shapes.OneEmitterSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new emitter: a regulator of its province, or the registry's issuer, who names the province."""
        form = shapes.EmitterRequest(data=request.data)
        form.is_valid(raise_exception=True)
        user, wanted = user_of(request), {"name_en": "", **form.validated_data}
        made = _kept(lambda: units.add_emitter(**wanted, by=user, at=clock.now()))
        return Response(shapes.one_emitter_shown(made), status=201)


class OneEmitter(APIView):
    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="emitters_read", responses=shapes.OneEmitterSerializer)
    def get(self, request: Request, code: str) -> Response:
        """With its units and years; 404 for one that the caller may not see."""
        return Response(shapes.one_emitter_shown(_seen(request, code)))

    @extend_schema(
        operation_id="emitters_rename", request=shapes.NamesRequest, responses=shapes.OneEmitterSerializer
    )
    def patch(self, request: Request, code: str) -> Response:
        """Its names; a name that is not given stays. Code, province and sector never change."""
        emitter = _seen(request, code)
        form = shapes.NamesRequest(data=request.data)
        form.is_valid(raise_exception=True)
        held = {"name_zh": emitter.organisation.name_zh, "name_en": emitter.organisation.name_en}
        wanted = held | form.validated_data
        _kept(lambda: units.rename_emitter(emitter, **wanted, by=user_of(request), at=clock.now()))
        return Response(shapes.one_emitter_shown(_seen(request, code)))


class Units(APIView):
    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="units_list", responses=shapes.UnitSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        """All units of one emitter."""
        return Response([shapes.unit_shown(unit) for unit in _seen(request, code).units.order_by("code")])

    @extend_schema(
        operation_id="units_add", request=shapes.NewUnitRequest, responses={201: shapes.UnitSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """A new unit. Class and cooling are of the power sector, which needs them."""
        emitter = _seen(request, code)
        form = shapes.NewUnitRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        record, reason = shapes.record_from(wanted, None), wanted["reason"]
        made = _kept(
            lambda: units.add_unit(emitter, record, by=user_of(request), reason=reason, at=clock.now())
        )
        return Response(shapes.unit_shown(made), status=201)


class OneUnit(APIView):
    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="units_change", request=shapes.UnitRequest, responses=shapes.UnitSerializer)
    def patch(self, request: Request, code: str, unit: str) -> Response:
        """What is given changes, the rest stays; a unit keeps its code."""
        emitter = _seen(request, code)
        held = Unit.objects.filter(emitter=emitter, code=unit.replace("\0", "")).first()
        if held is None:
            raise not_found()
        form = shapes.UnitRequest(data=request.data)
        form.is_valid(raise_exception=True)
        record, reason = shapes.record_from(form.validated_data, held), form.validated_data["reason"]
        made = _kept(
            lambda: units.change_unit(held, record, by=user_of(request), reason=reason, at=clock.now())
        )
        return Response(shapes.unit_shown(made))


class Years(APIView):
    permission_classes = (UsesRegistryScope,)

    @extend_schema(
        operation_id="emitters_cover",
        request=shapes.YearRequest,
        responses={201: shapes.OneEmitterSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """Lists it for a compliance year: a regulator of its province. Again is no change."""
        emitter = _seen(request, code)
        form = shapes.YearRequest(data=request.data)
        form.is_valid(raise_exception=True)
        year, reason = form.validated_data["year"], form.validated_data["reason"]
        _kept(lambda: units.cover([emitter], year, by=user_of(request), reason=reason, at=clock.now()))
        return Response(shapes.one_emitter_shown(_seen(request, code)), status=201)


class Changes(generics.GenericAPIView[RecordChange]):
    """What was changed of an emitter and its units: who, when, why, before and after."""

    permission_classes = (Reads,)
    serializer_class = shapes.RecordChangeSerializer
    filter_backends = ()
    queryset = RecordChange.objects.none()
    ordering = "-pk"

    @extend_schema(
        operation_id="emitters_changes", responses=shapes.RecordChangeSerializer(many=True), parameters=PAGING
    )
    def get(self, request: Request, code: str) -> Response:
        """The newest first."""
        found = _seen(request, code).changes.select_related("unit", "by__organisation")
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shapes.change_shown(row) for row in page])
