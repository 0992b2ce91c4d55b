"""Reads: how orders stand, for the API and the pages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from exchange.engine.cache import parameters_of
from exchange.matching.money import fee, yuan
from exchange.models import Command, Instrument, Order, Trade

PENDING, REJECTED = "pending", "rejected"


@dataclass(frozen=True)
class OrderState:
    """An order as its owner sees it. Prices and money in fen (None where the request named no price)."""

    number: int
    id: str
    instrument: str
    kind: str
    side: str
    price: str
    qty_t: object
    leaves_t: int
    filled_t: int
    #: money traded and fees charged so far
    traded_fen: int
    fee_fen: int
    status: str
    reason: str
    remainder: str
    received_at: dt.datetime
    decided_at: dt.datetime | None
    #: fen of a buy, tonnes of a sell
    locked: int
    fills: list[Trade] = field(default_factory=list)


def of_organisation(organisation: Organisation) -> QuerySet[Command]:
    """An organisation's orders of any state, newest first."""
    return (
        Command.objects.filter(organisation=organisation, kind__in=Command.ORDERS)
        .select_related("instrument", "order")
        .defer("instrument__board")
        .order_by("-pk")
    )


def named(organisation: Organisation, client_id: str) -> Command | None:
    """The order under this id: the accepted or undecided one, else the latest refused."""
    same = of_organisation(organisation).filter(client_id=client_id)
    return same.filter(reason="").first() or same.first()


def trades_of(organisation: Organisation) -> QuerySet[Trade]:
    """An organisation's trades, newest first."""
    return (
        Trade.objects.filter(Q(buyer=organisation) | Q(seller=organisation))
        .select_related("instrument")
        .order_by("-event")
    )


def states(commands: Iterable[Command]) -> list[OrderState]:
    """How these commands' orders stand, with their fills."""
    standing = [(command, _order(command)) for command in commands]
    filled = {order.pk for _, order in standing if order is not None and order.filled_t}
    fills: dict[int, list[Trade]] = {}
    if filled:
        trades = Trade.objects.filter(Q(listing__in=filled) | Q(taker__in=filled)).order_by("event")
        for trade in trades:
            for number in {trade.listing_id, trade.taker_id} & filled:
                fills.setdefault(number, []).append(trade)
    return [_state(command, order, fills.get(command.pk, [])) for command, order in standing]


def just_taken(command: Command) -> OrderState:
    """How an order stands right after the intake, without asking the database again: pending."""
    return _state(command, None, [])


def _order(command: Command) -> Order | None:
    return getattr(command, "order", None)


def _state(command: Command, order: Order | None, fills: list[Trade]) -> OrderState:
    body = command.body
    undecided = command.decided_event is None
    return OrderState(
        number=command.pk,
        id=command.client_id,
        instrument=command.instrument.code,
        kind=command.kind,
        side=order.side if order else body.get("side", ""),
        price=yuan(order.price_fen) if order else str(body.get("price", body.get("floor", ""))),
        qty_t=order.qty_t if order else body.get("qty"),
        leaves_t=order.leaves_t if order else 0,
        filled_t=order.filled_t if order else 0,
        traded_fen=order.traded_fen if order else 0,
        fee_fen=order.fee_fen if order else 0,
        status=order.status if order else PENDING if undecided else REJECTED,
        reason=command.reason,
        remainder=body.get("remainder", ""),
        received_at=command.received_at,
        decided_at=command.decided_at,
        locked=locked(order, command.instrument) if order else 0,
        fills=fills,
    )


def locked(order: Order, instrument: Instrument) -> int:
    """What an open order holds locked: tonnes of a sell, fen of a buy with the fee still to come."""
    if order.status != Order.Status.OPEN:
        return 0
    if order.side == Order.Side.SELL:
        return order.leaves_t
    rest = order.price_fen * order.leaves_t
    bps = parameters_of(instrument, order.day).fee_bps
    return rest + fee(order.traded_fen + rest, bps) - order.fee_fen
