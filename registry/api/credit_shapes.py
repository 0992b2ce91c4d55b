"""What projects and their issues look like in the API."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Strict, Text, Whole
from accounts.approvals.api_shapes import DocumentedRequest
from registry.credits.classes import class_of
from registry.models import CreditIssue, Project


class IssueSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    project = serializers.CharField()
    period_from = serializers.DateField()
    period_to = serializers.DateField()
    verified_t = serializers.IntegerField()
    quantity_t = serializers.IntegerField()
    asset = serializers.CharField()
    serial_first = serializers.IntegerField(allow_null=True)
    serial_last = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(CreditIssue.State.values)
    issued_at = serializers.DateTimeField(allow_null=True)
    request = serializers.IntegerField(help_text="the request that is decided", allow_null=True)


class ProjectSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    scheme = serializers.ChoiceField(Project.Scheme.values)
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    owner = serializers.CharField(help_text="code of the owning organisation")
    methodology = serializers.CharField()
    sector = serializers.CharField()
    province = serializers.CharField()
    registered_on = serializers.DateField()
    in_covered_sector = serializers.BooleanField()
    asset = serializers.CharField(help_text="what its credits are issued as")
    issued_t = serializers.IntegerField()
    issues = IssueSerializer(many=True, required=False, help_text="with one project alone")


class Day(serializers.DateField):
    """An ISO date as a JSON string."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Flag(serializers.BooleanField):
    """true or false, nothing that reads like them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class ProjectRequest(Strict):
    code = Text(max_length=40)
    scheme = OneOf(list(Project.Scheme.values))
    name_zh = Text(max_length=200)
    name_en = Text(max_length=200)
    owner = Text(max_length=64, help_text="code of an organisation that may hold credits")
    methodology = Text(max_length=80)
    sector = Text(max_length=80)
    province = Text(max_length=6)
    registered_on = Day()
    in_covered_sector = Flag()


class IssueRequest(DocumentedRequest):
    project = Text(max_length=40)
    period_from = Day()
    period_to = Day()
    verified_t = Whole(low=1)
    quantity_t = Whole(low=1)


def project_shown(row: Any, issues: Sequence[CreditIssue] | None = None) -> dict[str, Any]:
    """`row` carries `issued_t`; `issues` where one project is asked for."""
    shown = {
        "code": row.code,
        "scheme": row.scheme,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "owner": row.owner.code,
        "methodology": row.methodology,
        "sector": row.sector,
        "province": row.province,
        "registered_on": row.registered_on.isoformat(),
        "in_covered_sector": row.in_covered_sector,
        "asset": class_of(row.scheme, row.registered_on, row.in_covered_sector).asset,
        "issued_t": row.issued_t,
    }
    return shown if issues is None else {**shown, "issues": [issue_shown(issue) for issue in issues]}


def issue_shown(row: CreditIssue) -> dict[str, Any]:
    return {
        "id": row.pk,
        "project": row.project.code,
        "period_from": row.period_from.isoformat(),
        "period_to": row.period_to.isoformat(),
        "verified_t": row.verified_t,
        "quantity_t": row.quantity_t,
        "asset": row.asset_id,
        "serial_first": row.serial_first,
        "serial_last": row.serial_last,
        "state": row.state,
        "issued_at": row.issued_at.isoformat() if row.issued_at else None,
        "request": row.request_id,
    }
