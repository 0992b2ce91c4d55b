"""What a balance looks like, a move between registry and trading, and a line of what is asked for."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import CLIENT_ID, OneOf, Pattern, Strict, Text, Whole
from registry.compliance.lawful import LARGEST_T
from registry.models import Account, Asset
from registry.words import plain_yuan

PLACES = [Account.Purpose.REGISTRY.value, Account.Purpose.TRADING.value]


@extend_schema_field({"anyOf": [{"type": "string"}, {"type": "integer"}]})
class Amount(serializers.Field[Any, Any, Any, Any]):
    """Yuan as a string, tonnes as an integer."""


class BalanceSerializer(serializers.Serializer[Any]):
    """Yuan as a string for CNY, whole tonnes as an integer otherwise."""

    asset = serializers.CharField()
    purpose = serializers.ChoiceField([p.value for p in Account.Purpose if p != Account.Purpose.SOURCE])
    amount = Amount(help_text='"948770.00" for CNY, 2621916 otherwise')


def balance_shown(asset: str, purpose: str, balance: int) -> dict[str, Any]:
    return {
        "asset": asset,
        "purpose": purpose,
        "amount": plain_yuan(balance) if asset == Asset.CNY else balance,
    }


class LineRequest(Strict):
    """Tonnes of one asset, in what is surrendered, frozen or carried over."""

    asset = Text(max_length=16)
    quantity = Whole(low=1, high=LARGEST_T, help_text="tonnes")


class LineSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField()
    quantity = serializers.IntegerField()


class MoveRequest(Strict):
    id = Pattern(
        CLIENT_ID, help_text="the client's own, unique in its organisation: sent again, it moves once"
    )
    asset = Text(max_length=16, help_text="an allowance or credit; money has no registry holding")
    quantity = Whole(low=1, help_text="tonnes")
    to = OneOf(PLACES)

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python's own.
        return {**super().get_fields(), "from": OneOf(PLACES)}


class MoveSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    asset = serializers.CharField()
    quantity = serializers.IntegerField()
    to = serializers.ChoiceField(PLACES)
    moved = serializers.BooleanField(help_text="false where this id had been moved before")
    balances = BalanceSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.ChoiceField(PLACES)}
