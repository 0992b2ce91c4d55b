"""What an order looks like when it comes in, and when it is shown.

Only form is checked here (types, names, patterns); whether an order is allowed is the engine's to say. A
price or quantity that cannot be one carries the engine's own code, BAD_PRICE or BAD_QUANTITY.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from accounts.api.fields import CLIENT_ID, OneOf, Pattern, Strict, Text, Whole
from exchange.matching.money import yuan
from exchange.models import Command, Order, Trade
from exchange.orders import PENDING, REJECTED, OrderState
from exchange.refusals import text
from registry.models import Asset

PRICE = r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
MOST_PREFERRED = 100

STATUSES = [PENDING, *Order.Status.values, REJECTED]
bad_price = partial(text, "BAD_PRICE")
bad_quantity = partial(text, "BAD_QUANTITY")


@extend_schema_field({"type": "string", "pattern": PRICE, "examples": ["48.00"]})
class Price(Pattern):
    """Yuan per tonne as a decimal string."""

    def __init__(self, **options: Any) -> None:
        super().__init__(PRICE, code="BAD_PRICE", message=bad_price, **options)


@extend_schema_field({"type": "integer", "format": "int64", "examples": [1000]})
class Quantity(Whole):
    """Whole tonnes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(code="BAD_QUANTITY", message=bad_quantity, **options)


@extend_schema_field({"type": "string", "pattern": CLIENT_ID})
class ClientId(Pattern):
    """The client's own name for the order, unique in its organisation."""

    def __init__(self, **options: Any) -> None:
        super().__init__(CLIENT_ID, **options)


class _Priced(Strict):
    id = ClientId()
    instrument = Text(max_length=64)
    side = OneOf(Order.Side.values)
    price = Price()
    qty = Quantity()


class ListRequest(_Priced):
    kind = OneOf([Command.Kind.LIST.value])


class TakeRequest(_Priced):
    kind = OneOf([Command.Kind.TAKE.value])
    prefer = serializers.ListField(
        child=Whole(low=1),
        max_length=MOST_PREFERRED,
        required=False,
        help_text="listing numbers, the dearest wish first",
    )
    remainder = OneOf(["cancel", "list"], required=False, help_text="cancel, if it is left out")


class BlockRequest(_Priced):
    kind = OneOf([Command.Kind.BLOCK.value])
    counterparty = Text(max_length=64, required=False, allow_null=True, help_text="a member's code")


class BlockAcceptRequest(Strict):
    kind = OneOf([Command.Kind.BLOCK_ACCEPT.value])
    id = ClientId()
    offer = Whole(low=1, help_text="the offer's listing number")


class CancelRequest(Strict):
    kind = OneOf([Command.Kind.CANCEL.value])
    id = ClientId(help_text="of the order to cancel")


REQUESTS: dict[str, type[Strict]] = {
    "list": ListRequest,
    "take": TakeRequest,
    "block": BlockRequest,
    "block_accept": BlockAcceptRequest,
}
BATCH_REQUESTS = REQUESTS | {"cancel": CancelRequest}


def one_of(name: str, kinds: Mapping[str, type[Strict]], *, many: bool = False) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(
        component_name=name, serializers=dict(kinds), resource_type_field_name="kind", many=many
    )


class Reader:
    """Reads order requests, with one serializer of each kind that turns up. Makes commands for the intake."""

    def __init__(self, kinds: dict[str, type[Strict]]) -> None:
        self._kinds = kinds
        self._serializers: dict[str, Strict] = {}

    def read(self, data: Any) -> dict[str, Any]:
        """The command of replay-format.md. Raises ValidationError with the errors by field."""
        if not isinstance(data, dict):
            raise serializers.ValidationError({"non_field_errors": [_("A JSON object is needed.")]})
        kind = data.get("kind")
        if not isinstance(kind, str) or kind not in self._kinds:
            kinds = ", ".join(self._kinds)
            raise serializers.ValidationError({"kind": [_("One of: %(kinds)s.") % {"kinds": kinds}]})
        if kind not in self._serializers:
            self._serializers[kind] = self._kinds[kind]()
        value = dict(self._serializers[kind].run_validation(data))
        return {"cmd": value.pop("kind"), **{name: item for name, item in value.items() if item is not None}}


class LockedSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField(help_text="CNY, or the instrument's code")
    amount = serializers.CharField(help_text="yuan for CNY, whole tonnes otherwise")


class FillSerializer(serializers.Serializer[Any]):
    no = serializers.IntegerField(help_text="the trade's number in its instrument")
    time = serializers.DateTimeField()
    price = serializers.CharField()
    qty = serializers.IntegerField()


class OrderSerializer(serializers.Serializer[Any]):
    """An order of one's own, as `order_shown` writes it."""

    number = serializers.IntegerField(help_text="the public listing number")
    id = serializers.CharField()
    kind = serializers.ChoiceField([kind.value for kind in Command.ORDERS])
    instrument = serializers.CharField()
    side = serializers.ChoiceField(Order.Side.values, allow_null=True)
    price = serializers.CharField(allow_null=True, help_text="yuan; null where the request names none")
    qty = serializers.IntegerField(allow_null=True)
    leaves = serializers.IntegerField()
    filled = serializers.IntegerField()
    amount = serializers.CharField(help_text="money traded so far, yuan")
    fee = serializers.CharField(help_text="fees charged so far, yuan")
    status = serializers.ChoiceField(STATUSES)
    reason = serializers.CharField(allow_blank=True, help_text="refusal code of a rejected order")
    reason_text = serializers.CharField(allow_blank=True, help_text="the refusal in words")
    remainder = serializers.CharField(allow_blank=True)
    locked = LockedSerializer(allow_null=True)
    received_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    fills = FillSerializer(many=True)


def order_shown(state: OrderState) -> dict[str, Any]:
    return {
        "number": state.number,
        "id": state.id,
        "kind": state.kind,
        "instrument": state.instrument,
        "side": state.side or None,
        "price": state.price or None,
        "qty": state.qty_t,
        "leaves": state.leaves_t,
        "filled": state.filled_t,
        "amount": yuan(state.traded_fen),
        "fee": yuan(state.fee_fen),
        "status": state.status,
        "reason": state.reason,
        "reason_text": text(state.reason) if state.reason else "",
        "remainder": state.remainder,
        "locked": locked_shown(state),
        "received_at": state.received_at.isoformat(),
        "decided_at": state.decided_at and state.decided_at.isoformat(),
        "fills": [
            {"no": fill.no, "time": fill.at.isoformat(), "price": yuan(fill.price_fen), "qty": fill.qty_t}
            for fill in state.fills
        ],
    }


def locked_shown(state: OrderState) -> dict[str, str] | None:
    if not state.locked:
        return None
    if state.side == Order.Side.SELL:
        return {"asset": state.instrument, "amount": str(state.locked)}
    return {"asset": Asset.CNY, "amount": yuan(state.locked)}


class OwnTradeSerializer(serializers.Serializer[Any]):
    """A trade of one's own, as `trade_shown` writes it."""

    no = serializers.IntegerField(help_text="the trade's number in its instrument")
    instrument = serializers.CharField()
    day = serializers.DateField()
    time = serializers.DateTimeField()
    kind = serializers.ChoiceField(Trade.Kind.values)
    side = serializers.ChoiceField(Order.Side.values)
    price = serializers.CharField()
    qty = serializers.IntegerField()
    amount = serializers.CharField(help_text="price × quantity, yuan")
    fee = serializers.CharField(help_text="one's own fee, yuan")
    order = serializers.CharField(help_text="one's own order's id")
    order_number = serializers.IntegerField()


def trade_shown(trade: Trade, organisation_id: int) -> dict[str, Any]:
    """The trade as the organisation sees it: its own side, fee and order, and no name of the other's."""
    buys = trade.buyer_id == organisation_id
    own = trade.listing if trade.listing.organisation_id == organisation_id else trade.taker
    return {
        "no": trade.no,
        "instrument": trade.instrument.code,
        "day": trade.day.isoformat(),
        "time": trade.at.isoformat(),
        "kind": trade.kind,
        "side": Order.Side.BUY.value if buys else Order.Side.SELL.value,
        "price": yuan(trade.price_fen),
        "qty": trade.qty_t,
        "amount": yuan(trade.turnover_fen),
        "fee": yuan(trade.buyer_fee_fen if buys else trade.seller_fee_fen),
        "order": own.client_id,
        "order_number": own.pk,
    }
