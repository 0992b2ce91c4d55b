"""What everybody may read without signing in (registry-rules.md 8); never holdings, never trading partners."""

import datetime as dt
import hashlib
import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, permissions, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.queries import whole_of
from registry.api.files import FILES, Exported, or_file
from registry.compliance.selectors import day_of
from registry.models import Cancellation, ComplianceYear, Sector
from registry.oversight import columns as oversight_columns
from registry.oversight.vintages import last_seal, vintages
from registry.public import columns, selectors

#: Figures change with a decision, not with a second.
FRESH_S = 30


def today() -> dt.date:
    return day_of(clock.now())


class Open(Exported, generics.GenericAPIView[Any]):
    """Without any sign-in; an answer carries an ETag and may be kept for half a minute."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    filter_backends = ()

    @staticmethod
    def fresh(request: Request, response: Response) -> Response:
        """The answer under the ETag of its content, or 304 where the reader has it."""
        body = json.dumps(response.data, sort_keys=True, default=str, ensure_ascii=False)
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == etag:
            response = Response(status=304)
        response["ETag"] = etag
        response["Cache-Control"] = f"public, max-age={FRESH_S}"
        return response


class EmitterYear(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    synthetic = serializers.BooleanField(help_text="made up for the demo")
    province = serializers.CharField()
    sector = serializers.ChoiceField(Sector.values)
    year = serializers.IntegerField()
    verified_t = serializers.IntegerField(allow_null=True)
    allocated_t = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(
        [state.value for state in selectors.PUBLISHED], allow_null=True, help_text="null before the deadline"
    )


class Emitters(Open):
    """Covered emitters by year."""

    queryset = ComplianceYear.objects.none()
    serializer_class = EmitterYear

    @extend_schema(
        operation_id="public_emitters_list",
        auth=[],
        responses=or_file(EmitterYear(many=True)),
        parameters=[
            OpenApiParameter("year", int),
            OpenApiParameter("province", str, description="GB/T 2260, such as 310000"),
            OpenApiParameter("sector", str, enum=list(Sector.values)),
            OpenApiParameter("state", str, enum=[state.value for state in selectors.PUBLISHED]),
            OpenApiParameter("q", str, description="part of code or name"),
            *FILES,
        ],
    )
    def get(self, request: Request) -> Any:
        """Verified emissions, allocation and state as of the latest deadline; every year unless one is named."""
        whole_of(request, "year")
        wanted = selectors.read_wanted(request.query_params)
        if request.query_params.get("state") and not wanted.state:
            raise ValidationError({"state": [", ".join(state.value for state in selectors.PUBLISHED)]})
        rows = selectors.emitters(wanted, today())
        if self.form(request):
            found = columns.emitter_rows(rows.iterator(chunk_size=1000))
            return self.file(request, f"emitters-{wanted.year or 'all'}", columns.EMITTERS, found)
        page = self.paginate_queryset(rows) or []
        return self.fresh(request, self.get_paginated_response([_emitter(row) for row in page]))


def _emitter(row: Any) -> dict[str, Any]:
    house = row.emitter.organisation
    return {
        "code": house.code,
        "name_zh": house.name_zh,
        "name_en": house.name_en,
        "synthetic": row.emitter.synthetic,
        "province": house.province,
        "sector": row.emitter.sector,
        "year": row.year,
        "verified_t": row.verified_t,
        "allocated_t": row.allocated_t,
        "state": row.published or None,
    }


class YearShape(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    deadline = serializers.DateField(allow_null=True)
    emitters = serializers.IntegerField()
    verified_t = serializers.IntegerField()
    allocated_t = serializers.IntegerField()
    complete = serializers.IntegerField(allow_null=True, help_text="null before the deadline")
    overdue = serializers.IntegerField(allow_null=True)


class YearsAnswer(serializers.Serializer[Any]):
    results = YearShape(many=True)


class Years(Open):
    """Compliance by year."""

    queryset = ComplianceYear.objects.none()
    serializer_class = YearsAnswer

    @extend_schema(operation_id="public_years", auth=[], responses=or_file(YearsAnswer), parameters=FILES[:1])
    def get(self, request: Request) -> Any:
        """All years, the latest first."""
        years = selectors.years(today())
        if self.form(request):
            return self.file(request, "years", columns.YEARS, columns.year_rows(years))
        shown = [
            {
                "year": row.year,
                "deadline": row.deadline.isoformat() if row.deadline else None,
                "emitters": row.emitters,
                "verified_t": row.verified_t,
                "allocated_t": row.allocated_t,
                "complete": row.complete if row.due else None,
                "overdue": row.overdue if row.due else None,
            }
            for row in years
        ]
        return self.fresh(request, Response({"results": shown}))


class VintageShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    issued_t = serializers.IntegerField(help_text="less what was recalled")
    held_t = serializers.IntegerField()
    surrendered_t = serializers.IntegerField()
    cancelled_t = serializers.IntegerField()
    converted_t = serializers.IntegerField()
    difference_t = serializers.IntegerField(
        help_text="0 where issued = held + surrendered + cancelled + converted"
    )


class Seal(serializers.Serializer[Any]):
    day = serializers.DateField()
    head = serializers.CharField(help_text="SHA-256 of the day's transfers and the head before")
    transfers = serializers.IntegerField()


class VintagesAnswer(serializers.Serializer[Any]):
    results = VintageShape(many=True)
    last_seal = Seal(allow_null=True)


class Vintages(Open):
    """Totals of each vintage and credit, added up anew."""

    queryset = ComplianceYear.objects.none()
    serializer_class = VintagesAnswer

    @extend_schema(
        operation_id="public_vintages", auth=[], responses=or_file(VintagesAnswer), parameters=FILES[:1]
    )
    def get(self, request: Request) -> Any:
        """With the difference of the identity, and the head of the hash chain."""
        rows, seal = vintages(), last_seal()
        if self.form(request):
            found = oversight_columns.vintage_rows(rows)
            return self.file(request, "vintages", oversight_columns.VINTAGES, found)
        shown = [{name: getattr(row, name) for name in VintageShape().get_fields()} for row in rows]
        last = None
        if seal:
            last = {"day": seal.day.isoformat(), "head": seal.head, "transfers": seal.transfers}
        return self.fresh(request, Response({"results": shown, "last_seal": last}))


class CertificateShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    organisation_zh = serializers.CharField()
    organisation_en = serializers.CharField()
    asset = serializers.CharField()
    quantity_t = serializers.IntegerField()
    beneficiary = serializers.CharField()
    purpose = serializers.CharField()
    sha256 = serializers.CharField()


class Certificates(Open):
    """Certificates of voluntary cancellation."""

    queryset = Cancellation.objects.none()
    serializer_class = CertificateShape

    @extend_schema(
        operation_id="public_certificates_list",
        auth=[],
        responses=or_file(CertificateShape(many=True)),
        parameters=[OpenApiParameter("q", str, description="number, or part of names"), *FILES],
    )
    def get(self, request: Request) -> Any:
        """The latest first."""
        rows = selectors.cancellations(request.query_params.get("q", "").replace("\0", "")[:100])
        if self.form(request):
            found = columns.cancellation_rows(rows.iterator(chunk_size=1000))
            return self.file(request, "cancellations", columns.CANCELLATIONS, found)
        page = self.paginate_queryset(rows) or []
        return self.fresh(request, self.get_paginated_response([_certificate(row) for row in page]))


def _certificate(row: Cancellation) -> dict[str, Any]:
    assert row.certificate is not None, "the selector takes those with a certificate alone"
    return {
        "number": row.certificate.number,
        "issued_at": row.certificate.issued_at.isoformat(),
        "organisation_zh": row.organisation.name_zh,
        "organisation_en": row.organisation.name_en,
        "asset": row.asset_id,
        "quantity_t": row.quantity_t,
        "beneficiary": row.beneficiary,
        "purpose": row.purpose,
        "sha256": row.certificate.sha256,
    }
