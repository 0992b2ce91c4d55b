"""What people, invitations and changes look like in JSON. Documents are masked, and for administrators alone."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Strict, Text
from accounts.approvals.api_shapes import moment
from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import User
from accounts.people.models import Change, IdentityKind, Invitation

ROLES = list(User.Role.values)


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.ChoiceField(ROLES))
    active = serializers.BooleanField(help_text="false: has left, and opens nothing")
    identity = serializers.CharField(
        allow_null=True,
        help_text="the document with the last four characters of its number; for administrators",
    )


class InvitationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(ROLES))
    identity = serializers.CharField()
    state = serializers.ChoiceField(Invitation.State.choices)
    invited_by = serializers.EmailField()
    at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    request = serializers.IntegerField(allow_null=True, help_text="the request that a second person decides")


class PersonChangeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    what = serializers.ChoiceField(Change.What.choices)
    person = serializers.EmailField(allow_null=True, help_text="null where it is of the organisation itself")
    before = serializers.DictField()
    after = serializers.DictField()
    reason = serializers.CharField(allow_blank=True)
    by = serializers.EmailField(allow_null=True)
    request = serializers.IntegerField(allow_null=True)


class ReasonedRequest(Strict):
    reason = Text(max_length=LONGEST_REASON, help_text="kept with the change")


class GuestRequest(ReasonedRequest):
    name = Text(max_length=80, help_text="as in the identity document")
    email = Text(max_length=254)
    identity_kind = OneOf(IdentityKind.choices)
    identity_number = Text(max_length=40, write_only=True, help_text="kept sealed, never answered")


class InviteRequest(GuestRequest):
    roles = serializers.ListField(child=OneOf(User.Role.choices), min_length=1, max_length=len(ROLES))


class RolesRequest(ReasonedRequest):
    roles = serializers.ListField(child=OneOf(User.Role.choices), min_length=1, max_length=len(ROLES))


class RolesAnswer(PersonSerializer):
    request = serializers.IntegerField(
        allow_null=True,
        help_text="the request that waits for a second person; null where the roles hold already",
    )


def person_shown(person: User, identity: str | None) -> dict[str, Any]:
    return {
        "id": person.pk, "email": person.email, "name": person.first_name, "roles": person.roles,
        "active": person.is_active, "identity": identity,
    }  # fmt: skip


def invitation_shown(row: Invitation) -> dict[str, Any]:
    return {
        "id": row.pk, "email": row.email, "name": row.name, "roles": row.roles,
        "identity": f"{row.get_identity_kind_display()} {row.identity_shown}", "state": row.state,
        "invited_by": row.invited_by.email, "at": moment(row.at), "expires_at": moment(row.expires_at),
        "request": row.request_id,
    }  # fmt: skip


def change_shown(row: Change) -> dict[str, Any]:
    return {
        "id": row.pk, "at": moment(row.at), "what": row.what,
        "person": None if row.person is None else row.person.email, "before": row.before, "after": row.after,
        "reason": row.reason, "by": None if row.by is None else row.by.email, "request": row.request_id,
    }  # fmt: skip
