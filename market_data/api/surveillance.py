"""Alerts and thresholds in the API: the same rights, verbs and words as the pages."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import UsesRegistryScope
from accounts.api.problems import Problem
from accounts.models import User
from exchange import clock
from market_data.api.surveillance_shapes import (
    AlertShape,
    StepQuestion,
    ThresholdQuestion,
    ThresholdShape,
    alert_shown,
    threshold_shown,
)
from market_data.surveillance import columns, rights, selectors, setting, states
from market_data.surveillance.models import Alert, ThresholdRow
from market_data.surveillance.run import thresholds_on
from market_data.surveillance.thresholds import ALL
from registry.api.files import FILES, Exported, or_file
from registry.oversight.looks import record_look


class Watchers(UsesRegistryScope):
    """Regulators and operators of the exchange; a key that writes needs the scope `registry`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if not rights.watches(request.user):
            raise PermissionDenied(code="ROLE_MISSING")
        return True


def reader_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permission"
    return request.user


class Alerts(Exported, generics.GenericAPIView[Any]):
    """Alerts of surveillance."""

    permission_classes = (Watchers,)
    filter_backends = ()
    queryset = Alert.objects.none()
    serializer_class = AlertShape

    @extend_schema(
        operation_id="surveillance_alerts_list",
        responses=or_file(AlertShape(many=True)),
        parameters=[
            OpenApiParameter("kind", str, enum=list(Alert.Kind.values)),
            OpenApiParameter("state", str, enum=list(Alert.State.values)),
            OpenApiParameter("instrument", str),
            OpenApiParameter("from", OpenApiTypes.DATE),
            OpenApiParameter("to", OpenApiTypes.DATE),
            OpenApiParameter("q", str, description="part of a member's code or name"),
            *FILES,
        ],
    )
    def get(self, request: Request) -> Any:
        """All for the nation and the exchange, for a province those that concern its emitters; newest first."""
        wanted = selectors.read_filters(request.query_params)
        found = selectors.filtered(selectors.visible_to(reader_of(request)), wanted)
        if self.form(request):
            rows = columns.alert_rows(found.iterator(chunk_size=500))
            return self.file(request, "alerts", columns.ALERTS, rows)
        page = self.paginate_queryset(found.order_by("-pk")) or []
        return self.get_paginated_response([alert_shown(alert) for alert in page])


def alert_of(request: Request, pk: int) -> Alert:
    """Raises NotFound."""
    found = selectors.visible_to(reader_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


class OneAlert(generics.GenericAPIView[Any]):
    """One alert with its evidence and history."""

    permission_classes = (Watchers,)
    queryset = Alert.objects.none()
    serializer_class = AlertShape

    @extend_schema(operation_id="surveillance_alert", responses=AlertShape)
    def get(self, request: Request, pk: int) -> Response:
        """With figures, thresholds, where to look in the day, and every step with its reason."""
        found = alert_of(request, pk)
        for party in found.parties.all():
            record_look(reader_of(request), party.organisation, "alert")
        return Response(alert_shown(found))


class Steps(generics.GenericAPIView[Any]):
    """What became of an alert."""

    permission_classes = (Watchers,)
    queryset = Alert.objects.none()
    serializer_class = StepQuestion

    @extend_schema(
        operation_id="surveillance_alert_step",
        request=StepQuestion,
        responses={201: AlertShape, 409: OpenApiResponse(description="the state does not allow the step")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Explains, escalates, reopens or notes, for a reason. What was escalated the nation settles."""
        found = alert_of(request, pk)
        asked = StepQuestion(data=request.data)
        asked.is_valid(raise_exception=True)
        verb = states.STEPS[asked.validated_data["step"]]
        try:
            verb(found, by=reader_of(request), reason=asked.validated_data["reason"], at=clock.now())
        except states.StepRefused as refused:
            if refused.code.startswith("REASON"):
                raise ValidationError({"reason": [refused.detail]}, code=refused.code) from None
            raise Problem(409, refused.code, refused.detail) from None
        return Response(alert_shown(alert_of(request, pk)), status=201)


class Thresholds(generics.GenericAPIView[Any]):
    """What counts as conspicuous, dated."""

    permission_classes = (Watchers,)
    filter_backends = ()
    pagination_class = None
    queryset = ThresholdRow.objects.none()
    serializer_class = ThresholdShape

    @extend_schema(operation_id="surveillance_thresholds_list", responses=ThresholdShape(many=True))
    def get(self, request: Request) -> Response:
        """Every threshold with its value of today and those that are set for later."""
        today = clock.today()
        holding = thresholds_on(today)
        coming = ThresholdRow.objects.filter(valid_from__gt=today).order_by("valid_from")
        later: dict[str, list[ThresholdRow]] = {}
        for row in coming:
            later.setdefault(row.name, []).append(row)
        return Response([threshold_shown(ALL[name], holding[name], later.get(name, [])) for name in ALL])

    @extend_schema(
        operation_id="surveillance_threshold_set", request=ThresholdQuestion, responses={201: ThresholdShape}
    )
    def post(self, request: Request) -> Response:
        """Sets a threshold from a later day on; a regulator of the nation alone."""
        asked = ThresholdQuestion(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            row = setting.set_threshold(
                given["name"], given["value"], valid_from=given["valid_from"], by=reader_of(request),
                reason=given["reason"], at=clock.now(),
            )  # fmt: skip
        except setting.ThresholdRefused as refused:
            raise ValidationError({refused.field: [refused.detail]}, code=refused.code) from None
        holding = thresholds_on(clock.today())
        return Response(threshold_shown(ALL[row.name], holding[row.name], [row]), status=201)
