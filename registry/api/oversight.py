"""The regulator's views in the API: the same rights, the same figures."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Reads
from accounts.api.queries import whole_of
from accounts.models import User
from registry.api.files import FILES, Exported, or_file
from registry.models import ComplianceYear, Sector
from registry.oversight import columns, emitters, filters, views, years
from registry.oversight.rights import oversees


class Overseers(Reads):
    """People of authorities and of the registry operator, in the roles that oversee."""

    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if not oversees(request.user):
            raise PermissionDenied(code="ROLE_MISSING")
        return True


class YearRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    synthetic = serializers.BooleanField()
    province = serializers.CharField()
    sector = serializers.ChoiceField(Sector.values)
    year = serializers.IntegerField()
    verified_t = serializers.IntegerField(allow_null=True)
    allocated_t = serializers.IntegerField(allow_null=True)
    obligation_t = serializers.IntegerField(allow_null=True)
    surrendered_t = serializers.IntegerField()
    credits_t = serializers.IntegerField()
    gap_t = serializers.IntegerField()
    state = serializers.ChoiceField(ComplianceYear.State.values)


class Emitters(Exported, generics.GenericAPIView[Any]):
    """All emitters of a year that the caller oversees."""

    permission_classes = (Overseers,)
    filter_backends = ()
    queryset = ComplianceYear.objects.none()
    serializer_class = YearRow

    @extend_schema(
        operation_id="oversight_emitters_list",
        responses=or_file(YearRow(many=True)),
        parameters=[
            OpenApiParameter("year", int, description="the one being worked on where it is left out"),
            OpenApiParameter("province", str),
            OpenApiParameter("sector", str, enum=list(Sector.values)),
            OpenApiParameter("state", str, enum=list(ComplianceYear.State.values)),
            OpenApiParameter("q", str, description="part of code or name"),
            *FILES,
        ],
    )
    def get(self, request: Request) -> Any:
        """A province authority gets its own emitters, the nation all."""
        assert isinstance(request.user, User), "nobody else gets past the permission"
        today = views.today()
        year = whole_of(request, "year") or years.default_year(years.years_of(request.user), today)
        wanted = filters.read(request.query_params)
        rows = emitters.table(request.user, min(year, 9999), today, wanted)
        if self.form(request):
            found = columns.table_rows(rows.iterator(chunk_size=1000))
            return self.file(request, f"emitters-{year}", columns.TABLE, found)
        page = self.paginate_queryset(rows.order_by("-pk")) or []
        return self.get_paginated_response([_row(row) for row in page])


def _row(row: Any) -> dict[str, Any]:
    house = row.emitter.organisation
    figures = (
        "year",
        "verified_t",
        "allocated_t",
        "obligation_t",
        "surrendered_t",
        "credits_t",
        "gap_t",
        "state",
    )
    return {
        "code": house.code,
        "name_zh": house.name_zh,
        "name_en": house.name_en,
        "synthetic": row.emitter.synthetic,
        "province": house.province,
        "sector": row.emitter.sector,
        **{name: getattr(row, name) for name in figures},
    }


class OverviewGroup(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="province or sector; empty for the whole")
    emitters = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField())
    verified_t = serializers.IntegerField()
    obligation_t = serializers.IntegerField()
    surrendered_t = serializers.IntegerField()
    gap_t = serializers.IntegerField()


class CurveDay(serializers.Serializer[Any]):
    day = serializers.DateField()
    surrendered_t = serializers.IntegerField()
    total_t = serializers.IntegerField()


class OverviewShape(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    deadline = serializers.DateField()
    whole = OverviewGroup()
    by_province = OverviewGroup(many=True)
    by_sector = OverviewGroup(many=True)
    curve = CurveDay(many=True)


class Overview(generics.GenericAPIView[Any]):
    """A year at a glance."""

    permission_classes = (Overseers,)
    filter_backends = ()
    queryset = ComplianceYear.objects.none()
    serializer_class = OverviewShape

    @extend_schema(
        operation_id="oversight_overview", responses=OverviewShape, parameters=[OpenApiParameter("year", int)]
    )
    def get(self, request: Request) -> Response:
        """The figures of the regulator's page."""
        assert isinstance(request.user, User), "nobody else gets past the permission"
        today = views.today()
        year = whole_of(request, "year") or years.default_year(years.years_of(request.user), today)
        year = min(max(year, 1990), 9998)
        found = years.overview(years.rows_of(request.user, year, today))
        return Response(
            {
                "year": year,
                "deadline": views.deadline(year).isoformat(),
                "whole": _group(found.whole),
                "by_province": [_group(group) for group in found.by_province],
                "by_sector": [_group(group) for group in found.by_sector],
                "curve": [
                    {
                        "day": point.day.isoformat(),
                        "surrendered_t": point.surrendered_t,
                        "total_t": point.total_t,
                    }
                    for point in years.curve(request.user, year)
                ],
            }
        )


def _group(group: years.Group) -> dict[str, Any]:
    return {name: getattr(group, name) for name in OverviewGroup().get_fields()}
