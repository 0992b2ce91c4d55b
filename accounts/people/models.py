"""The tables of people.

    Invitation  somebody whom an organisation asks in: who, with which roles, by whom; accepted once
    Change      what was changed of an organisation or a person: who, when, why, before, after. Append-only
    Letter      a mail to somebody who has no account

An identity document's number stands in `identity_sealed` alone, sealed; pages show `identity_shown`.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guards import append_only, never_deleted
from accounts.people import guards


class IdentityKind(models.TextChoices):
    RESIDENT = "resident", _("Resident identity card")
    PASSPORT = "passport", _("Passport")


class Invitation(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        OPEN = "open", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REFUSED = "refused", _("Refused")

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=80)
    roles = ArrayField(models.CharField(max_length=16))
    identity_kind = models.CharField(max_length=16, choices=IdentityKind)
    identity_sealed = models.TextField()
    identity_shown = models.CharField(max_length=40)
    #: which natural person it is (User.person)
    person = models.CharField(max_length=64)
    invited_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="invitations_made")
    reason = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State)
    #: what the mailed link proves to know, see links.py; a new one makes older links useless
    nonce = models.CharField(max_length=64, unique=True)
    #: when it went out, and until when it opens; the world's time
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    request = models.OneToOneField(
        "accounts.Request", models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(state__in=["waiting", "open"]),
                name="one_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", user__isnull=False, accepted_at__isnull=False)
                | (~Q(state="accepted") & Q(user__isnull=True, accepted_at__isnull=True)),
                name="invitation_is_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "accepted"]) | Q(expires_at__isnull=False),
                name="sent_invitation_expires",
            ),
        ]
        triggers: ClassVar = [
            *never_deleted(),
            pgtrigger.ReadOnly(
                name="invitation_stays",
                fields=[
                    "organisation", "email", "name", "roles", "identity_kind", "identity_sealed", "identity_shown",
                    "person", "invited_by", "reason", "at",
                ],
            ),
            guards.ends_once(),
            guards.deciding_roles_take_a_second_person(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.pk}"


class Change(models.Model):
    """`by` is empty where an applicant without an account did it; `person` where it is of the organisation itself."""

    class What(models.TextChoices):
        OPENED = "opened", _("Account opened")
        SUSPENDED = "suspended", _("Suspended")
        REINSTATED = "reinstated", _("Reinstated")
        CLOSED = "closed", _("Account closed")
        INVITED = "invited", _("Invited")
        WITHDRAWN = "withdrawn", _("Invitation withdrawn")
        JOINED = "joined", _("Joined")
        ROLES = "roles", _("Roles changed")
        REMOVED = "removed", _("Removed")

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="changes")
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="changes_of"
    )
    what = models.CharField(max_length=16, choices=What)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="changes_made"
    )
    request = models.ForeignKey(
        "accounts.Request", models.PROTECT, null=True, blank=True, related_name="changes"
    )
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"], name="change_of_organisation")]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.what}"


class Letter(models.Model):
    """A mail; its words are made when it is sent (`letters.py`), and its link from the nonce."""

    kind = models.CharField(max_length=64)
    to = models.EmailField()
    params = models.JSONField(default=dict)
    nonce = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(mailed_at__isnull=True), name="letter_unmailed")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
