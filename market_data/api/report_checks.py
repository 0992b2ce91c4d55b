"""Whether a hash is that of a published report, for everybody."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from market_data.models import Report
from market_data.reports import check


class CheckSerializer(serializers.Serializer[object]):
    """Which report a hash belongs to. Whose statement it is, only the file itself says."""

    kind = serializers.ChoiceField(choices=Report.Kind.choices)
    day = serializers.DateField()
    version = serializers.IntegerField()
    reason = serializers.CharField(help_text="why there is this version; empty in the first")
    sha256 = serializers.CharField()
    published_at = serializers.DateTimeField()
    latest = serializers.BooleanField(help_text="whether no correction followed")
    intact = serializers.BooleanField(help_text="whether what the exchange keeps still gives this hash")


class ReportCheck(APIView):
    """A published report by its SHA-256."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)

    @extend_schema(
        operation_id="report_check",
        auth=[],
        responses={
            200: CheckSerializer,
            404: OpenApiResponse(description="no published report has this hash"),
        },
    )
    def get(self, request: Request, sha256: str) -> Response:
        """Which published report has this hash, and whether it is its latest version."""
        found = check.of_hash(sha256)
        if found is None:
            raise NotFound(_("No published report has this hash."))
        report = found.report
        return Response(
            {
                "kind": report.kind,
                "day": report.day,
                "version": report.version,
                "reason": report.reason if report.kind == Report.Kind.MARKET else "",
                "sha256": report.sha256,
                "published_at": report.published_at,
                "latest": found.latest,
                "intact": found.intact,
            }
        )
