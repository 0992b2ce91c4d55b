"""Carbon inclusion: what everybody may read, a person's own account, records and points."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, permissions
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import UsesRegistryScope
from accounts.models import Organisation, User
from registry.api import inclusion_shapes as shapes
from registry.api.credits import refusing, user_of
from registry.compliance.selectors import day_of
from registry.factors.selectors import in_force
from registry.inclusion import personal, points, selectors
from registry.inclusion.models import ActivityRecord, PersonalAccount, PointEntry, Scene
from registry.inclusion.wording import methodology_rows
from registry.words import decimal_text

PAGES = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 1 000")]


class Open(APIView):
    """Without any sign-in."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)


class Totals(Open):
    """Each scene's sums."""

    @extend_schema(operation_id="inclusion_totals", responses=shapes.TotalsSerializer(many=True))
    def get(self, request: Request) -> Response:
        """None of fewer than ten persons."""
        return Response([shapes.totals_shown(row) for row in selectors.totals()])


class Methodologies(Open):
    """What is counted how."""

    @extend_schema(operation_id="inclusion_methodologies", responses=shapes.MethodologySerializer(many=True))
    def get(self, request: Request) -> Response:
        """With the factors that hold today."""
        rows = methodology_rows(in_force(day_of(clock.now())))
        return Response(
            [
                {
                    "code": row["methodology"].code, "unit": row["methodology"].unit,
                    "baseline_kg": decimal_text(row["baseline"].value), "scene_kg": decimal_text(row["scene_factor"]),
                    "reduction_kg": row["reduction"], "most_a_record": row["most"],
                    "valid_from": row["methodology"].valid_from.isoformat(),
                    "document": row["methodology"].document, "source": row["baseline"].source,
                    "not_with": sorted(row["methodology"].not_with),
                }
                for row in rows
            ]
        )  # fmt: skip


class Rewards(Open):
    """What points are spent on."""

    @extend_schema(operation_id="inclusion_rewards", responses=shapes.RewardSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What is to be had today."""
        return Response([shapes.reward_shown(row) for row in selectors.rewards(day_of(clock.now()))])


class IsIndividual(permissions.BasePermission):
    """People of individuals; nobody else has an account."""

    code = "NOT_A_PERSON"

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return isinstance(user, User) and user.organisation.kind == Organisation.Kind.INDIVIDUAL


OWN = (UsesRegistryScope, IsIndividual)


def own_account(request: Request) -> PersonalAccount:
    """Raises Http404 before it is opened."""
    found = personal.account_of(user_of(request))
    if found is None:
        raise Http404
    return found


def account_shown(account: PersonalAccount) -> dict[str, Any]:
    joined = account.joinings.filter(left_on__isnull=True).order_by("scene__project__code")
    return {
        "number": account.number, "opened_at": account.opened_at.isoformat(),
        "reduction_kg": shapes.kg(selectors.reduced_g(account)), "points": points.balance_of(account),
        "scenes": list(joined.values_list("scene__project__code", flat=True)),
    }  # fmt: skip


class Account(APIView):
    """One's own carbon account."""

    permission_classes = OWN

    @extend_schema(operation_id="inclusion_account_read", responses=shapes.AccountSerializer)
    def get(self, request: Request) -> Response:
        """404 before it is opened."""
        return Response(account_shown(own_account(request)))

    @extend_schema(
        operation_id="inclusion_account_open", request=None, responses={201: shapes.AccountSerializer}
    )
    def post(self, request: Request) -> Response:
        """Opens it; asked again it is the same."""
        try:
            made = personal.open_account(by=user_of(request), at=clock.now())
        except Exception as error:
            raise refusing(error) from error
        return Response(account_shown(made), status=201)


class Joins(APIView):
    """Whether a scene's operator may report about one's own account."""

    permission_classes = OWN
    verb = "join"

    def done(self, request: Request, code: str) -> Response:
        scene = Scene.objects.select_related("project").filter(project__code=code).first()
        if scene is None:
            raise Http404
        try:
            getattr(personal, self.verb)(scene, by=user_of(request), at=clock.now())
        except Exception as error:
            raise refusing(error) from error
        return Response(account_shown(own_account(request)))


class Join(Joins):
    @extend_schema(operation_id="inclusion_join", request=None, responses=shapes.AccountSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Acts of today and later count."""
        return self.done(request, code)


class Leave(Joins):
    verb = "leave"

    @extend_schema(operation_id="inclusion_leave", request=None, responses=shapes.AccountSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Nothing of later days is recorded."""
        return self.done(request, code)


class Records(generics.GenericAPIView[Any]):
    """One's own records."""

    permission_classes = OWN
    filter_backends = ()
    queryset = ActivityRecord.objects.none()
    serializer_class = shapes.RecordSerializer

    @extend_schema(
        operation_id="inclusion_records_list", responses=shapes.RecordSerializer(many=True), parameters=PAGES
    )
    def get(self, request: Request) -> Response:
        """Each with the numbers of its working; by id, the latest first."""
        rows = selectors.records_of(own_account(request)).order_by("-pk")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([shapes.record_shown(row) for row in page])


class Points(generics.GenericAPIView[Any]):
    """One's own points."""

    permission_classes = OWN
    filter_backends = ()
    queryset = PointEntry.objects.none()
    serializer_class = shapes.PointSerializer

    @extend_schema(
        operation_id="inclusion_points_list", responses=shapes.PointSerializer(many=True), parameters=PAGES
    )
    def get(self, request: Request) -> Response:
        """Earned and spent, with the balance after each; the latest first."""
        page = self.paginate_queryset(selectors.points_of(own_account(request)).order_by("-pk")) or []
        return self.get_paginated_response([shapes.point_shown(row) for row in page])

    @extend_schema(
        operation_id="inclusion_points_spend",
        request=shapes.SpendRequest,
        responses={201: shapes.PointSerializer},
    )
    def post(self, request: Request) -> Response:
        """Spends points on a reward, once an `id`."""
        form = shapes.SpendRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        reward = selectors.rewards(day_of(clock.now())).filter(code=wanted["reward"]).first()
        if reward is None:
            raise ValidationError({"reward": [_("This reward is no longer to be had.")]})
        try:
            made = points.spend(reward, client_id=wanted["id"], by=user_of(request), at=clock.now())
        except Exception as error:
            raise refusing(error) from error
        return Response(shapes.point_shown(made), status=201)
