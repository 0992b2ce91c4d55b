"""What emitters, their units and the history of their records look like in the API."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Pattern, Strict, Text, Whole
from accounts.approvals.verbs import LONGEST_REASON
from accounts.provinces import PROVINCES
from registry.emitters.models import Emitter, RecordChange, Sector, Unit
from registry.emitters.units import UnitRecord, plain

CAPACITY = r"^[0-9]{1,6}(\.[0-9]{1,3})?$"
#: `class` is a word of Python's own.
CLASS = {"unit_class": "class"}


class UnitSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    unit_class = serializers.CharField()
    capacity_mw = serializers.CharField(allow_null=True, help_text='decimal, "660"')
    cooling = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {CLASS.get(name, name): field for name, field in fields.items()}


class EmitterSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    credit_code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    province = serializers.CharField(help_text="GB/T 2260")
    sector = serializers.ChoiceField(Sector.values)
    synthetic = serializers.BooleanField()


class OneEmitterSerializer(EmitterSerializer):
    units = UnitSerializer(many=True)
    years = serializers.ListField(child=serializers.IntegerField())


class RecordChangeSerializer(serializers.Serializer[Any]):
    """One change; `unit` is null where it is of the emitter itself. Values are texts, by field."""

    id = serializers.IntegerField()
    unit = serializers.CharField(allow_null=True)
    before = serializers.DictField(child=serializers.CharField(allow_blank=True))
    after = serializers.DictField(child=serializers.CharField(allow_blank=True))
    reason = serializers.CharField()
    by = serializers.CharField(help_text="organisation of who changed it")
    at = serializers.DateTimeField()


class Reasoned(Strict):
    """A change says why."""

    reason = Text(max_length=LONGEST_REASON)


class EmitterRequest(Reasoned):
    credit_code = Text(max_length=18, help_text="unified social credit code; becomes the emitter's code")
    name_zh = Text(max_length=200)
    name_en = Text(max_length=200, required=False, help_text="the Chinese name where it is not given")
    sector = OneOf(Sector.values)
    province = OneOf(
        list(PROVINCES), required=False, help_text="GB/T 2260; needed from the registry's issuer"
    )


class NamesRequest(Reasoned):
    name_zh = Text(max_length=200, required=False)
    name_en = Text(max_length=200, required=False)


class UnitRequest(Reasoned):
    name = Text(max_length=120, required=False, allow_blank=True)
    unit_class = OneOf(Unit.UnitClass.values, required=False)
    capacity_mw = Pattern(CAPACITY, required=False, allow_null=True, help_text='decimal, "660"')
    cooling = OneOf(Unit.Cooling.values, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {CLASS.get(name, name): field for name, field in fields.items()}


class NewUnitRequest(UnitRequest):
    code = Text(max_length=40)


class YearRequest(Reasoned):
    year = Whole(low=2019, high=2100)


def one_emitter_shown(row: Emitter) -> dict[str, Any]:
    units = [unit_shown(unit) for unit in row.units.order_by("code")]
    years = list(row.years.order_by("year").values_list("year", flat=True))
    return {**emitter_shown(row), "units": units, "years": years}


def emitter_shown(row: Emitter) -> dict[str, Any]:
    own = row.organisation
    return {
        "code": own.code, "credit_code": own.credit_code, "name_zh": own.name_zh, "name_en": own.name_en,
        "province": own.province, "sector": row.sector, "synthetic": row.synthetic,
    }  # fmt: skip


def unit_shown(unit: Unit) -> dict[str, Any]:
    size = None if unit.capacity_mw is None else plain(unit.capacity_mw)
    return {
        "code": unit.code, "name": unit.name, "class": unit.unit_class, "capacity_mw": size, "cooling": unit.cooling,
    }  # fmt: skip


def record_from(wanted: dict[str, Any], held: Unit | None) -> UnitRecord:
    """A validated request over what stands there."""
    size = wanted.get("capacity_mw", held.capacity_mw if held else None)
    return UnitRecord(
        code=wanted["code"] if held is None else held.code,
        name=wanted.get("name", held.name if held else ""),
        unit_class=wanted.get("class", held.unit_class if held else ""),
        capacity_mw=None if size is None else Decimal(size),
        cooling=wanted.get("cooling", held.cooling if held else ""),
    )


def change_shown(row: RecordChange) -> dict[str, Any]:
    return {
        "id": row.pk, "unit": row.unit.code if row.unit else None,
        "before": {CLASS.get(name, name): value for name, value in row.before.items()},
        "after": {CLASS.get(name, name): value for name, value in row.after.items()},
        "reason": row.reason, "by": row.by.organisation.code, "at": row.at,
    }  # fmt: skip
