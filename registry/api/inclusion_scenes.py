"""Scenes of carbon inclusion: the operator's files, the registry's scenes and conversions."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import Reads, UsesRegistryScope
from accounts.api.problems import Problem
from accounts.approvals.api import own_documents
from accounts.approvals.api_shapes import ReasonRequest
from accounts.models import User
from registry.api import inclusion_shapes as shapes
from registry.api.credits import refusing, user_of
from registry.api.inclusion import PAGES
from registry.emitters import words
from registry.emitters.files.sheet import MAX_BYTES
from registry.inclusion import converting, importing, scenes, selectors
from registry.inclusion.models import ActivityImport, Conversion, Scene

ENVELOPE = 100_000


class Scenes(generics.GenericAPIView[Any]):
    """Scenes that one runs or reviews."""

    permission_classes = (UsesRegistryScope,)
    filter_backends = ()
    queryset = Scene.objects.none()
    serializer_class = shapes.SceneSerializer

    @extend_schema(
        operation_id="inclusion_scenes_list", responses=shapes.SceneSerializer(many=True), parameters=PAGES
    )
    def get(self, request: Request) -> Response:
        """An operator's own; all of them for the registry operator and the nation."""
        page = self.paginate_queryset(selectors.scenes_seen_by(user_of(request)).order_by("-pk")) or []
        return self.get_paginated_response([shapes.scene_shown(row) for row in page])

    @extend_schema(
        operation_id="inclusion_scenes_create",
        request=shapes.SceneRequest,
        responses={201: shapes.SceneSerializer},
    )
    def post(self, request: Request) -> Response:
        """Opens a scene and its credit project. It creates no units."""
        form = shapes.SceneRequest(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            made = scenes.register(**form.validated_data, by=user_of(request), at=clock.now())
        except Exception as error:
            raise refusing(error) from error
        return Response(shapes.scene_shown(made), status=201)


class Conversions(APIView):
    """Reductions of a scene into SHCER."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(
        operation_id="inclusion_conversions_create", request=shapes.ConversionRequest,
        responses={201: shapes.ConversionSerializer},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """Asks for the whole tonnes of the next period; a checker of the registry operator decides."""
        scene = selectors.scenes_seen_by(user_of(request)).filter(project__code=code).first()
        if scene is None:
            raise Http404
        form = shapes.ConversionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted, user = dict(form.validated_data), user_of(request)
        papers = own_documents(user, wanted.pop("documents", []))
        try:
            made = converting.submit(scene, **wanted, by=user, at=clock.now(), documents=papers)
        except Exception as error:
            raise refusing(error) from error
        return Response(conversion_shown(made), status=201)


def conversion_shown(row: Conversion) -> dict[str, Any]:
    return {
        "issue": row.issue_id, "request": row.issue.request_id, "period_from": row.issue.period_from.isoformat(),
        "period_to": row.issue.period_to.isoformat(), "records": row.records,
        "reductions_kg": shapes.kg(row.reductions_g), "carried_in_kg": shapes.kg(row.carried_in_g),
        "quantity_t": row.quantity_t, "carried_out_kg": shapes.kg(row.carried_out_g),
    }  # fmt: skip


class Reports(UsesRegistryScope):
    """Said before the body is read: files come from initiators alone."""

    message = gettext_lazy("Only an initiator of the scene's operator may do this.")
    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        return request.method in SAFE_METHODS or user_of(request).has_role(User.Role.INITIATOR)


class Imports(generics.GenericAPIView[Any]):
    """An operator's files of acts."""

    permission_classes = (Reports,)
    parser_classes = (MultiPartParser,)
    filter_backends = ()
    queryset = ActivityImport.objects.none()
    serializer_class = shapes.ImportSerializer

    @extend_schema(
        operation_id="inclusion_imports_list", responses=shapes.ImportSerializer(many=True), parameters=PAGES
    )
    def get(self, request: Request) -> Response:
        """One's own organisation's, the latest first."""
        page = self.paginate_queryset(selectors.imports_seen_by(user_of(request))) or []
        return self.get_paginated_response([import_shown(row) for row in page])

    @extend_schema(
        operation_id="inclusion_imports_upload",
        request={"multipart/form-data": shapes.ImportRequest},
        responses={201: shapes.ImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Reads and checks a file: every bad row, or what it would do. Nothing is recorded."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + ENVELOPE:
            raise Problem(413, "FILE_TOO_LARGE", _("The file is larger than 10 MB: send a smaller one."))
        form = shapes.ImportRequest(data=request.data)
        form.is_valid(raise_exception=True)
        user = user_of(request)
        scene = selectors.scenes_seen_by(user).filter(project__code=form.validated_data["scene"]).first()
        if scene is None:
            raise ValidationError({"scene": [_("There is no such scene of yours.")]})
        file = form.validated_data["file"]
        try:
            made = importing.upload(scene, file_name=file.name, content=file.read(), by=user, at=clock.now())
        except Exception as error:
            raise refusing(error) from error
        return Response(import_shown(made), status=201)


def import_of(request: Request, pk: int) -> ActivityImport:
    found = selectors.imports_seen_by(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def import_shown(row: ActivityImport) -> dict[str, Any]:
    problems = [
        {"line": one["line"], "column": one["column"], "reason": one["reason"], "detail": words.sentence(one)}
        for one in row.problems
    ]
    return {
        "id": row.pk, "scene": row.scene.project.code, "file_name": row.file_name, "sha256": row.sha256,
        "state": row.state, "rows": row.rows, "new": row.new, "same": row.same, "accounts": row.accounts,
        "reduction_kg": shapes.kg(row.reduction_g), "points": row.points, "problems": problems,
        "request": row.request_id, "uploaded_at": row.uploaded_at.isoformat(),
        "applied_at": row.applied_at.isoformat() if row.applied_at else None,
    }  # fmt: skip


class OneImport(APIView):
    """One file."""

    permission_classes = (Reads,)

    @extend_schema(operation_id="inclusion_imports_read", responses=shapes.ImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """404 for another organisation's."""
        return Response(import_shown(import_of(request, pk)))


class Send(APIView):
    """To the second person."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(
        operation_id="inclusion_imports_send", request=ReasonRequest, responses=shapes.ImportSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """The operator's second person decides at `/requests/ID/`; then all of it is recorded."""
        found = import_of(request, pk)
        form = ReasonRequest(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            sent = importing.send(found, by=user_of(request), at=clock.now(), **form.validated_data)
        except Exception as error:
            raise refusing(error) from error
        return Response(import_shown(sent))


class Drop(APIView):
    """Put aside."""

    permission_classes = (UsesRegistryScope,)

    @extend_schema(operation_id="inclusion_imports_drop", request=None, responses=shapes.ImportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Nothing of the file is kept."""
        found = import_of(request, pk)
        try:
            importing.drop(found, by=user_of(request))
        except Exception as error:
            raise refusing(error) from error
        return Response(import_shown(import_of(request, pk)))
