"""Rows written down by hand: an afternoon of one instrument, told in minutes after 13:00 of 2026-03-06."""

import datetime as dt
from typing import Any

from market_data.surveillance.rows import Day, Flow, Trade, Withdrawn
from market_data.surveillance.thresholds import in_force

BEIJING = dt.timezone(dt.timedelta(hours=8))
TODAY = dt.date(2026, 3, 6)
#: Monday to Friday
WEEK = tuple(dt.date(2026, 3, number) for number in range(2, 7))


def limits(**others: int) -> dict[str, int]:
    """The platform's own thresholds, some of them others."""
    return in_force([], TODAY) | others


def at(minute: float, second: float = 0) -> dt.datetime:
    return dt.datetime(2026, 3, 6, 13, tzinfo=BEIJING) + dt.timedelta(minutes=minute, seconds=second)


def day(**others: Any) -> Day:
    """Previous close 70.00, band 63.00 to 77.00, closed at 15:00."""
    usual: dict[str, Any] = {
        "code": "CEA23", "day": TODAY, "prev_close": 7_000, "close": 7_000, "low_edge": 6_300, "high_edge": 7_700,
        "volume": 0, "turnover": 0, "ends": at(120),
    }  # fmt: skip
    return Day(**usual | others)


def flow(
    seller: str, buyer: str, qty: int, on: dt.date = TODAY, price: int = 7_000, listed: int | None = None
) -> Flow:
    return Flow(on, seller, buyer, qty, qty * price, 1, 10, 20, qty if listed is None else listed)


def trade(
    no: int, price: int, qty: int, buyer: str, seller: str, *, taker: str, minute: float, event: int = 0
) -> Trade:
    return Trade(no, price, qty, buyer, seller, taker, event or 100 * no, at(minute))


def withdrawn(
    number: int, member: str, side: str, qty: int, events: tuple[int, int], minutes: tuple[float, float]
) -> Withdrawn:
    """Listed at the first event and minute, cancelled whole at the second."""
    return Withdrawn(
        number, member, side, 7_000, qty, qty, events[0], at(minutes[0]), events[1], at(minutes[1])
    )
