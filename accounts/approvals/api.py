"""Requests in the API, and the decision of one for whatever resource it belongs to.

    def post(self, request, surrender_id):
        surrender = visible_surrender(request.user, surrender_id)
        decide(request, surrender.request_id, "approve")

`problem_of` answers for what a domain's own verbs refuse, such as a `submit`.
"""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import Reads, UsesRegistryScope
from accounts.api.problems import Problem
from accounts.approvals import documents, kinds, selectors, verbs
from accounts.approvals.api_shapes import (
    DocumentSerializer,
    ReasonRequest,
    RequestDetail,
    RequestSerializer,
    UploadRequest,
    document_shown,
    request_shown,
    sheet_shown,
)
from accounts.approvals.errors import WrongField
from accounts.approvals.models import Document, Request
from accounts.models import User
from accounts.sign_in import step_up

VERBS = {"approve": verbs.approve, "refuse": verbs.refuse, "withdraw": verbs.withdraw}
#: Refusals that are about the person, not about the state of things.
FORBIDDEN = frozenset({"SAME_PERSON", "ROLE_MISSING", "NOT_YOURS", "SUSPENDED"})
BOXES = ("waiting", "sent", "own", "all")


def decide(request: ApiRequest, request_id: int, verdict: str) -> Request:
    """`approve`, `refuse` or `withdraw` with the body `{"reason": "…"}`, as the caller.

    Raises NotFound for a request that the caller may not see; Problem 403 or 409 with the refusal's code, or
    403 STEP_UP_NEEDED to a session that has not shown its second factor again;
    ValidationError for the body.
    """
    user = _user(request)
    if not selectors.visible_to(user).filter(pk=request_id).exists():
        raise NotFound(_("There is nothing under this address."))
    if verdict != "withdraw":
        step_up.refuse_if_due(request)
    form = ReasonRequest(data=request.data)
    form.is_valid(raise_exception=True)
    try:
        return VERBS[verdict](request_id, by=user, reason=form.validated_data["reason"], at=clock.now())
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error


def problem_of(error: Exception) -> Exception | None:
    """What the API answers to a verb's refusal; None where the error is a bug, to be raised again."""
    refusal = kinds.refusal_of(error)
    if refusal is None:
        return None
    if isinstance(refusal, WrongField):
        return ValidationError({refusal.field: [refusal.detail]}, code=refusal.code)
    if refusal.code in {"REASON_MISSING", "REASON_TOO_LONG"}:
        return ValidationError({"reason": [refusal.detail]}, code=refusal.code)
    return Problem(403 if refusal.code in FORBIDDEN else 409, refusal.code, refusal.detail)


class Requests(generics.GenericAPIView[Request]):
    """What takes two people."""

    permission_classes = (Reads,)
    serializer_class = RequestSerializer
    filter_backends = ()
    queryset = Request.objects.none()

    @extend_schema(
        operation_id="requests_list",
        responses=RequestSerializer(many=True),
        parameters=[
            OpenApiParameter("box", str, enum=BOXES, description="all where it is not given"),
            OpenApiParameter("state", str, enum=list(Request.State.values)),
            OpenApiParameter("kind", str),
            OpenApiParameter("organisation", str, description="code of who asked"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: ApiRequest) -> Response:
        """`waiting`: for the caller's decision; `sent` by the caller; `own` organisation's; `all` to be seen."""
        user = _user(request)
        box = _choice(request, "box", BOXES) or "all"
        found = {
            "waiting": selectors.waiting_for,
            "sent": selectors.sent_by,
            "own": lambda reader: selectors.sent_by(reader.organisation),
            "all": selectors.visible_to,
        }[box](user).order_by("-pk")
        if state := _choice(request, "state", tuple(Request.State.values)):
            found = found.filter(state=state)
        if (kind := request.query_params.get("kind")) is not None:
            found = found.filter(kind=kind)
        if (code := request.query_params.get("organisation")) is not None:
            found = found.filter(organisation__code=code)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([request_shown(row) for row in page])


class OneRequest(APIView):
    """One of them, with its decisions and documents."""

    permission_classes = (Reads,)

    @extend_schema(operation_id="requests_read", responses=RequestDetail)
    def get(self, request: ApiRequest, request_id: int) -> Response:
        """404 for a request that the caller has nothing to do with."""
        user = _user(request)
        found = selectors.visible_to(user).filter(pk=request_id).first()
        if found is None:
            raise NotFound(_("There is nothing under this address."))
        return Response(sheet_shown(found, user))


class Decides(APIView):
    """A decision, by whom it waits for; with a key, the scope `registry`."""

    permission_classes = (UsesRegistryScope,)
    verdict = ""

    def decided(self, request: ApiRequest, request_id: int) -> Response:
        return Response(sheet_shown(decide(request, request_id, self.verdict), _user(request)))


class Approve(Decides):
    verdict = "approve"

    @extend_schema(operation_id="requests_approve", request=ReasonRequest, responses=RequestDetail)
    def post(self, request: ApiRequest, request_id: int) -> Response:
        """Approves the present stage; the last one brings the effect."""
        return self.decided(request, request_id)


class Refuse(Decides):
    verdict = "refuse"

    @extend_schema(operation_id="requests_refuse", request=ReasonRequest, responses=RequestDetail)
    def post(self, request: ApiRequest, request_id: int) -> Response:
        """Refuses it; what was pending goes back."""
        return self.decided(request, request_id)


class Withdraw(Decides):
    verdict = "withdraw"

    @extend_schema(operation_id="requests_withdraw", request=ReasonRequest, responses=RequestDetail)
    def post(self, request: ApiRequest, request_id: int) -> Response:
        """The requester takes it back; what was pending goes back."""
        return self.decided(request, request_id)


class Documents(APIView):
    """Files to come with a request."""

    permission_classes = (UsesRegistryScope,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="documents_upload",
        request={"multipart/form-data": UploadRequest},
        responses={201: DocumentSerializer},
    )
    def post(self, request: ApiRequest) -> Response:
        """PDF, PNG, JPG, CSV or XLSX, up to 10 MB, as the field `file`; its id is then named by a request."""
        # Said before the body is read: what is too large is never written anywhere.
        if int(request.META.get("CONTENT_LENGTH") or 0) > documents.LARGEST + documents.ENVELOPE:
            raise Problem(413, "FILE_TOO_LARGE", _("The file is larger than 10 MB: send a smaller one."))
        form = UploadRequest(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            stored = documents.store(form.validated_data["file"], by=_user(request), at=clock.now())
        except verbs.Refused as refused:
            raise ValidationError({"file": [refused.detail]}, code=refused.code) from refused
        return Response(document_shown(stored), status=201)


class OneDocument(APIView):
    """A file, to be saved."""

    permission_classes = (Reads,)

    @extend_schema(operation_id="documents_read", responses={(200, "application/octet-stream"): bytes})
    def get(self, request: ApiRequest, document_id: int) -> HttpResponseBase:
        """404 for a file of a request that the caller may not see."""
        found = documents.readable_by(_user(request)).filter(pk=document_id).first()
        answer = None if found is None else documents.download(found)
        if answer is None:
            raise NotFound(_("There is nothing under this address."))
        return answer


def own_documents(user: User, ids: list[int]) -> list[Document]:
    """The files that a body names. Raises ValidationError where one is not the caller's, or is taken."""
    found = list(Document.objects.filter(pk__in=ids, uploaded_by=user, request=None))
    if len(found) < len(set(ids)):
        words = _("A document is missing or belongs to another request: upload it again.")
        raise ValidationError({"documents": [words]})
    return found


def _user(request: ApiRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def _choice(request: ApiRequest, name: str, values: tuple[Any, ...]) -> str:
    """Raises ValidationError for another value."""
    value = request.query_params.get(name, "")
    if value and value not in values:
        raise ValidationError({name: [_("One of the listed values is needed.")]})
    return value
