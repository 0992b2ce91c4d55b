"""What custody, carry-over and cancellation look like in JSON. Quantities are whole tonnes, money yuan."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import OneOf, Pattern, Strict, Text, Whole
from accounts.approvals.api_shapes import DocumentedRequest, ReasonRequest, moment
from accounts.approvals.models import Request
from registry.api.serializers import LineRequest, LineSerializer
from registry.cancellation.footprint import ITEMS
from registry.cancellation.models import Cancellation
from registry.carryover.models import CarryOver
from registry.custody.models import Freeze, NonTradeTransfer, Pledge, TrustedEntry
from registry.custody.selectors import Movement
from registry.ledger.models import Asset, Transfer
from registry.words import plain_yuan

CODE, LARGEST_T = 64, 10**12
AMOUNT = r"[0-9]{1,9}(\.[0-9]{1,4})?"
YUAN = r"[0-9]{1,13}\.[0-9]{2}"
Row = dict[str, Any]


class FreezeRequest(DocumentedRequest):
    organisation = Text(max_length=CODE, help_text="code")
    document_number = Text(max_length=120)
    ordered_by = Text(max_length=200, help_text="the court or authority")
    lines = LineRequest(many=True, required=False, help_text="left out: everything")


class PledgeRequest(DocumentedRequest):
    pledgee = Text(max_length=CODE, help_text="code")
    asset = Text(max_length=16)
    quantity = Whole(low=1, high=LARGEST_T, help_text="tonnes")
    loan = Pattern(YUAN, help_text='yuan, such as "1250000.00"')
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    contract_number = Text(max_length=120, required=False, allow_blank=True)


class TrustedRequest(ReasonRequest):
    organisation = Text(max_length=CODE, help_text="code")


class TransferRequest(DocumentedRequest):
    receiver = Text(max_length=CODE, help_text="code")
    asset = Text(max_length=16)
    quantity = Whole(low=1, high=LARGEST_T, help_text="tonnes")
    ground = OneOf(NonTradeTransfer.Ground.values)


class CarryOverRequest(DocumentedRequest):
    lines = LineRequest(many=True)


class FootprintRequest(Strict):
    item = OneOf(list(ITEMS))
    amount = Pattern(AMOUNT, help_text='in the unit of its factor, such as "96000"')


class CancellationRequest(DocumentedRequest):
    asset = Text(max_length=16)
    quantity = Whole(low=1, high=LARGEST_T, help_text="tonnes")
    beneficiary = Text(max_length=200)
    purpose = Text(max_length=500)
    footprint = FootprintRequest(many=True, required=False)


class Common(serializers.Serializer[Any]):
    """`request`: the request that waits, or the last one; decided at `/requests/ID/` too."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    request = serializers.IntegerField(allow_null=True)


class FreezeSerializer(Common):
    organisation = serializers.CharField()
    document_number = serializers.CharField()
    ordered_by = serializers.CharField()
    whole = serializers.BooleanField()
    lines = LineSerializer(many=True)
    frozen_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class PledgeSerializer(Common):
    pledgor = serializers.CharField()
    pledgee = serializers.CharField()
    asset = serializers.CharField()
    quantity = serializers.IntegerField()
    loan = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    contract_number = serializers.CharField(allow_blank=True)
    pledged_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class TrustedSerializer(Common):
    organisation = serializers.CharField()
    trusted = serializers.CharField()
    effective_on = serializers.DateField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)


class TransferSerializer(Common):
    sender = serializers.CharField()
    receiver = serializers.CharField()
    asset = serializers.CharField()
    quantity = serializers.IntegerField()
    ground = serializers.ChoiceField(NonTradeTransfer.Ground.values)
    submitted_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CarryOverSerializer(Common):
    emitter = serializers.CharField()
    target = serializers.CharField()
    quantity = serializers.IntegerField()
    lines = LineSerializer(many=True)
    ceiling = serializers.JSONField(help_text="how T was worked out when it was asked for")
    submitted_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CancellationSerializer(Common):
    organisation = serializers.CharField()
    asset = serializers.CharField()
    quantity = serializers.IntegerField()
    beneficiary = serializers.CharField()
    purpose = serializers.CharField()
    footprint = serializers.JSONField()
    certificate = serializers.CharField(allow_null=True, help_text="number of the public certificate")
    submitted_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


@extend_schema_field({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]})
class Value(serializers.Field[Any, Any, Any, Any]):
    """Yuan as a string, tonnes as an integer."""


class MovementSerializer(serializers.Serializer[Any]):
    """`from` and `to` are places of one's own; empty where the other side's."""

    id = serializers.IntegerField()
    day = serializers.DateField()
    at = serializers.DateTimeField()
    asset = serializers.CharField()
    kind = serializers.ChoiceField(Transfer.Kind.values)
    amount = Value()
    change = Value(help_text="by which the holding became more or less; 0 between own places")
    to = serializers.CharField(allow_blank=True)
    from_after = Value()
    to_after = Value()
    other = serializers.CharField(allow_null=True, help_text="only of a transfer without a trade")
    cause = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.CharField(allow_blank=True)}


def waiting(row: Freeze | Pledge) -> Request | None:
    """The end that was asked for, where it was; else the beginning."""
    end = row.release_request
    return end if end is not None and end.state == Request.State.PENDING else row.request


def common(row: Any, request: Request | None) -> Row:
    return {"id": row.pk, "state": row.state, "request": request.pk if request else None}


def freeze_shown(row: Freeze) -> Row:
    lines: dict[str, int] = {}
    for line in row.lines.all():
        lines[line.asset_id] = lines.get(line.asset_id, 0) + line.quantity_t
    if not lines and row.request is not None:
        lines = row.request.payload.get("lines", {})
    return {
        **common(row, waiting(row)), "organisation": row.organisation.code,
        "document_number": row.document_number, "ordered_by": row.ordered_by, "whole": row.whole,
        "lines": [{"asset": asset, "quantity": lines[asset]} for asset in sorted(lines)],
        "frozen_at": moment(row.frozen_at), "released_at": moment(row.released_at),
    }  # fmt: skip


def pledge_shown(row: Pledge) -> Row:
    return {
        **common(row, waiting(row)), "pledgor": row.pledgor.code, "pledgee": row.pledgee.code,
        "asset": row.asset_id, "quantity": row.quantity_t, "loan": plain_yuan(row.loan_fen),
        "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(),
        "contract_number": row.contract_number,
        "pledged_at": moment(row.pledged_at), "released_at": moment(row.released_at),
    }  # fmt: skip


def trusted_shown(row: TrustedEntry) -> Row:
    return {
        **common(row, row.request), "organisation": row.organisation.code, "trusted": row.trusted.code,
        "effective_on": row.effective_on.isoformat() if row.effective_on else None,
        "removed_at": moment(row.removed_at),
    }  # fmt: skip


def transfer_shown(row: NonTradeTransfer) -> Row:
    return {
        **common(row, row.request), "sender": row.sender.code, "receiver": row.receiver.code,
        "asset": row.asset_id, "quantity": row.quantity_t, "ground": row.ground,
        "submitted_at": moment(row.submitted_at), "decided_at": moment(row.decided_at),
    }  # fmt: skip


def carry_over_shown(row: CarryOver) -> Row:
    lines = sorted(row.lines.all(), key=lambda line: line.asset_id)
    return {
        **common(row, row.request), "emitter": row.emitter.organisation.code, "target": row.target_id,
        "quantity": row.quantity_t, "ceiling": row.ceiling,
        "lines": [{"asset": line.asset_id, "quantity": line.quantity_t} for line in lines],
        "submitted_at": moment(row.submitted_at), "decided_at": moment(row.decided_at),
    }  # fmt: skip


def cancellation_shown(row: Cancellation) -> Row:
    return {
        **common(row, row.request), "organisation": row.organisation.code, "asset": row.asset_id,
        "quantity": row.quantity_t, "beneficiary": row.beneficiary, "purpose": row.purpose,
        "footprint": row.footprint, "certificate": row.certificate.number if row.certificate else None,
        "submitted_at": moment(row.submitted_at), "decided_at": moment(row.decided_at),
    }  # fmt: skip


def movement_shown(row: Movement) -> Row:
    entry = row.transfer

    def value(amount: int | None) -> str | int | None:
        return amount if amount is None or entry.asset_id != Asset.CNY else plain_yuan(amount)

    return {
        "id": entry.pk, "day": entry.day.isoformat(), "at": moment(entry.at), "asset": entry.asset_id,
        "kind": entry.kind, "amount": value(entry.amount), "change": value(row.change),
        "from": row.source, "to": row.target,
        "from_after": value(row.source_after), "to_after": value(row.target_after),
        "other": row.other.code if row.other else None, "cause": entry.cause,
    }  # fmt: skip
