"""Factors for everybody; the next value by two people of the registry operator."""

import datetime as dt
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import clock
from accounts.api.fields import OneOf, Pattern, Text
from accounts.approvals.api import own_documents
from accounts.approvals.api_shapes import DocumentedRequest
from registry.api.credit_shapes import Day, Flag
from registry.api.credits import PublicReads, refusing, user_of
from registry.compliance.selectors import day_of
from registry.factors import entering, selectors
from registry.factors.shipped import ITEMS, Factor

VALUE = r"[0-9]{1,6}(\.[0-9]{1,6})?"


class FactorSerializer(serializers.Serializer[Any]):
    item = serializers.ChoiceField(list(ITEMS))
    group = serializers.ChoiceField(sorted({item.group for item in ITEMS.values()}))
    value = serializers.CharField(help_text="decimal")
    gives = serializers.CharField(help_text="kg CO2e or points")
    unit = serializers.CharField(help_text="unit of the amount that it multiplies")
    valid_from = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]
    verified = serializers.BooleanField(help_text="read at its source; otherwise a parameter")


class FactorRequest(DocumentedRequest):
    item = OneOf(list(ITEMS))
    value = Pattern(VALUE, help_text='decimal, such as "0.5366"')
    valid_from = Day(help_text="a later day than today")
    source = Text(max_length=300)  # type: ignore[assignment]
    verified = Flag()


class AskedSerializer(serializers.Serializer[Any]):
    request = serializers.IntegerField(help_text="the request that is decided")


def factor_shown(row: Factor) -> dict[str, Any]:
    item = ITEMS[row.item]
    return {
        "item": row.item, "group": item.group, "value": str(row.value), "gives": item.gives, "unit": item.unit,
        "valid_from": row.valid_from.isoformat(), "source": row.source, "verified": row.verified,
    }  # fmt: skip


class Factors(APIView):
    """What footprints and reductions are multiplied with."""

    permission_classes = (PublicReads,)

    @extend_schema(
        operation_id="factors_list",
        responses=FactorSerializer(many=True),
        parameters=[
            OpenApiParameter("day", dt.date, description="Beijing's day; today where it is left out")
        ],
    )
    def get(self, request: Request) -> Response:
        """The value of each item as it holds on a day, with its source."""
        text = request.query_params.get("day", "")
        try:
            day = dt.date.fromisoformat(text) if text else day_of(clock.now())
        except ValueError:
            raise ValidationError({"day": ["YYYY-MM-DD"]}) from None
        return Response([factor_shown(row) for row in selectors.in_force(day).values()])

    @extend_schema(operation_id="factors_propose", request=FactorRequest, responses={201: AskedSerializer})
    def post(self, request: Request) -> Response:
        """Asks for an item's next value; a checker of the registry operator decides."""
        form = FactorRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted, user = dict(form.validated_data), user_of(request)
        wanted["value"] = Decimal(wanted["value"])
        papers = own_documents(user, wanted.pop("documents", []))
        try:
            made = entering.propose(**wanted, by=user, at=clock.now(), documents=papers)
        except Exception as error:
            raise refusing(error) from error
        return Response({"request": made.pk}, status=201)
