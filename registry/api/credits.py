"""Credit projects for everybody; issues of their credits by two people."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, permissions
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.permissions import Reads, UsesRegistryScope
from accounts.approvals.api import decide, own_documents, problem_of
from accounts.approvals.api_shapes import ReasonRequest
from accounts.models import User
from registry.api.credit_shapes import (
    IssueRequest,
    IssueSerializer,
    ProjectRequest,
    ProjectSerializer,
    issue_shown,
    project_shown,
)
from registry.api.files import FILES, Exported, or_file
from registry.credits import issuing, projects, selectors
from registry.models import CreditIssue, Project
from registry.public import columns


class PublicReads(permissions.BasePermission):
    """Everybody reads; writing takes a key's scope `registry`, or a session, and the role that the verb asks for."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return True
        return UsesRegistryScope().has_permission(request, view)


def user_of(request: Request) -> User:
    assert isinstance(request.user, User), "nobody else gets past the permissions"
    return request.user


def refusing(error: Exception) -> Exception:
    """What a verb's refusal is answered with; the error itself where it is a bug."""
    if isinstance(error, projects.WrongFields):
        return ValidationError({name: [str(words)] for name, words in error.errors.items()})
    return problem_of(error) or error


class Projects(Exported, generics.GenericAPIView[Any]):
    """Registered projects; written by the registry operator's issuer."""

    permission_classes = (PublicReads,)
    filter_backends = ()
    queryset = Project.objects.none()
    serializer_class = ProjectSerializer

    @extend_schema(
        operation_id="credit_projects_list",
        responses=or_file(ProjectSerializer(many=True)),
        parameters=[
            OpenApiParameter("scheme", str, enum=list(Project.Scheme.values)),
            OpenApiParameter("q", str, description="part of code, name, owner or methodology"),
            *FILES,
        ],
    )
    def get(self, request: Request) -> Any:
        """By id, newest first; `?as=csv` and `?as=xlsx` give all of them as a file."""
        scheme = request.query_params.get("scheme", "")
        if scheme and scheme not in Project.Scheme.values:
            raise ValidationError({"scheme": [_("One of: %s.") % ", ".join(Project.Scheme.values)]})
        rows = selectors.projects(
            scheme=scheme, text=request.query_params.get("q", "").replace("\0", "")[:100]
        )
        if self.form(request):
            return self.file(request, "projects", columns.PROJECTS, columns.project_rows(rows))
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([project_shown(row) for row in page])

    @extend_schema(
        operation_id="credit_projects_create", request=ProjectRequest, responses={201: ProjectSerializer}
    )
    def post(self, request: Request) -> Response:
        """Registers a project. It creates no units."""
        form = ProjectRequest(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            made = projects.register(**form.validated_data, by=user_of(request), at=clock.now())
        except Exception as error:
            raise refusing(error) from error
        return Response(project_shown(selectors.projects().get(pk=made.pk)), status=201)


class OneProject(APIView):
    """One project."""

    permission_classes = (PublicReads,)

    @extend_schema(operation_id="credit_projects_read", responses=ProjectSerializer)
    def get(self, request: Request, code: str) -> Response:
        """With the issues that the caller may see: issued ones for everybody."""
        found: Any = selectors.with_issues(request.user).filter(code=code).first()
        if found is None:
            raise Http404
        return Response(project_shown(found, found.seen_issues))


class Issues(generics.GenericAPIView[Any]):
    """Issues of credits."""

    permission_classes = (UsesRegistryScope,)
    filter_backends = ()
    queryset = CreditIssue.objects.none()
    serializer_class = IssueSerializer

    @extend_schema(
        operation_id="credit_issues_list",
        responses=IssueSerializer(many=True),
        parameters=[
            OpenApiParameter("project", str),
            OpenApiParameter("state", str, enum=list(CreditIssue.State.values)),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int, description="1 to 1 000"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Issued ones; besides, what the caller's organisation owns or decides."""
        rows: QuerySet[CreditIssue] = selectors.issues_seen_by(request.user)
        if (code := request.query_params.get("project")) is not None:
            rows = rows.filter(project__code=code.replace("\0", ""))
        state = request.query_params.get("state")
        if state is not None:
            if state not in CreditIssue.State.values:
                raise ValidationError({"state": [_("One of: %s.") % ", ".join(CreditIssue.State.values)]})
            rows = rows.filter(state=state)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([issue_shown(row) for row in page])

    @extend_schema(
        operation_id="credit_issues_create", request=IssueRequest, responses={201: IssueSerializer}
    )
    def post(self, request: Request) -> Response:
        """Asks for an issue; a checker of the registry operator decides."""
        form = IssueRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = dict(form.validated_data)
        project = Project.objects.filter(code=wanted.pop("project")).select_related("owner").first()
        if project is None:
            raise ValidationError({"project": [_("There is no project of this code.")]})
        papers = own_documents(user_of(request), wanted.pop("documents", []))
        try:
            made = issuing.submit(project, **wanted, by=user_of(request), at=clock.now(), documents=papers)
        except Exception as error:
            raise refusing(error) from error
        return Response(issue_shown(made), status=201)


class OneIssue(APIView):
    """One issue."""

    permission_classes = (Reads,)

    @extend_schema(operation_id="credit_issues_read", responses=IssueSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """404 for one that the caller may not see."""
        return Response(issue_shown(issue_of(request, pk)))


def issue_of(request: Request, pk: int) -> CreditIssue:
    found = selectors.issues_seen_by(request.user).filter(pk=pk).first()
    if found is None or found.request_id is None:
        raise Http404
    return found


class Decides(APIView):
    permission_classes = (UsesRegistryScope,)
    verdict = ""

    def decided(self, request: Request, pk: int) -> Response:
        found = issue_of(request, pk)
        assert found.request_id is not None
        decide(request, found.request_id, self.verdict)
        return Response(issue_shown(issue_of(request, pk)))


class Approve(Decides):
    """A checker's yes."""

    verdict = "approve"

    @extend_schema(operation_id="credit_issues_approve", request=ReasonRequest, responses=IssueSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Issues the units with their serials into the owner's registry holding."""
        return self.decided(request, pk)


class Refuse(Decides):
    """A checker's no."""

    verdict = "refuse"

    @extend_schema(operation_id="credit_issues_refuse", request=ReasonRequest, responses=IssueSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Refuses; the period is free again."""
        return self.decided(request, pk)
