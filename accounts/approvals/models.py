"""The tables of two people.

    Request     what somebody asked for, and whose decision it waits for now
    Decision    who decided a stage of it, how and why; also how it ended without one. Append-only
    Document    a file that came with it
    Notice      what somebody is told about it

The database itself holds the rule (registry-rules.md 2): nobody decides what they, or an account of the same
natural person, asked for or decided before; a request is approved only with a decision for each stage; what
was asked for never changes, and neither does how it ended.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.approvals import guards
from accounts.guards import append_only, never_deleted


class Request(models.Model):
    """Something that takes two people. Its kind (`kinds.py`) knows what it means."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for a decision")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    kind = models.CharField(max_length=64)
    #: who asks
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="requests")
    #: whose holdings are concerned, where these are somebody else's
    about = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="requests_about"
    )
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="requests")
    requested_at = models.DateTimeField()
    reason = models.TextField()
    payload = models.JSONField(default=dict)
    #: how many stages it has, and at which it is, from 0
    stages = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField(default=0)
    #: whose people, in which role, decide the present stage
    decider = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="requests_to_decide")
    decider_role = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["decider", "decider_role"], condition=Q(state="pending"), name="request_waiting"
            ),
            models.Index(fields=["expires_at"], condition=Q(state="pending"), name="request_expiring"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "approved", "refused", "withdrawn", "expired"]),
                name="request_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="request_is_decided_once_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(stages__gt=0) & Q(stage__lt=models.F("stages")), name="request_stage_exists"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="request_has_a_reason"),
        ]
        triggers: ClassVar = [
            *never_deleted(),
            pgtrigger.ReadOnly(
                name="request_stays_as_asked",
                fields=[
                    "kind", "organisation", "about", "requested_by", "requested_at", "reason", "payload",
                    "stages", "expires_at",
                ],
            ),
            guards.begins_pending(),
            guards.ends_once(),
            guards.approved_with_every_decision(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Decision(models.Model):
    """The end of one stage. `by` is empty only where time ended it."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    request = models.ForeignKey(Request, models.PROTECT, related_name="decisions")
    stage = models.PositiveSmallIntegerField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="decisions")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, blank=True)
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "stage"], name="one_decision_a_stage"),
            models.CheckConstraint(
                condition=Q(verdict__in=["approved", "refused", "withdrawn", "expired"]),
                name="decision_verdict_is_known",
            ),
            models.CheckConstraint(
                condition=Q(verdict="expired", by__isnull=True, organisation__isnull=True)
                | (~Q(verdict="expired") & Q(by__isnull=False, organisation__isnull=False)),
                name="decision_is_somebodys",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(verdict="expired"), name="decision_has_a_reason"
            ),
        ]
        triggers: ClassVar = [*append_only(), guards.another_person()]

    def __str__(self) -> str:
        return f"{self.verdict} {self.request_id}.{self.stage}"


class Document(models.Model):
    """A file of a known type; its content lies under a name of our own outside the web root (`documents.py`)."""

    request = models.ForeignKey(Request, models.PROTECT, null=True, blank=True, related_name="documents")
    #: empty where it came with an application to open an account (accounts/opening)
    uploaded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="documents"
    )
    uploaded_at = models.DateTimeField()
    #: as its owner called it; for showing, never for a path
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    #: bytes
    size = models.PositiveIntegerField()
    #: in hex
    sha256 = models.CharField(max_length=64)
    #: which scanner looked for malware and found none; empty where nobody looked (`scanning.py`)
    scanned_by = models.CharField(max_length=100, blank=True, default="")
    #: below DATA_DIR/documents
    file = models.CharField(max_length=100, unique=True)

    class Meta:
        triggers: ClassVar = [
            *never_deleted(),
            pgtrigger.ReadOnly(
                name="document_stays",
                fields=[
                    "uploaded_by", "uploaded_at", "name", "content_type", "size", "sha256", "scanned_by", "file",
                ],
            ),
            guards.document_is_attached_once(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """One line for one person; its words are made when it is read, in the reader's language."""

    to = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    request = models.ForeignKey(Request, models.CASCADE, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    #: when it went out by e-mail, and how often that was tried
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["to"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["id"], condition=Q(mailed_at__isnull=True), name="notice_unmailed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.to_id}"
