"""What takes two people, as a resource of the API: list, ask, read, approve, refuse, withdraw.

    pledges = Resource(name="pledges", body=PledgeRequest, row=PledgeSerializer, visible=…, shown=…, ask=…)
    urlpatterns = [*pledges.urls()]

A row that the caller may not see is not found, whatever is done with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import UsesRegistryScope
from accounts.approvals.api import decide, problem_of
from accounts.approvals.api_shapes import ReasonRequest
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request as Asked
from accounts.models import Organisation, User

Shown = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """`ask` makes a row of a validated body; `request_of` gives the request that waits for a decision, if any."""

    name: str
    body: type[serializers.Serializer[Any]]
    row: type[serializers.Serializer[Any]]
    visible: Callable[[User], QuerySet[Any]]
    shown: Callable[[Any], Shown]
    ask: Callable[[User, dict[str, Any]], Any]
    states: tuple[str, ...]
    request_of: Callable[[Any], Asked | None] = lambda row: row.request

    def one(self, user: User, pk: int) -> Any:
        """Raises NotFound for a row that the caller may not see."""
        found = self.visible(user).filter(pk=pk).first()
        if found is None:
            raise NotFound(_("There is nothing under this address."))
        return found

    def urls(self) -> list[URLPattern]:
        verdicts = [
            path(
                f"{self.name}/<int:pk>/{verdict}/",
                self._deciding(verdict).as_view(),
                name=f"api-{self.name}-{verdict}",
            )
            for verdict in ("approve", "refuse", "withdraw")
        ]
        return [
            path(f"{self.name}/", self._listing().as_view(), name=f"api-{self.name}"),
            path(f"{self.name}/<int:pk>/", self._reading().as_view(), name=f"api-{self.name}-one"),
            *verdicts,
        ]

    def _listing(self) -> type[APIView]:
        parameters = [
            OpenApiParameter("state", str, enum=self.states),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ]
        described = extend_schema_view(
            get=extend_schema(
                operation_id=f"{self.name}_list", responses=self.row(many=True), parameters=parameters
            ),
            post=extend_schema(operation_id=f"{self.name}_ask", request=self.body, responses={201: self.row}),
        )
        made: type[APIView] = type(f"{self.name.title()}List", (Listing,), self._members())
        return described(made)

    def _reading(self) -> type[APIView]:
        described = extend_schema_view(
            get=extend_schema(operation_id=f"{self.name}_read", responses=self.row)
        )
        made: type[APIView] = type(f"{self.name.title()}One", (Reading,), self._members())
        return described(made)

    def _deciding(self, verdict: str) -> type[APIView]:
        described = extend_schema_view(
            post=extend_schema(
                operation_id=f"{self.name}_{verdict}", request=ReasonRequest, responses=self.row
            )
        )
        members = {**self._members(), "verdict": verdict}
        made: type[APIView] = type(f"{self.name.title()}{verdict.title()}", (Deciding,), members)
        return described(made)

    def _members(self) -> dict[str, Any]:
        return {"resource": self, "serializer_class": self.row, "__doc__": f"/{self.name}/"}


class Listing(generics.GenericAPIView[Any]):
    permission_classes = (UsesRegistryScope,)
    filter_backends = ()
    queryset = Asked.objects.none()
    resource: Resource

    def get(self, request: Request) -> Response:
        """What the caller may see, the newest first."""
        found = self.resource.visible(user_of(request))
        state = request.query_params.get("state")
        if state is not None:
            if state not in self.resource.states:
                raise ValidationError({"state": [_("One of the listed values is needed.")]})
            found = found.filter(state=state)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([self.resource.shown(row) for row in page])

    def post(self, request: Request) -> Response:
        """Asks for it; it waits for the people who decide."""
        form = self.resource.body(data=request.data)
        form.is_valid(raise_exception=True)
        user = user_of(request)
        made = tried(lambda: self.resource.ask(user, form.validated_data))
        return Response(self.resource.shown(self.resource.one(user, made.pk)), status=201)


class Reading(APIView):
    permission_classes = (UsesRegistryScope,)
    resource: Resource

    def get(self, request: Request, pk: int) -> Response:
        """404 for one that the caller has nothing to do with."""
        return Response(self.resource.shown(self.resource.one(user_of(request), pk)))


class Deciding(APIView):
    permission_classes = (UsesRegistryScope,)
    resource: Resource
    verdict = ""

    def post(self, request: Request, pk: int) -> Response:
        """The decision of the stage that waits, with a reason; answers the row afterwards."""
        user = user_of(request)
        asked = self.resource.request_of(self.resource.one(user, pk))
        if asked is None:
            raise _told(Refused("NOT_PENDING", _("Nobody's decision is waited for.")))
        decide(request, asked.pk, self.verdict)
        return Response(self.resource.shown(self.resource.one(user, pk)))


def user_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def tried(verb: Callable[[], Any]) -> Any:
    """What a verb gives, or its refusal as the API answers it."""
    try:
        return verb()
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error


def _told(refusal: Refused) -> Exception:
    problem = problem_of(refusal)
    assert problem is not None, "a refusal is always told"
    return problem


def organisation_called(code: str, field: str) -> Organisation:
    """Raises ValidationError where nobody has the code."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise ValidationError({field: [_("There is no organisation with this code.")]})
    return found
