"""What takes two people about people: roles that decide, representatives, and their going."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.errors import Refused
from accounts.approvals.kinds import Kind, Stage, own_organisation, register, registry_operator
from accounts.approvals.models import Decision, Request
from accounts.models import User
from accounts.people import changing, invitations, roles, standing
from accounts.people.models import Invitation

Role = User.Role
SECOND_ADMINISTRATOR = Stage(
    Role.ADMINISTRATOR, own_organisation, gettext_lazy("Second administrator of the organisation")
)
CHECKER = Stage(Role.CHECKER, registry_operator, gettext_lazy("Checker of the registry"))


class About(Kind):
    """A month to decide, and to be read on the page of one's own people or of the organisation."""

    lifetime = dt.timedelta(days=30)

    def link(self, request: Request) -> str:
        return reverse("people") if request.about is None else ""


class Inviting(About):
    name = invitations.INVITE
    title = gettext_lazy("Invitation")
    initiator_roles = frozenset({Role.ADMINISTRATOR.value})
    stages: tuple[Stage, ...] = (SECOND_ADMINISTRATOR,)

    def summary(self, request: Request) -> str:
        invitation = invitation_of(request)
        return _("Invite %(name)s (%(email)s) to %(organisation)s as %(roles)s") % {
            "name": invitation.name, "email": invitation.email, "organisation": invitation.organisation.name,
            "roles": roles.names_of(invitation.roles),
        }  # fmt: skip

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        invitation = invitation_of(request)
        document = f"{invitation.get_identity_kind_display()} {invitation.identity_shown}"
        return [
            (_("Roles"), "–", roles.names_of(invitation.roles)),
            (_("Identity document"), "–", document),
        ]

    def approved(self, request: Request, decision: Decision) -> None:
        invitation = invitation_of(request)
        house = standing.held(invitation.organisation)
        standing.refuse_closed(house)
        if not request.requested_by.is_active:
            raise Refused("ASKER_GONE", _("Who asked for it has left: refuse it, and let it be asked anew."))
        guest_id = invitation.person
        invitations.refuse_taken(house, invitation.email, guest_id)
        standing.refuse_double(house, guest_id)
        invitation.request = request
        invitations.send(invitation, by=request.requested_by, request=request, at=decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        Invitation.objects.filter(request=request).update(state=Invitation.State.REFUSED)


class InvitingByRegistry(Inviting):
    """Where the organisation has no second administrator who could decide."""

    name = invitations.INVITE_BY_REGISTRY
    stages = (CHECKER,)


class Appointing(Inviting):
    name = invitations.APPOINT
    title = gettext_lazy("Appointment of a representative")
    initiator_roles = frozenset({Role.ISSUER.value})
    stages = (CHECKER,)


class ChangingRoles(About):
    name = changing.CHANGE
    title = gettext_lazy("Change of roles")
    initiator_roles = frozenset({Role.ADMINISTRATOR.value})
    stages: tuple[Stage, ...] = (SECOND_ADMINISTRATOR,)

    def summary(self, request: Request) -> str:
        asked = request.payload
        return _("%(email)s of %(organisation)s: %(before)s becomes %(after)s") % {
            "email": asked["email"], "organisation": request.organisation.name,
            "before": roles.names_of(asked["before"]), "after": roles.names_of(asked["after"]),
        }  # fmt: skip

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        asked = request.payload
        return [(asked["email"], roles.names_of(asked["before"]), roles.names_of(asked["after"]))]

    def approved(self, request: Request, decision: Decision) -> None:
        house = standing.held(request.organisation)
        person = _as_asked(request)
        given: list[str] = request.payload["after"]
        changing.apply_roles(
            house,
            person,
            given,
            by=request.requested_by,
            reason=request.reason,
            at=decision.at,
            request=request,
        )


class ChangingRolesByRegistry(ChangingRoles):
    name = changing.CHANGE_BY_REGISTRY
    stages = (CHECKER,)


class Removing(About):
    name = changing.REMOVE
    title = gettext_lazy("Removal of a representative")
    initiator_roles = frozenset({Role.ISSUER.value})
    stages = (CHECKER,)
    #: Who goes must not be warned.
    about_may_see = False

    def summary(self, request: Request) -> str:
        assert request.about is not None, "a removal names the organisation"
        return _("Remove %(email)s from the people of %(organisation)s") % {
            "email": request.payload["email"], "organisation": request.about.name,
        }  # fmt: skip

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        return [(request.payload["email"], roles.names_of(request.payload["before"]), "–")]

    def approved(self, request: Request, decision: Decision) -> None:
        assert request.about is not None, "a removal names the organisation"
        house = standing.held(request.about)
        person = _as_asked(request)
        changing.take_out(
            house, person, by=request.requested_by, reason=request.reason, at=decision.at, request=request
        )


def invitation_of(request: Request) -> Invitation:
    return Invitation.objects.select_related("organisation").get(pk=request.payload["invitation"])


def _as_asked(request: Request) -> User:
    """The person, where they are still as the request says. Raises Refused `CHANGED_MEANWHILE`."""
    asked: dict[str, Any] = request.payload
    person = User.objects.select_related("organisation").get(pk=asked["person"])
    if not person.is_active or set(person.roles) != set(asked["before"]):
        raise Refused(
            "CHANGED_MEANWHILE", _("The person has left or has other roles by now: refuse it, and ask anew.")
        )
    return person


for kind in (
    Inviting(), InvitingByRegistry(), Appointing(), ChangingRoles(), ChangingRolesByRegistry(), Removing(),
):  # fmt: skip
    register(kind)
