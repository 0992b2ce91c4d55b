"""The daily market reports, for everybody, and each organisation's own statements."""

import base64
import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, permissions, serializers, status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from market_data.models import Report
from market_data.reports import selectors
from market_data.reports.render import FORMATS, NOT_YET, render


class FormatNotOffered(APIException):
    """406: a format that is known, and not made yet."""

    status_code = status.HTTP_406_NOT_ACCEPTABLE
    default_code = "FORMAT_NOT_OFFERED"


class ByQuery(BaseContentNegotiation):
    """`?as=` chooses the format; an Accept header such as text/csv must not refuse what the query asks for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class PublishedSerializer(serializers.ModelSerializer[Report]):
    """A published report, without its content."""

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
    """The published market reports, newest day first; `sha256` is that of the JSON download."""

    permission_classes = [permissions.AllowAny]
    serializer_class = PublishedSerializer
    ordering = "-day"

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.filter(pk__in=selectors.market_reports().values("pk"))


class DailyReport(APIView):
    """One day's market report."""

    permission_classes = [permissions.AllowAny]
    content_negotiation_class = ByQuery

    @extend_schema(parameters=FILE_PARAMETERS, responses=FILE_RESPONSES)
    def get(self, request: Request, day: str) -> HttpResponse:
        form = wanted_form(request)
        return download(selectors.market_report(parsed_day(day), wanted_version(request)), form)


class Statements(generics.ListAPIView[Report]):
    """The own organisation's settlement statements, newest day first."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = PublishedSerializer
    ordering = "-day"

    def get_queryset(self) -> QuerySet[Report]:
        user = self.request.user
        if not isinstance(user, User):  # the schema is made without anybody signed in
            return Report.objects.none()
        return Report.objects.filter(pk__in=selectors.statements(user.organisation).values("pk"))


class Statement(APIView):
    """The own organisation's settlement statement of a day."""

    permission_classes = [permissions.IsAuthenticated]
    content_negotiation_class = ByQuery

    @extend_schema(parameters=FILE_PARAMETERS, responses=FILE_RESPONSES)
    def get(self, request: Request, day: str) -> HttpResponse:
        form = wanted_form(request)
        assert isinstance(request.user, User), "nobody else gets past the permission"
        organisation = request.user.organisation
        return download(selectors.statement(organisation, parsed_day(day), wanted_version(request)), form)


def wanted_form(request: Request) -> str:
    """The format of `?as=`. 406 for one that comes later, 400 for one that nobody knows."""
    form = request.query_params.get("as", "json")
    offered = ", ".join(FORMATS)
    if form in NOT_YET:
        raise FormatNotOffered(_("This report is not offered as %(form)s; offered are: %(offered)s.") % {
            "form": form, "offered": offered,
        })  # fmt: skip
    if form not in FORMATS:
        raise ValidationError({"as": [_("One of: %s.") % offered]})
    return form


def wanted_version(request: Request) -> int | None:
    version = request.query_params.get("version", "")
    if not version:
        return None
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        raise ValidationError({"version": [_("A whole number.")]})
    return int(version)


def parsed_day(day: str) -> dt.date:
    try:
        return dt.date.fromisoformat(day)
    except ValueError as error:
        raise ValidationError({"day": [_("No such date.")]}) from error


def download(report: Report | None, form: str) -> HttpResponse:
    """The report as a file. The JSON file's ETag and Repr-Digest are its published SHA-256."""
    if report is None:
        raise NotFound(_("No report of that day has been published."))
    file = render(report, form)
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    if form == "json":
        response["ETag"] = f'"{report.sha256}"'
        response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(report.sha256)).decode()}:"
    return response
