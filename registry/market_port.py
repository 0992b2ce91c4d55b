"""What the registry has to know of the market, without importing it: the layers point the other way.

`settings.REGISTRY_MARKET` names the module above that answers (`exchange.for_registry`). Prices are fen a tonne.
"""

import datetime as dt
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from accounts.models import Organisation


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """All listed and block trades of the national market in a calendar month; fen and tonnes."""

    turnover_fen: int
    volume_t: int


class Market(Protocol):
    def latest_closes_fen(self) -> dict[str, int]: ...
    def month_totals(self, month: dt.date) -> MonthTotals: ...
    def working_days_after(self, day: dt.date, count: int) -> dt.date: ...
    def cancel_open_orders(self, organisation: Organisation) -> int: ...
    def sealed_causes(self, organisation: Organisation) -> list[str]: ...


def market() -> Market:
    """The module that knows: `latest_closes_fen`, `month_totals`, `working_days_after`, `cancel_open_orders`,
    `sealed_causes`."""
    return cast(Market, import_module(settings.REGISTRY_MARKET))
