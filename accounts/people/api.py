"""People in the API: read by everybody of the organisation, changed by its administrators in a session.

A key changes nobody: one that leaked could give somebody the role that it lacks itself.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import ChangesBySession, Reads
from accounts.approvals.api import problem_of
from accounts.models import User
from accounts.people import api_shapes as shapes
from accounts.people import changing, identity, invitations, selectors
from accounts.people.models import Change, Invitation
from accounts.sign_in.step_up import SteppedUp

T = TypeVar("T")
PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 1 000")]


def caller(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def done(verb: Callable[[], T]) -> T:
    """What the verb gives. Raises what the API answers to its refusal; then nothing of it is stored."""
    try:
        with transaction.atomic():
            return verb()
    except (User.DoesNotExist, Invitation.DoesNotExist):
        raise NotFound(_("There is nothing under this address.")) from None
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error


def guest_of(typed: dict[str, str]) -> invitations.Guest:
    """Raises WrongField."""
    document = identity.checked(typed["identity_kind"], typed["identity_number"])
    return invitations.guest(email=typed["email"], name=typed["name"], identity=document)


class Administers(BasePermission):
    """An administrator of the organisation."""

    message = gettext_lazy("Only an administrator of the organisation may do this.")
    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and request.user.has_role(User.Role.ADMINISTRATOR)


class People(generics.GenericAPIView[User]):
    """The own organisation's people."""

    permission_classes = (Reads,)
    serializer_class = shapes.PersonSerializer
    filter_backends = ()
    queryset = User.objects.none()

    @extend_schema(
        operation_id="people_list", responses=shapes.PersonSerializer(many=True), parameters=PAGING
    )
    def get(self, request: Request) -> Response:
        """The newest first; who has left too."""
        page = self.paginate_queryset(User.objects.filter(organisation=caller(request).organisation_id)) or []
        return self.get_paginated_response(_people_shown(page, caller(request)))


class OnePerson(APIView):
    permission_classes = (Reads,)

    @extend_schema(operation_id="people_read", responses=shapes.PersonSerializer)
    def get(self, request: Request, person_id: int) -> Response:
        """404 for another organisation's."""
        return Response(_people_shown([_own(request, person_id)], caller(request))[0])


class PersonRoles(APIView):
    permission_classes = (Reads, Administers, ChangesBySession, SteppedUp)

    @extend_schema(operation_id="people_roles", request=shapes.RolesRequest, responses=shapes.RolesAnswer)
    def post(self, request: Request, person_id: int) -> Response:
        """Other roles. Those that decide or act for an authority or operator wait for a second person."""
        form = shapes.RolesRequest(data=request.data)
        form.is_valid(raise_exception=True)
        typed, user = form.validated_data, caller(request)
        asked = done(
            lambda: changing.change_roles(
                person_id, wanted=typed["roles"], by=user, reason=typed["reason"], at=clock.now()
            )
        )
        shown = _people_shown([_own(request, person_id)], user)[0]
        return Response({**shown, "request": None if asked is None else asked.pk})


class PersonRemove(APIView):
    permission_classes = (Reads, Administers, ChangesBySession)

    @extend_schema(
        operation_id="people_remove", request=shapes.ReasonedRequest, responses=shapes.PersonSerializer
    )
    def post(self, request: Request, person_id: int) -> Response:
        """Out at once: sessions, keys and sockets end. The last administrator stays."""
        form = shapes.ReasonedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        reason, user = form.validated_data["reason"], caller(request)
        done(lambda: changing.remove(person_id, by=user, reason=reason, at=clock.now()))
        return Response(_people_shown([_own(request, person_id)], user)[0])


class Invitations(generics.GenericAPIView[Invitation]):
    """Who is invited to the own organisation."""

    permission_classes = (Reads, Administers, ChangesBySession, SteppedUp)
    serializer_class = shapes.InvitationSerializer
    filter_backends = ()
    queryset = Invitation.objects.none()

    @extend_schema(
        operation_id="invitations_list", responses=shapes.InvitationSerializer(many=True), parameters=PAGING
    )
    def get(self, request: Request) -> Response:
        """All of them, whatever became of them, the newest first."""
        found = Invitation.objects.filter(organisation=caller(request).organisation_id)
        page = self.paginate_queryset(found.select_related("invited_by")) or []
        return self.get_paginated_response([shapes.invitation_shown(row) for row in page])

    @extend_schema(
        operation_id="invitations_make",
        request=shapes.InviteRequest,
        responses={201: shapes.InvitationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Asks somebody in. The link goes out by mail: at once, or with a second person's approval."""
        form = shapes.InviteRequest(data=request.data)
        form.is_valid(raise_exception=True)
        typed, user = form.validated_data, caller(request)
        made = done(
            lambda: invitations.invite(
                guest_of(typed), wanted=typed["roles"], by=user, reason=typed["reason"], at=clock.now()
            )
        )
        return Response(shapes.invitation_shown(made), status=201)


class InvitationResend(APIView):
    permission_classes = (Reads, Administers, ChangesBySession)

    @extend_schema(operation_id="invitations_resend", request=None, responses=shapes.InvitationSerializer)
    def post(self, request: Request, invitation_id: int) -> Response:
        """Another link; the older one opens nothing from then on."""
        made = done(lambda: invitations.resend(invitation_id, by=caller(request), at=clock.now()))
        return Response(shapes.invitation_shown(made))


class InvitationWithdraw(APIView):
    permission_classes = (Reads, Administers, ChangesBySession)

    @extend_schema(
        operation_id="invitations_withdraw",
        request=shapes.ReasonedRequest,
        responses=shapes.InvitationSerializer,
    )
    def post(self, request: Request, invitation_id: int) -> Response:
        """Its link opens nothing any more."""
        form = shapes.ReasonedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        reason, user = form.validated_data["reason"], caller(request)
        done(lambda: invitations.withdraw(invitation_id, by=user, reason=reason, at=clock.now()))
        return Response(shapes.invitation_shown(Invitation.objects.get(pk=invitation_id)))


class Changes(generics.GenericAPIView[Change]):
    """What was changed of the own organisation and its people."""

    permission_classes = (Reads,)
    serializer_class = shapes.PersonChangeSerializer
    filter_backends = ()
    queryset = Change.objects.none()

    @extend_schema(
        operation_id="people_changes", responses=shapes.PersonChangeSerializer(many=True), parameters=PAGING
    )
    def get(self, request: Request) -> Response:
        """Who, when, why, before and after; the newest first."""
        page = self.paginate_queryset(selectors.changes_of(caller(request).organisation)) or []
        return self.get_paginated_response([shapes.change_shown(row) for row in page])


def _own(request: Request, person_id: int) -> User:
    """Raises NotFound for another organisation's."""
    found = User.objects.filter(pk=person_id, organisation=caller(request).organisation_id).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


def _people_shown(page: list[User], reader: User) -> list[dict[str, object]]:
    manages = reader.has_role(User.Role.ADMINISTRATOR)
    known = selectors.identities_of(reader.organisation) if manages else {}
    return [shapes.person_shown(row, known.get(row.pk, "") if manages else None) for row in page]
