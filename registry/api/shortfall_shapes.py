"""What a shortfall looks like in the API, and the proposal of what is to follow from it."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import Pattern, Text, Whole
from accounts.approvals.api_shapes import DocumentedRequest, moment
from registry.compliance.models import Shortfall
from registry.compliance.shortfalls import LONGEST_WORDS
from registry.words import plain_yuan

YUAN = r"^[0-9]{1,15}\.[0-9]{2}$"


class ShortfallSerializer(serializers.Serializer[Any]):
    """Money in yuan; `fine_low` and `fine_high` are null where the month had no trades."""

    number = serializers.IntegerField()
    emitter = serializers.CharField()
    year = serializers.IntegerField()
    state = serializers.ChoiceField(Shortfall.State.choices)
    missing = serializers.IntegerField()
    rule = serializers.CharField()
    price_month = serializers.DateField(allow_null=True)
    turnover = serializers.CharField()
    volume = serializers.IntegerField()
    fine_low = serializers.CharField(allow_null=True)
    fine_high = serializers.CharField(allow_null=True)
    deduction = serializers.IntegerField()
    fine = serializers.CharField(allow_null=True, help_text="as decided")
    decided_deduction = serializers.IntegerField(allow_null=True)
    decision = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    request = serializers.IntegerField(allow_null=True, help_text="of /api/v1/requests/: the proposal")


class ProposalRequest(DocumentedRequest):
    fine = Pattern(YUAN, help_text='yuan, such as "3118000.00"; "0.00" with no deduction: nothing follows')
    deduction = Whole(low=0, high=10**15, help_text="tonnes of next year's allocation")
    decision = Text(max_length=LONGEST_WORDS, help_text="what is decided, and on which document")


def shortfall_shown(row: Shortfall, *, office: bool) -> dict[str, Any]:
    """`office`: whether the reader is of an authority; an emitter learns of a decision, not of proposals."""
    known = row.working.get("price_known", True)
    return {
        "number": row.pk,
        "emitter": row.compliance_year.emitter.organisation.code,
        "year": row.compliance_year.year,
        "state": row.state,
        "missing": row.missing_t,
        "rule": row.working.get("rule", ""),
        "price_month": None if row.price_month is None else row.price_month.isoformat(),
        "turnover": plain_yuan(row.turnover_fen),
        "volume": row.volume_t,
        "fine_low": plain_yuan(row.fine_low_fen) if known else None,
        "fine_high": plain_yuan(row.fine_high_fen) if known else None,
        "deduction": row.deduction_t,
        "fine": None if row.fine_fen is None else plain_yuan(row.fine_fen),
        "decided_deduction": row.decided_deduction_t,
        "decision": row.decision,
        "decided_at": moment(row.decided_at),
        "request": row.request_id if office else None,
    }
