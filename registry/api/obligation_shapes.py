"""What obligations, surrenders and shortfalls look like in JSON."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.fields import CLIENT_ID, Pattern, Text, Whole
from accounts.approvals.api_shapes import DocumentedRequest, moment
from registry.api.serializers import LineRequest, LineSerializer
from registry.compliance.lawful import MOST_LINES
from registry.compliance.models import ComplianceYear, Surrender
from registry.compliance.proposal import Way
from registry.compliance.sheet import Sheet
from registry.words import plain_yuan


class ObligationSerializer(serializers.Serializer[Any]):
    """Tonnes; `need` and `verified` are null before verification."""

    emitter = serializers.CharField(help_text="code")
    year = serializers.IntegerField()
    state = serializers.ChoiceField(ComplianceYear.State.choices)
    state_at_deadline = serializers.CharField(allow_blank=True)
    deadline = serializers.DateField()
    verified = serializers.IntegerField(allow_null=True)
    need = serializers.IntegerField(allow_null=True)
    surrendered = serializers.IntegerField()
    credits = serializers.IntegerField(help_text="of what is surrendered")
    pending = serializers.IntegerField()
    gap = serializers.IntegerField(help_text="need less surrendered")


class HoldingSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField()
    accepted = serializers.CharField(
        help_text="allowance, credit; or why not: too_late, too_early, other_credit, foreign"
    )
    registry = serializers.IntegerField()
    trading = serializers.IntegerField()
    locked = serializers.IntegerField()


class UseSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField()
    held = serializers.IntegerField()
    bought = serializers.IntegerField()
    price = serializers.CharField(allow_null=True)


class WaySerializer(serializers.Serializer[Any]):
    cost = serializers.CharField(help_text="yuan")
    missing = serializers.IntegerField(help_text="tonnes that no known price could buy")
    uses = UseSerializer(many=True)


class CreditRoomSerializer(serializers.Serializer[Any]):
    cap = serializers.IntegerField()
    used = serializers.IntegerField()
    left = serializers.IntegerField()
    held = serializers.IntegerField()


class OwnObligationSerializer(ObligationSerializer):
    """With what the organisation has, and the cheapest lawful ways at today's close, the best first."""

    days_left = serializers.IntegerField()
    have = serializers.IntegerField(help_text="surrendered, waiting, and free usable holdings")
    room = serializers.IntegerField(help_text="what may still be named in a surrender")
    credit_room = CreditRoomSerializer()
    holdings = HoldingSerializer(many=True)
    proposal = WaySerializer(many=True)


class SurrenderRequest(DocumentedRequest):
    id = Pattern(
        CLIENT_ID, required=False, help_text="the client's own: sent again, nothing is surrendered twice"
    )
    year = Whole(low=2019, high=2100)
    lines = LineRequest(many=True)
    beneficiary = Text(max_length=64, required=False, help_text="code of the emitter that is helped")


class SurrenderSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    emitter = serializers.CharField(help_text="code of whose obligation it is")
    giver = serializers.CharField(help_text="code of whose units they are")
    year = serializers.IntegerField()
    state = serializers.ChoiceField(Surrender.State.choices)
    quantity = serializers.IntegerField()
    credits = serializers.IntegerField()
    lines = LineSerializer(many=True)
    request = serializers.IntegerField(allow_null=True, help_text="of /api/v1/requests/")
    submitted_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


def lines_of(wanted: list[dict[str, Any]]) -> dict[str, int]:
    """Raises ValidationError for an asset that is named twice."""
    if len({line["asset"] for line in wanted}) < len(wanted) or len(wanted) > MOST_LINES:
        raise serializers.ValidationError({"lines": [_("Name each unit once.")]})
    return {line["asset"]: line["quantity"] for line in wanted}


def obligation_shown(row: Any) -> dict[str, Any]:
    """`row` from `selectors.with_state`."""
    return _figures(row, row.state, row.deadline) | {"gap": row.gap_t}


def _figures(row: ComplianceYear, state: str, deadline: Any) -> dict[str, Any]:
    return {
        "emitter": row.emitter.organisation.code,
        "year": row.year,
        "state": state,
        "state_at_deadline": row.state_at_deadline,
        "deadline": deadline.isoformat(),
        "verified": row.verified_t,
        "need": row.obligation_t,
        "surrendered": row.surrendered_t,
        "credits": row.credits_t,
        "pending": row.pending_t,
        "gap": max(0, (row.obligation_t or 0) - row.surrendered_t),
    }


def sheet_shown(sheet: Sheet) -> dict[str, Any]:
    share = sheet.credits
    return {
        **_figures(sheet.row, sheet.state, sheet.deadline),
        "days_left": sheet.days_left,
        "have": sheet.have_t,
        "room": sheet.room_t,
        "credit_room": {"cap": share.cap_t, "used": share.used_t, "left": share.left_t, "held": share.held_t},
        "holdings": [
            {
                "asset": line.asset,
                "accepted": line.verdict.value,
                "registry": line.registry_t,
                "trading": line.trading_t,
                "locked": line.locked_t,
            }
            for line in sheet.lines
        ],
        "proposal": [_way_shown(way) for way in sheet.proposal.ways],
    }


def _way_shown(way: Way) -> dict[str, Any]:
    return {
        "cost": plain_yuan(way.cost_fen),
        "missing": way.missing_t,
        "uses": [
            {
                "asset": use.asset,
                "held": use.held_t,
                "bought": use.bought_t,
                "price": None if use.price_fen is None else plain_yuan(use.price_fen),
            }
            for use in way.uses
        ],
    }


def surrender_shown(made: Surrender) -> dict[str, Any]:
    return {
        "number": made.pk,
        "emitter": made.compliance_year.emitter.organisation.code,
        "giver": made.giver.code,
        "year": made.compliance_year.year,
        "state": made.state,
        "quantity": made.quantity_t,
        "credits": made.credits_t,
        "lines": [
            {"asset": line.asset_id, "quantity": line.quantity_t}
            for line in sorted(made.lines.all(), key=lambda line: line.asset_id)
        ],
        "request": made.request_id,
        "submitted_at": moment(made.submitted_at),
        "decided_at": moment(made.decided_at),
    }
