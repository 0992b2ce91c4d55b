"""What carbon inclusion looks like in JSON. Reductions are kilograms as decimal strings, points whole numbers."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import CLIENT_ID, OneOf, Pattern, Strict, Text
from accounts.approvals.api_shapes import DocumentedRequest
from registry.api.credit_shapes import Day
from registry.inclusion.methodologies import METHODOLOGIES
from registry.inclusion.models import ActivityImport, ActivityRecord, PointEntry, Reward, Scene
from registry.inclusion.selectors import SceneTotals
from registry.words import decimal_text

Row = dict[str, Any]


def kg(grams: int) -> str:
    """ "1.191" for 1191 g."""
    return f"{grams // 1000}.{grams % 1000:03d}"


class TotalsSerializer(serializers.Serializer[Any]):
    scene = serializers.CharField()
    methodology = serializers.ChoiceField(list(METHODOLOGIES))
    operator = serializers.CharField(help_text="code")
    accounts = serializers.IntegerField(allow_null=True, help_text="null where fewer than ten took part")
    records = serializers.IntegerField(allow_null=True)
    reduction_kg = serializers.CharField(allow_null=True)
    issued_t = serializers.IntegerField()


class MethodologySerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(list(METHODOLOGIES))
    unit = serializers.CharField()
    baseline_kg = serializers.CharField(help_text="kg CO2e a unit, as it holds today")
    scene_kg = serializers.CharField()
    reduction_kg = serializers.CharField()
    most_a_record = serializers.CharField()
    valid_from = serializers.DateField()
    document = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]
    not_with = serializers.ListField(child=serializers.CharField())


class AccountSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    opened_at = serializers.DateTimeField()
    reduction_kg = serializers.CharField()
    points = serializers.IntegerField()
    scenes = serializers.ListField(
        child=serializers.CharField(), help_text="codes of the scenes that it takes part in"
    )


class RecordSerializer(serializers.Serializer[Any]):
    """reduction = amount × (baseline − scene), rounded down to the gram; points rounded down."""

    scene = serializers.CharField()
    record = serializers.CharField()
    day = serializers.DateField()
    amount = serializers.CharField()
    unit = serializers.CharField()
    baseline_kg = serializers.CharField()
    scene_kg = serializers.CharField()
    reduction_kg = serializers.CharField()
    points_a_kg = serializers.CharField()
    points = serializers.IntegerField()


class PointSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(PointEntry.Kind.values)
    points = serializers.IntegerField(help_text="below zero where spent")
    balance = serializers.IntegerField()
    reward = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class SpendRequest(Strict):
    id = Pattern(CLIENT_ID, help_text="your own; sent again it spends nothing more")
    reward = Text(max_length=40)


class RewardSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    points = serializers.IntegerField()


class SceneSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    methodology = serializers.ChoiceField(list(METHODOLOGIES))
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    operator = serializers.CharField()
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)


class SceneRequest(Strict):
    code = Text(max_length=40)
    methodology = OneOf(list(METHODOLOGIES))
    name_zh = Text(max_length=200)
    name_en = Text(max_length=200)
    operator = Text(max_length=64, help_text="code of an organisation that may hold credits")
    opened_on = Day()


class ConversionRequest(DocumentedRequest):
    until = Day(help_text="a day that is over; it is included")


class ConversionSerializer(serializers.Serializer[Any]):
    issue = serializers.IntegerField(help_text="the issue of credits; decided as its request")
    request = serializers.IntegerField()
    period_from = serializers.DateField()
    period_to = serializers.DateField()
    records = serializers.IntegerField()
    reductions_kg = serializers.CharField()
    carried_in_kg = serializers.CharField()
    quantity_t = serializers.IntegerField()
    carried_out_kg = serializers.CharField()


class ImportRequest(serializers.Serializer[Any]):
    scene = serializers.CharField(max_length=40)
    file = serializers.FileField(help_text="CSV or XLSX: record, account, day, amount")


class ProblemSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    detail = serializers.CharField()


class ImportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    scene = serializers.CharField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(ActivityImport.State.values)
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    same = serializers.IntegerField()
    accounts = serializers.IntegerField()
    reduction_kg = serializers.CharField()
    points = serializers.IntegerField()
    problems = ProblemSerializer(many=True)
    request = serializers.IntegerField(allow_null=True)
    uploaded_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)


def totals_shown(row: SceneTotals) -> Row:
    return {
        "scene": row.scene.project.code, "methodology": row.scene.methodology,
        "operator": row.scene.project.owner.code, "accounts": row.accounts, "records": row.records,
        "reduction_kg": None if row.reduction_g is None else kg(row.reduction_g), "issued_t": row.issued_t,
    }  # fmt: skip


def record_shown(row: ActivityRecord) -> Row:
    return {
        "scene": row.scene.project.code, "record": row.record, "day": row.day.isoformat(),
        "amount": decimal_text(row.amount), "unit": METHODOLOGIES[row.scene.methodology].unit,
        "baseline_kg": decimal_text(row.baseline), "scene_kg": decimal_text(row.scene_factor),
        "reduction_kg": kg(row.reduction_g), "points_a_kg": decimal_text(row.points_a_kg), "points": row.points,
    }  # fmt: skip


def point_shown(row: PointEntry) -> Row:
    return {
        "number": row.number, "kind": row.kind, "points": row.points, "balance": row.balance,
        "reward": row.reward.code if row.reward else None, "at": row.at.isoformat(),
    }  # fmt: skip


def reward_shown(row: Reward) -> Row:
    return {"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en, "points": row.points}


def scene_shown(row: Scene) -> Row:
    return {
        "code": row.project.code, "methodology": row.methodology, "name_zh": row.project.name_zh,
        "name_en": row.project.name_en, "operator": row.project.owner.code, "opened_on": row.opened_on.isoformat(),
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }  # fmt: skip
