"""What a request, its decisions and its documents look like in JSON."""

import datetime as dt
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.api.fields import Strict, Text, Whole
from accounts.approvals.models import Document, Request
from accounts.approvals.shown import line_of, sheet_of
from accounts.approvals.uploads import MOST_FILES
from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import User


class ReasonRequest(Strict):
    reason = Text(max_length=LONGEST_REASON, help_text="kept with the decision")


class DocumentedRequest(ReasonRequest):
    documents = serializers.ListField(
        child=Whole(low=1),
        required=False,
        max_length=MOST_FILES,
        help_text="ids of files of POST /documents/",
    )


class UploadRequest(serializers.Serializer[Any]):
    file = serializers.FileField()


class RequestSerializer(serializers.Serializer[Any]):
    """`waits_for` names whose decision it waits for: empty once it has ended."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(help_text="what it does, in one sentence of the caller's language")
    state = serializers.ChoiceField(Request.State.choices)
    stage = serializers.IntegerField(help_text="from 0")
    stages = serializers.IntegerField()
    organisation = serializers.CharField(help_text="code of who asks")
    about = serializers.CharField(allow_null=True, help_text="code of whose holdings are concerned")
    requested_by = serializers.EmailField()
    requested_at = serializers.DateTimeField()
    reason = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    waits_for = serializers.CharField(allow_blank=True)
    decider = serializers.CharField(help_text="code of the organisation whose people decide this stage")
    decider_role = serializers.CharField()


class ChangeSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class EventSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    verdict = serializers.ChoiceField(["asked", "approved", "refused", "withdrawn", "expired"])
    by = serializers.EmailField(allow_null=True)
    organisation = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    stage = serializers.CharField(allow_blank=True)


class DocumentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    scanned_by = serializers.CharField(
        allow_blank=True, help_text="the scanner that found no malware; empty where nothing scanned it"
    )
    uploaded_at = serializers.DateTimeField()


class RequestDetail(RequestSerializer):
    changes = ChangeSerializer(many=True)
    link = serializers.CharField(allow_blank=True)
    history = EventSerializer(many=True)
    documents = DocumentSerializer(many=True)
    may_decide = serializers.BooleanField()
    may_withdraw = serializers.BooleanField()


def moment(at: dt.datetime | None) -> str | None:
    """ISO 8601 in Beijing time."""
    return None if at is None else timezone.localtime(at).isoformat()


def request_shown(request: Request) -> dict[str, Any]:
    line = line_of(request)
    return {
        "id": request.pk,
        "kind": request.kind,
        "title": line.title,
        "summary": line.summary,
        "state": request.state,
        "stage": request.stage,
        "stages": request.stages,
        "organisation": request.organisation.code,
        "about": None if request.about is None else request.about.code,
        "requested_by": request.requested_by.email,
        "requested_at": moment(request.requested_at),
        "reason": request.reason,
        "expires_at": moment(request.expires_at),
        "decided_at": moment(request.decided_at),
        "waits_for": line.waits_for,
        "decider": request.decider.code,
        "decider_role": request.decider_role,
    }


def sheet_shown(request: Request, reader: User) -> dict[str, Any]:
    sheet = sheet_of(request, reader)
    return {
        **request_shown(request),
        "changes": [dict(zip(("what", "before", "after"), row, strict=True)) for row in sheet.changes],
        "link": sheet.link,
        "history": [
            {
                "at": moment(event.at),
                "verdict": event.verdict,
                "by": None if event.by is None else event.by.email,
                "organisation": None if event.organisation is None else event.organisation.code,
                "reason": event.reason,
                "stage": event.stage,
            }
            for event in sheet.events
        ],
        "documents": [document_shown(row) for row in sheet.documents],
        "may_decide": sheet.may_decide,
        "may_withdraw": sheet.may_withdraw,
    }


def document_shown(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "name": document.name,
        "content_type": document.content_type,
        "size": document.size,
        "sha256": document.sha256,
        "scanned_by": document.scanned_by,
        "uploaded_at": moment(document.uploaded_at),
    }
