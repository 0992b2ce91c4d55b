"""The daily market reports, for everybody, and each organisation's own statements."""

import base64
import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
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
from accounts.api.queries import whole_of
from accounts.models import User
from market_data.models import Report
from market_data.reports import selectors
from market_data.reports.render import FORMATS, TABLES, forms_of, render


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


def file_parameters(kind: str) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("day", OpenApiTypes.DATE, OpenApiParameter.PATH, description="the trading day"),
        OpenApiParameter("as", str, enum=forms_of(kind), default="json", description="the file's format"),
        OpenApiParameter(
            "table", str, enum=TABLES[kind], description="the one table that CSV or Parquet shall hold"
        ),
        OpenApiParameter("version", int, description="one version; the latest if it is left out"),
    ]


def file_responses(kind: str) -> dict[Any, Any]:
    return {
        (200, FORMATS[name][0].partition(";")[0]): OpenApiTypes.OBJECT
        if name == "json"
        else OpenApiTypes.BINARY
        for name in forms_of(kind)
    } | {
        400: OpenApiResponse(description="not a date, not a format or not a table"),
        404: OpenApiResponse(description="no report of that day"),
    }


MARKET, MEMBER = Report.Kind.MARKET.value, Report.Kind.MEMBER.value


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

    @extend_schema(
        operation_id="daily_report",
        parameters=file_parameters(MARKET),
        responses=file_responses(MARKET),
        auth=[],
    )
    def get(self, request: Request, day: str) -> HttpResponse:
        """The report as a file. The JSON file's ETag and Repr-Digest are its published SHA-256."""
        form, only, date, version = wanted(request, day, MARKET)
        return download(selectors.market_report(date, version), form, only, cache="public, no-cache")


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

    @extend_schema(
        operation_id="statement", parameters=file_parameters(MEMBER), responses=file_responses(MEMBER)
    )
    def get(self, request: Request, day: str) -> HttpResponse:
        """The statement as a file, with every account from opening to closing."""
        assert isinstance(request.user, User), "nobody else gets past the permission"
        form, only, date, version = wanted(request, day, MEMBER)
        found = selectors.statement(request.user.organisation, date, version)
        return download(found, form, only, cache="private, no-store")


def wanted(request: Request, day: str, kind: str) -> tuple[str, str | None, dt.date, int | None]:
    """Format, table, day and version. Raises a 400 for what nobody knows."""
    form = request.query_params.get("as", "json")
    offered = forms_of(kind)
    if form not in offered:
        raise ValidationError({"as": [_("One of: %s.") % ", ".join(offered)]})
    only = request.query_params.get("table")
    if only is not None and (only not in TABLES[kind] or form not in {"csv", "parquet"}):
        detail = _("With CSV and Parquet, one of: %s.") % ", ".join(TABLES[kind])
        raise ValidationError({"table": [detail]})
    version = whole_of(request, "version")
    if version is not None and version > 1_000_000:
        raise NotFound(_("No such report has been published."))
    try:
        return form, only, dt.date.fromisoformat(day), version
    except ValueError as error:
        raise ValidationError({"day": [_("A date such as 2026-01-05.")]}) from error


def download(report: Report | None, form: str, only: str | None, *, cache: str) -> HttpResponse:
    if report is None:
        raise NotFound(_("No such report has been published."))
    file = render(report, form, only=only)
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = cache
    response["Content-Language"] = get_language() or "zh-hans"
    if form == "json":
        response["ETag"] = f'"{report.sha256}"'
        response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(report.sha256)).decode()}:"
    return response
