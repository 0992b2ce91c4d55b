"""An organisation's own events, each with the order or trade it is about and the balances that follow."""

from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from exchange import orders
from exchange.api.serializers import order_shown, trade_shown
from exchange.block import stream
from exchange.clock import BEIJING
from exchange.models import Event, Instrument, Order, Trade
from exchange.refusals import text
from market_data.feed import cursor
from market_data.feed.cursor import Vector
from registry.api.serializers import balance_shown
from registry.models import Account, Asset

#: Events of one reading.
MOST_EVENTS = 200


def vector_now() -> Vector:
    """Where the stream of somebody who comes now begins."""
    return {**dict(Instrument.objects.values_list("pk", "last_event")), cursor.BLOCKS: stream.last_turn()}


def messages_after(organisation_id: int, vector: Vector) -> tuple[list[dict[str, Any]], Vector]:
    """The next messages in order, at most MOST_EVENTS and then as many turns of blocks, and the vector after them."""
    messages, vector = _news_of_orders(organisation_id, dict(vector))
    # A cursor of before there were blocks begins with what comes now.
    turn = vector.setdefault(cursor.BLOCKS, stream.last_turn())
    told, vector[cursor.BLOCKS] = stream.news_after(organisation_id, turn)
    for number, message in told:
        messages.append({**message, "cursor": cursor.written({**vector, cursor.BLOCKS: number})})
    return messages, vector


def _news_of_orders(organisation_id: int, vector: Vector) -> tuple[list[dict[str, Any]], Vector]:
    events = _events(organisation_id, vector)
    if not events:
        return [], vector
    states = _states(organisation_id, events)
    trades = _trades(organisation_id, events)
    balances = balances_of(organisation_id)
    messages = []
    for event in events:
        vector[event.instrument_id] = event.no
        messages.append(
            {
                "type": event.kind,
                "event": event.no,
                "time": event.at.astimezone(BEIJING).isoformat(),
                "instrument": event.instrument.code,
                "request": event.command.kind if event.organisation_id == organisation_id else None,
                "id": _client_id(event, organisation_id),
                "qty": event.qty_t,
                "reason": event.reason,
                "reason_text": text(event.reason) if event.reason else "",
                "order": states.get(_order_number(event, organisation_id)),
                "trade": trades.get((event.instrument_id, event.trade_no)),
                "balances": [
                    line for line in balances if line["asset"] in {Asset.CNY, event.instrument.asset_id}
                ],
                "cursor": cursor.written(vector),
            }
        )
    return messages, vector


def balances_of(organisation_id: int) -> list[dict[str, Any]]:
    """As GET /api/v1/accounts/ gives them."""
    rows = (
        Account.objects.filter(holder=organisation_id).exclude(purpose=Account.Purpose.SOURCE).order_by("pk")
    )
    return [balance_shown(row.asset_id, row.purpose, row.balance) for row in rows]


def _events(organisation_id: int, vector: Vector) -> list[Event]:
    fresh = ~Q(instrument__in=list(vector))
    for instrument_id, number in vector.items():
        # Of BLOCKS there are no events: it is nobody's number.
        fresh |= Q(instrument=instrument_id, no__gt=number)
    own = Q(organisation=organisation_id) | Q(other=organisation_id)
    found = Event.objects.filter(own, fresh).select_related("instrument", "command", "order")
    return list(found.order_by("no")[:MOST_EVENTS])


def _order_number(event: Event, organisation_id: int) -> int | None:
    """The own order: of a trade the take or the listing, whichever is one's own."""
    if event.kind in {Event.Kind.TRADE, Event.Kind.ACCEPTED} and event.organisation_id == organisation_id:
        return event.command_id
    return event.order_id


def _client_id(event: Event, organisation_id: int) -> str:
    number = _order_number(event, organisation_id)
    if event.order is not None and number == event.order_id:
        return event.order.client_id
    return event.command.client_id


def _states(organisation_id: int, events: list[Event]) -> dict[int | None, dict[str, Any]]:
    """Orders as they stand now, without their fills: those are events themselves."""
    numbers = {_order_number(event, organisation_id) for event in events} - {None}
    own = Order.objects.filter(pk__in=numbers, organisation=organisation_id).values_list("pk", flat=True)
    organisation = Organisation.objects.get(pk=organisation_id)
    commands = (
        orders.of_organisation(organisation).filter(pk__in=list(own)).select_related("order__instrument")
    )
    shown = [order_shown(state) for state in orders.states(commands)]
    return {order["number"]: {key: order[key] for key in order if key != "fills"} for order in shown}


def _trades(organisation_id: int, events: list[Event]) -> dict[tuple[int, int | None], dict[str, Any]]:
    wanted = Q()
    for event in events:
        if event.kind == Event.Kind.TRADE:
            wanted |= Q(instrument=event.instrument_id, no=event.trade_no, day=event.day)
    if not wanted:
        return {}
    found = Trade.objects.filter(wanted).select_related("instrument", "listing", "taker")
    return {(trade.instrument_id, trade.no): trade_shown(trade, organisation_id) for trade in found}
