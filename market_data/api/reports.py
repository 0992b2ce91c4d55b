"""The daily market reports, for everybody, and each organisation's own statements."""

import base64
import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, permissions, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.pagination import Cursor
from accounts.api.permissions import Reads
from accounts.api.problems import Problem
from accounts.api.queries import whole_of
from accounts.models import User
from market_data.models import Report
from market_data.reports import selectors
from market_data.reports.render import FORMATS, NOT_YET, render


class ByQuery(BaseContentNegotiation):
    """`?as=` chooses the format; an Accept header such as text/csv must not refuse what the query asks for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class NewestDayFirst(Cursor):
    ordering = "-day"


class PublishedSerializer(serializers.ModelSerializer[Report]):
    """A published report, without its content."""

    sha256 = serializers.CharField(help_text="of the JSON download, byte for byte")

    class Meta:
        model = Report
        fields = ("day", "version", "reason", "sha256", "published_at")


FILE_PARAMETERS = [
    OpenApiParameter("day", OpenApiTypes.DATE, OpenApiParameter.PATH, description="the trading day"),
    OpenApiParameter("as", str, enum=list(FORMATS), default="json", description="the file's format"),
    OpenApiParameter("version", int, description="one version; the latest if it is left out"),
]
FILE_RESPONSES: dict[Any, Any] = {
    (200, content_type.partition(";")[0]): OpenApiTypes.OBJECT if name == "json" else OpenApiTypes.BINARY
    for name, (content_type, _write) in FORMATS.items()
} | {
    400: OpenApiResponse(description="not a date, or not a format"),
    404: OpenApiResponse(description="no report of that day"),
    406: OpenApiResponse(description="a format that is not offered yet"),
}


class DailyReports(generics.ListAPIView[Report]):
    """The published market reports, newest day first."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    filter_backends = ()
    pagination_class = NewestDayFirst
    serializer_class = PublishedSerializer

    @extend_schema(operation_id="daily_reports_list", auth=[])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Each day in its latest version."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.filter(pk__in=selectors.market_reports().values("pk"))


class DailyReport(APIView):
    """One day's market report."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    content_negotiation_class = ByQuery

    @extend_schema(operation_id="daily_report", parameters=FILE_PARAMETERS, responses=FILE_RESPONSES, auth=[])
    def get(self, request: Request, day: str) -> HttpResponse:
        """The report as a file. The JSON file's ETag and Repr-Digest are its published SHA-256."""
        form, date, version = wanted(request, day)
        return download(selectors.market_report(date, version), form, cache="public, no-cache")


class Statements(generics.ListAPIView[Report]):
    """The own organisation's settlement statements, newest day first."""

    permission_classes = (Reads,)
    filter_backends = ()
    pagination_class = NewestDayFirst
    serializer_class = PublishedSerializer

    @extend_schema(operation_id="statements_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Each day in its latest version."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Report]:
        user = self.request.user
        if not isinstance(user, User):  # the schema is made without anybody signed in
            return Report.objects.none()
        return Report.objects.filter(pk__in=selectors.statements(user.organisation).values("pk"))


class Statement(APIView):
    """The own organisation's settlement statement of a day."""

    permission_classes = (Reads,)
    content_negotiation_class = ByQuery

    @extend_schema(operation_id="statement", parameters=FILE_PARAMETERS, responses=FILE_RESPONSES)
    def get(self, request: Request, day: str) -> HttpResponse:
        """The statement as a file, with every account from opening to closing."""
        assert isinstance(request.user, User), "nobody else gets past the permission"
        form, date, version = wanted(request, day)
        found = selectors.statement(request.user.organisation, date, version)
        return download(found, form, cache="private, no-store")


def wanted(request: Request, day: str) -> tuple[str, dt.date, int | None]:
    """Format, day and version. Raises a 406 for a format that comes later, a 400 for what nobody knows."""
    form = request.query_params.get("as", "json")
    offered = ", ".join(FORMATS)
    if form in NOT_YET:
        detail = _("This report is not offered as %(form)s; offered are: %(offered)s.")
        raise Problem(406, "FORMAT_NOT_OFFERED", detail % {"form": form, "offered": offered})
    if form not in FORMATS:
        raise ValidationError({"as": [_("One of: %s.") % offered]})
    version = whole_of(request, "version")
    if version is not None and version > 1_000_000:
        raise NotFound(_("No such report has been published."))
    try:
        return form, dt.date.fromisoformat(day), version
    except ValueError as error:
        raise ValidationError({"day": [_("A date such as 2026-01-05.")]}) from error


def download(report: Report | None, form: str, *, cache: str) -> HttpResponse:
    if report is None:
        raise NotFound(_("No such report has been published."))
    file = render(report, form)
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = cache
    if form == "json":
        response["ETag"] = f'"{report.sha256}"'
        response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(report.sha256)).decode()}:"
    return response
