"""What verified figures and objections look like in the API."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Pattern, Strict, Text, Whole
from registry.emitters.figures import LABELS, Figures
from registry.emitters.models import ActivityReport, Objection, Unit
from registry.emitters.units import plain

DECIMAL = r"^[0-9]{1,13}(\.[0-9]{1,10})?$"
LARGEST_T = 10**12


class EmissionSerializer(serializers.Serializer[Any]):
    """One version of a unit's verified year. Decimals are strings."""

    id = serializers.IntegerField()
    emitter = serializers.CharField()
    unit = serializers.CharField()
    year = serializers.IntegerField()
    version = serializers.IntegerField()
    generation_mwh = serializers.CharField()
    supply_mwh = serializers.CharField()
    heat_gj = serializers.CharField()
    load_factor = serializers.CharField()
    heat_ratio = serializers.CharField()
    cooling = serializers.CharField()
    output_t = serializers.CharField(allow_null=True)
    intensity = serializers.CharField(allow_null=True)
    verified_t = serializers.IntegerField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class FiguresRequest(Strict):
    """A unit's verified year; figures that the sector does not report stay away."""

    verified_t = Whole(low=0, high=LARGEST_T)
    generation_mwh = Pattern(DECIMAL, required=False)
    supply_mwh = Pattern(DECIMAL, required=False)
    heat_gj = Pattern(DECIMAL, required=False)
    load_factor = Pattern(DECIMAL, required=False)
    heat_ratio = Pattern(DECIMAL, required=False)
    cooling = OneOf(Unit.Cooling.values, required=False)
    output_t = Pattern(DECIMAL, required=False)
    intensity = Pattern(DECIMAL, required=False)


class EmissionRequest(FiguresRequest):
    emitter = Text(max_length=64, help_text="code of the emitter")
    unit = Text(max_length=40)
    year = Whole(low=2019, high=2100)
    reason = Text(max_length=2_000, required=False, allow_blank=True, help_text="needed for a correction")


class ObjectionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    emission = serializers.IntegerField(help_text="id of the version it is raised against")
    emitter = serializers.CharField()
    unit = serializers.CharField()
    year = serializers.IntegerField()
    state = serializers.ChoiceField(Objection.State.values)
    words = serializers.CharField()
    claimed_t = serializers.IntegerField(allow_null=True)
    raised_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ObjectionRequest(Strict):
    emission = Whole(low=1, help_text="id of the version that is objected to")
    words = Text(max_length=2_000)
    claimed_t = Whole(low=0, high=LARGEST_T, required=False, allow_null=True)


class UpholdRequest(Strict):
    answer = Text(max_length=2_000)
    verified_t = Whole(low=0, high=LARGEST_T, help_text="the corrected emissions")


class DismissRequest(Strict):
    answer = Text(max_length=2_000)


def emission_shown(row: ActivityReport) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in LABELS}
    figures = {name: plain(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return {
        "id": row.pk, "emitter": row.unit.emitter.organisation.code, "unit": row.unit.code, "year": row.year,
        "version": row.version, **figures, "reason": row.reason, "at": row.at,
    }  # fmt: skip


def objection_shown(row: Objection) -> dict[str, Any]:
    report = row.report
    return {
        "id": row.pk, "emission": report.pk, "emitter": report.unit.emitter.organisation.code,
        "unit": report.unit.code, "year": report.year, "state": row.state, "words": row.words,
        "claimed_t": row.claimed_t, "raised_at": row.raised_at, "answer": row.answer, "answered_at": row.answered_at,
    }  # fmt: skip


def figures_from(wanted: dict[str, Any], cooling: str) -> Figures:
    """The figures of a validated request; the unit's own cooling where none is given."""
    decimals = {
        name: Decimal(wanted[name])
        for name in LABELS
        if name in wanted and name not in {"verified_t", "cooling"}
    }
    return Figures(wanted["verified_t"], cooling=wanted.get("cooling", cooling), **decimals)
