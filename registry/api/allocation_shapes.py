"""What plans of allocation, their rows and adjustments look like in JSON. Quantities are whole tonnes."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.fields import OneOf, Pattern, Strict, Text, Whole
from accounts.approvals.api_shapes import DocumentedRequest, moment
from accounts.approvals.verbs import LONGEST_REASON
from accounts.provinces import PROVINCES
from registry.allocation.adjustments import EARLIEST, LARGEST_T, LATEST
from registry.allocation.derivations import Working
from registry.allocation.models import Adjustment, Plan, PlanRow
from registry.emitters.models import NATIONAL_SECTORS, Sector

CODE = 64


class PlanRequest(Strict):
    year = Whole(low=EARLIEST, high=LATEST, help_text="compliance year")
    province = OneOf(sorted(PROVINCES), help_text="GB/T 2260, such as 310000")
    sector = OneOf([sector.value for sector in NATIONAL_SECTORS])
    stage = OneOf(Plan.Stage.values)
    share = Pattern(
        r"^[01](\.[0-9]{1,4})?$",
        required=False,
        help_text="pre-allocation alone: share of last year's emissions, at most the plan's, such as \"0.3\"",
    )


class DifferentiateRequest(Strict):
    emitter = Text(max_length=CODE, help_text="code of the organisation")
    on = serializers.BooleanField(default=True, help_text="false: issued to the emitter after all")
    ground = OneOf(PlanRow.Ground.values, required=False)
    reason = Text(max_length=LONGEST_REASON, required=False)


class AdjustmentRequest(DocumentedRequest):
    emitter = Text(max_length=CODE, help_text="code of the organisation")
    year = Whole(low=EARLIEST, high=LATEST, help_text="deducted from what is issued for this year or later")
    ground = OneOf(Adjustment.Ground.values)
    tonnes = Whole(low=1, high=LARGEST_T)


class AllocationTotalsSerializer(serializers.Serializer[Any]):
    emitters = serializers.IntegerField()
    differentiated = serializers.IntegerField(help_text="emitters issued to the province's account")
    verified = serializers.IntegerField()
    pre = serializers.IntegerField()
    final = serializers.IntegerField()
    issue = serializers.IntegerField()
    recall = serializers.IntegerField()
    uncollected = serializers.IntegerField()
    deducted = serializers.IntegerField()
    returned = serializers.IntegerField()


class AllocationRowSerializer(serializers.Serializer[Any]):
    emitter = serializers.CharField(help_text="code")
    name = serializers.CharField()
    verified = serializers.IntegerField()
    pre = serializers.IntegerField(help_text="pre-allocation; in later stages, what was given before")
    initial = serializers.IntegerField()
    floor = serializers.IntegerField()
    final = serializers.IntegerField()
    gap_rate_pct = serializers.CharField(allow_null=True)
    deducted = serializers.IntegerField()
    returned = serializers.IntegerField()
    issue = serializers.IntegerField()
    recall = serializers.IntegerField()
    uncollected = serializers.IntegerField(help_text="of `recall`, what was not in the registry holding")
    to_province = serializers.BooleanField()
    province_ground = serializers.CharField(allow_blank=True)
    province_reason = serializers.CharField(allow_blank=True)
    surrendered = serializers.IntegerField(help_text="from the province's account, when issued")


class AllocationValueSerializer(serializers.Serializer[Any]):
    symbol = serializers.CharField()
    shown = serializers.CharField()
    kind = serializers.CharField(help_text="column, document, step, unit or given")
    source = serializers.CharField()  # type: ignore[assignment]


class AllocationStepSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    case = serializers.CharField(allow_blank=True)
    formula = serializers.CharField(help_text="in symbols")
    filled = serializers.CharField(help_text="3 000 000 MWh × 0.7910 × 1.061364 = 2 518 616 t")
    result = serializers.CharField()
    measure = serializers.CharField(allow_blank=True)
    rounding = serializers.CharField(allow_blank=True)
    document = serializers.CharField()
    values = AllocationValueSerializer(many=True)


class UnitWorkingSerializer(serializers.Serializer[Any]):
    unit = serializers.CharField()
    unit_t = serializers.IntegerField()
    source = serializers.DictField(  # type: ignore[assignment]
        help_text="the verified report with its version, or the line of a table"
    )
    inputs = serializers.DictField()
    steps = AllocationStepSerializer(many=True)


class WorkingSerializer(serializers.Serializer[Any]):
    units = UnitWorkingSerializer(many=True)
    entity = AllocationStepSerializer(many=True)
    stage = AllocationStepSerializer(many=True)


class AllocationRowDetail(AllocationRowSerializer):
    derivation = WorkingSerializer()


class PlanSerializer(serializers.Serializer[Any]):
    """`totals`, `made_by` and `request` are for offices, `own` is for an emitter."""

    id = serializers.IntegerField()
    year = serializers.IntegerField()
    province = serializers.CharField()
    sector = serializers.ChoiceField(Sector.choices)
    stage = serializers.ChoiceField(Plan.Stage.choices)
    state = serializers.ChoiceField(Plan.State.choices)
    asset = serializers.CharField()
    share = serializers.CharField(allow_null=True)
    balance_value = serializers.CharField(allow_null=True)
    made_by = serializers.EmailField(allow_null=True)
    made_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField(allow_null=True)
    request = serializers.IntegerField(allow_null=True, help_text="see /api/v1/requests/")
    totals = AllocationTotalsSerializer(allow_null=True)
    own = AllocationRowDetail(allow_null=True)


class AdjustmentUseSerializer(serializers.Serializer[Any]):
    plan = serializers.IntegerField()
    tonnes = serializers.IntegerField(help_text="deducted; below 0: given back")
    at = serializers.DateTimeField()


class AdjustmentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    emitter = serializers.CharField()
    year = serializers.IntegerField()
    ground = serializers.ChoiceField(Adjustment.Ground.choices)
    ordered = serializers.IntegerField()
    remaining = serializers.IntegerField()
    state = serializers.ChoiceField(Adjustment.State.choices)
    reason = serializers.CharField(allow_blank=True)
    request = serializers.IntegerField(allow_null=True)
    plan = serializers.IntegerField(allow_null=True, help_text="whose recall left it over")
    at = serializers.DateTimeField()
    uses = AdjustmentUseSerializer(many=True)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def row_shown(row: PlanRow) -> dict[str, Any]:
    """Needs `emitter__organisation`."""
    return {
        "emitter": row.emitter.organisation.code,
        "name": row.emitter.organisation.name,
        "verified": row.verified_t,
        "pre": row.pre_t,
        "initial": row.initial_t,
        "floor": row.floor_t,
        "final": row.final_t,
        "gap_rate_pct": _text(row.gap_rate_pct),
        "deducted": row.deducted_t,
        "returned": row.returned_t,
        "issue": row.issue_t,
        "recall": row.recall_t,
        "uncollected": row.uncollected_t,
        "to_province": row.to_province,
        "province_ground": row.province_ground,
        "province_reason": row.province_reason,
        "surrendered": row.surrendered_t,
    }


def working_shown(working: Working) -> dict[str, Any]:
    units = [
        {
            "unit": unit.unit,
            "unit_t": unit.unit_t,
            "source": unit.source,
            "inputs": unit.inputs,
            "steps": unit.steps,
        }
        for unit in working.units
    ]
    return {"units": units, "entity": working.entity, "stage": working.stage}


def totals_shown(totals: dict[str, int]) -> dict[str, int]:
    return {name.removesuffix("_t"): number for name, number in totals.items()}


def plan_shown(
    plan: Plan, *, totals: dict[str, int] | None, own: dict[str, Any] | None, office: bool
) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "year": plan.year,
        "province": plan.province,
        "sector": plan.sector,
        "stage": plan.stage,
        "state": plan.state,
        "asset": plan.asset_id,
        "share": _text(plan.share),
        "balance_value": _text(plan.balance_value),
        "made_by": plan.made_by.email if office else None,
        "made_at": moment(plan.made_at),
        "issued_at": moment(plan.issued_at),
        "request": plan.request_id if office else None,
        "totals": None if totals is None else totals_shown(totals),
        "own": own,
    }


def adjustment_shown(adjustment: Adjustment) -> dict[str, Any]:
    """Needs `emitter__organisation` and `uses`."""
    return {
        "id": adjustment.pk,
        "emitter": adjustment.emitter.organisation.code,
        "year": adjustment.year,
        "ground": adjustment.ground,
        "ordered": adjustment.ordered_t,
        "remaining": adjustment.remaining_t,
        "state": adjustment.state,
        "reason": adjustment.reason,
        "request": adjustment.request_id,
        "plan": adjustment.plan_id,
        "at": moment(adjustment.at),
        "uses": [
            {"plan": use.plan_id, "tonnes": use.taken_t, "at": moment(use.at)}
            for use in adjustment.uses.all()
        ],
    }
