"""Verified figures and objections in the API, with the rights of the pages; emitters themselves: `records.py`."""

from typing import Any

from django.db.models import Exists, OuterRef
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
from accounts.approvals.api import problem_of
from accounts.approvals.errors import Refused
from accounts.models import User
from registry.api import emitter_shapes as shapes
from registry.emitters import activity, objections, selectors
from registry.emitters.models import ActivityReport, Objection, Unit
from registry.emitters.rights import visible

PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 1 000")]
OF_EMITTER = [OpenApiParameter("emitter", str, description="code"), OpenApiParameter("year", int)]


def user_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def chosen(request: Request, name: str, values: Any) -> str:
    """Raises ValidationError for a value that is none of these."""
    value = request.query_params.get(name, "")
    if value and value not in values:
        raise ValidationError({name: [_("One of the listed values is needed.")]})
    return value


def not_found() -> NotFound:
    return NotFound(_("There is nothing under this address."))


def answer_to(refused: Refused) -> Exception:
    """What a verb's refusal is here."""
    return problem_of(refused) or refused


class Emissions(generics.GenericAPIView[ActivityReport]):
    """Verified figures by unit and year."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = shapes.EmissionSerializer
    filter_backends = ()
    queryset = ActivityReport.objects.none()
    ordering = "-pk"

    @extend_schema(
        operation_id="emissions_list",
        responses=shapes.EmissionSerializer(many=True),
        parameters=[
            *OF_EMITTER,
            OpenApiParameter("versions", str, enum=["latest", "all"], default="latest"),
            *PAGING,
        ],
    )
    def get(self, request: Request) -> Response:
        """The versions that hold, or with `versions=all` their history."""
        found = selectors.visible_reports(user_of(request))
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(year=min(year, 9_999))
        if (code := request.query_params.get("emitter")) is not None:
            found = found.filter(unit__emitter__organisation__code=code.replace("\0", ""))
        if chosen(request, "versions", ("latest", "all")) != "all":
            later = ActivityReport.objects.filter(
                unit=OuterRef("unit"), year=OuterRef("year"), version__gt=OuterRef("version")
            )
            found = found.filter(~Exists(later))
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shapes.emission_shown(row) for row in page])

    @extend_schema(
        operation_id="emissions_enter",
        request=shapes.EmissionRequest,
        responses={201: shapes.EmissionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Enters a unit's year, or corrects it with a reason: a regulator of its province, with scope `registry`."""
        form = shapes.EmissionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        user, wanted = user_of(request), form.validated_data
        unit = (
            Unit.objects.select_related("emitter__organisation")
            .filter(
                emitter__in=visible(user),
                emitter__organisation__code=wanted["emitter"].replace("\0", ""),
                code=wanted["unit"].replace("\0", ""),
            )
            .first()
        )
        if unit is None:
            raise not_found()
        figures = shapes.figures_from(wanted, unit.cooling)
        try:
            made = activity.enter(
                unit, wanted["year"], figures, by=user, reason=wanted.get("reason", ""), at=clock.now()
            )
        except Refused as refused:
            raise answer_to(refused) from refused
        return Response(shapes.emission_shown(made), status=201)


class Objections(generics.GenericAPIView[Objection]):
    """Objections to verified figures."""

    permission_classes = (UsesRegistryScope,)
    serializer_class = shapes.ObjectionSerializer
    filter_backends = ()
    queryset = Objection.objects.none()
    ordering = "-pk"

    @extend_schema(
        operation_id="objections_list",
        responses=shapes.ObjectionSerializer(many=True),
        parameters=[OpenApiParameter("state", str, enum=list(Objection.State.values)), *OF_EMITTER, *PAGING],
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        found = selectors.visible_objections(user_of(request))
        if state := chosen(request, "state", Objection.State.values):
            found = found.filter(state=state)
        if (year := whole_of(request, "year")) is not None:
            found = found.filter(report__year=min(year, 9_999))
        if (code := request.query_params.get("emitter")) is not None:
            found = found.filter(report__unit__emitter__organisation__code=code.replace("\0", ""))
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([shapes.objection_shown(row) for row in page])

    @extend_schema(
        operation_id="objections_raise",
        request=shapes.ObjectionRequest,
        responses={201: shapes.ObjectionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Within 7 working days of the figure, by a compliance initiator of the emitter."""
        form = shapes.ObjectionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        user, wanted = user_of(request), form.validated_data
        report = selectors.visible_reports(user).filter(pk=wanted["emission"]).first()
        if report is None:
            raise not_found()
        try:
            made = objections.raise_objection(
                report, words=wanted["words"], claimed_t=wanted.get("claimed_t"), by=user, at=clock.now()
            )
        except Refused as refused:
            raise answer_to(refused) from refused
        return Response(shapes.objection_shown(made), status=201)


class Answer(APIView):
    """The province's answer, within 10 working days; with a key, the scope `registry`."""

    permission_classes = (UsesRegistryScope,)

    @staticmethod
    def found(request: Request, pk: int) -> Objection:
        row = selectors.visible_objections(user_of(request)).filter(pk=pk).first()
        if row is None:
            raise not_found()
        return row


class Uphold(Answer):
    @extend_schema(
        operation_id="objections_uphold", request=shapes.UpholdRequest, responses=shapes.ObjectionSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Corrects the emissions in the same moment."""
        form = shapes.UpholdRequest(data=request.data)
        form.is_valid(raise_exception=True)
        row, wanted = self.found(request, pk), form.validated_data
        figures = objections.corrected(row, wanted["verified_t"])
        try:
            objections.uphold(row, figures, answer=wanted["answer"], by=user_of(request), at=clock.now())
        except Refused as refused:
            raise answer_to(refused) from refused
        return Response(shapes.objection_shown(row))


class Dismiss(Answer):
    @extend_schema(
        operation_id="objections_dismiss", request=shapes.DismissRequest, responses=shapes.ObjectionSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """The figure stays; the answer says why."""
        form = shapes.DismissRequest(data=request.data)
        form.is_valid(raise_exception=True)
        row = self.found(request, pk)
        try:
            objections.dismiss(row, answer=form.validated_data["answer"], by=user_of(request), at=clock.now())
        except Refused as refused:
            raise answer_to(refused) from refused
        return Response(shapes.objection_shown(row))
