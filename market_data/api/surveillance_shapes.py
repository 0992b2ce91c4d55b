"""What alerts and thresholds look like in the API."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Strict, Text, Whole
from market_data.surveillance import setting, states
from market_data.surveillance.models import Alert, ThresholdRow
from market_data.surveillance.thresholds import ALL, Threshold
from market_data.surveillance.words import sentence
from registry.api.credit_shapes import Day

NUMBERS = serializers.DictField(
    child=serializers.IntegerField(),
    help_text="whole numbers; the end of a name is its unit: _t tonnes, _fen fen a tonne, _bps basis points, _n a count",
)


class PartyShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    role = serializers.CharField()


class LegShape(serializers.Serializer[Any]):
    """Where to look: a piece of a day's events, as the replay counts them."""

    day = serializers.DateField()
    first_event = serializers.IntegerField()
    last_event = serializers.IntegerField()


class StepShape(serializers.Serializer[Any]):
    before = serializers.ChoiceField(Alert.State.values)
    after = serializers.ChoiceField(Alert.State.values)
    reason = serializers.CharField()
    organisation = serializers.CharField(help_text="code of whose person it was")
    at = serializers.DateTimeField()


class AlertShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    day = serializers.DateField()
    kind = serializers.ChoiceField(Alert.Kind.values)
    instrument = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(Alert.State.values)
    what = serializers.CharField(help_text="in one sentence, in the language of the request")
    parties = PartyShape(many=True)
    figures = NUMBERS
    thresholds = NUMBERS
    legs = LegShape(many=True)
    trades = serializers.ListField(child=serializers.IntegerField(), help_text="numbers, at most a hundred")
    orders = serializers.ListField(child=serializers.IntegerField(), help_text="listings, at most a hundred")
    found_at = serializers.DateTimeField()
    steps = StepShape(many=True)


class StepQuestion(Strict):
    step = OneOf(list(states.STEPS))
    reason = Text(max_length=states.LONGEST_REASON)


class ThresholdQuestion(Strict):
    name = OneOf(list(ALL))
    value = Whole(low=0)
    valid_from = Day(help_text="a day that has not begun")
    reason = Text(max_length=setting.LONGEST_REASON)


class LaterShape(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    valid_from = serializers.DateField()
    reason = serializers.CharField()


class ThresholdShape(serializers.Serializer[Any]):
    name = serializers.ChoiceField(list(ALL))
    kind = serializers.ChoiceField(Alert.Kind.values, help_text="of alert that it decides")
    unit = serializers.ChoiceField(["t", "bps", "n", "days", "minutes", "seconds"])
    value = serializers.IntegerField(help_text="as it holds today")
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    later = LaterShape(many=True)


def alert_shown(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk, "day": alert.day.isoformat(), "kind": alert.kind,
        "instrument": alert.instrument.code if alert.instrument else None, "state": alert.state,
        "what": sentence(alert),
        "parties": [
            {
                "code": party.organisation.code, "name_zh": party.organisation.name_zh,
                "name_en": party.organisation.name_en, "role": party.role,
            }
            for party in alert.parties.all()
        ],
        "figures": alert.figures, "thresholds": alert.thresholds, "legs": alert.legs, "trades": alert.trades,
        "orders": alert.orders, "found_at": alert.found_at.isoformat(),
        "steps": [
            {
                "before": step.before, "after": step.after, "reason": step.reason,
                "organisation": step.organisation.code, "at": step.at.isoformat(),
            }
            for step in alert.steps.select_related("organisation")
        ],
    }  # fmt: skip


def threshold_shown(threshold: Threshold, value: int, later: Sequence[ThresholdRow]) -> dict[str, Any]:
    return {
        "name": threshold.name, "kind": threshold.kind, "unit": threshold.unit, "value": value,
        "least": threshold.least, "most": threshold.most,
        "later": [
            {"value": row.value, "valid_from": row.valid_from.isoformat(), "reason": row.reason} for row in later
        ],
    }  # fmt: skip
