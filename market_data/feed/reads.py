"""What the feed reads from PostgreSQL. Every function blocks; the feed calls them through `in_thread`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast

from channels.db import database_sync_to_async
from django.db import connection, transaction

from exchange.models import Instrument, Trade
from market_data import boards

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """The function as a coroutine; a connection that PostgreSQL closed is given up and made anew."""
    return cast(Callable[P, Awaitable[T]], database_sync_to_async(function))


@dataclass(frozen=True)
class MarketState:
    """An instrument's committed board, and its public listed trades after a number, oldest first."""

    event: int
    board: dict[str, Any]
    trades: list[dict[str, Any]]
    #: number of the last trade of any kind that `event` includes
    last_trade: int


def market_state(code: str, after_trade: int | None) -> MarketState | None:
    """The state of one moment; None for an unknown instrument. Without a number no trade is read."""
    with transaction.atomic():
        # Board and trades must be of the same moment.
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        instrument = Instrument.objects.filter(code=code).first()
        if instrument is None:
            return None
        trades = [] if after_trade is None else listed_after(instrument, after_trade)
        return MarketState(instrument.last_event, boards.board_of(instrument), trades, instrument.trade_count)


def listed_after(instrument: Instrument, number: int) -> list[dict[str, Any]]:
    found = Trade.objects.filter(instrument=instrument, no__gt=number, kind=Trade.Kind.LISTED).order_by("no")
    return [boards.trade_shown(trade) for trade in found]


def day_begins_after(code: str, number: int) -> int:
    """The number from which a client that knows trade `number` must be told: never before the board's day."""
    instrument = Instrument.objects.get(code=code)
    day = boards.board_of(instrument)["day"]
    before = (
        Trade.objects.filter(instrument=instrument, day__lt=day).order_by("-no").values_list("no", flat=True)
    )
    return max(number, before.first() or 0)


def last_events() -> dict[str, int]:
    """Where every instrument stands."""
    return dict(Instrument.objects.values_list("code", "last_event"))
