"""/ws/prices/: every instrument's price and the composite, for lists of them; for everybody.

A snapshot of all, then whatever changed, at most five times a second. Prices of a moment that nobody was told are
no loss: the next message has the newer ones. `seq` is dense, as of a market's own stream.
"""

import asyncio
import logging
from typing import Any

from django.db import Error as DatabaseError

from exchange.models import Instrument
from market_data import boards
from market_data.composite_now import composite_now, shown
from market_data.feed.hub import encoded
from market_data.feed.outbox import Outbox
from market_data.feed.reads import in_thread
from market_data.prices import price_of

logger = logging.getLogger(__name__)

GLANCE_SECONDS = 0.2

Prices = dict[str, dict[str, Any]]


def all_prices() -> tuple[Prices, dict[str, Any] | None]:
    """Every instrument's price in the pages' order, and the composite; blocks."""
    found = Instrument.objects.order_by("rank", "code")
    return {each.code: price_of(each.code, boards.board_of(each)) for each in found}, composite_shown()


def composite_shown() -> dict[str, Any] | None:
    """The composite as the feed says it; blocks."""
    now = composite_now()
    return shown(now) if now else None


class Glance:
    def __init__(self, prices: Prices, composite: dict[str, Any] | None) -> None:
        self.prices, self.composite = prices, composite
        self.seq = 0
        self.clients: set[Outbox] = set()
        self._changed: set[str] = set()
        self._stale = False
        self._flush: asyncio.Task[None] | None = None

    def hear(self, code: str, board: dict[str, Any]) -> None:
        """A push of the engine about one instrument."""
        price = price_of(code, board)
        if self.prices.get(code) != price:
            self.prices[code] = price
            self._changed.add(code)
            self._soon()

    def reread(self) -> None:
        """Something was not heard: all of it is read again."""
        self._stale = True
        self._soon()

    def beat(self, text: str) -> None:
        for client in self.clients:
            client.put(text)

    def _soon(self) -> None:
        if not self.clients:
            self._stale = True  # nobody listens: what is told next is read then
        elif self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self.clients and (self._changed or self._stale):
            try:
                await self._news()
            except DatabaseError:
                logger.warning("PostgreSQL is away; the prices are read again")
                self._stale = True
            except Exception:
                logger.exception("the prices could not be told")
            await asyncio.sleep(GLANCE_SECONDS)

    async def _news(self) -> None:
        before, composite = dict(self.prices), self.composite
        changed, self._changed = self._changed, set()
        if self._stale:
            self._stale = False
            self.prices, self.composite = await in_thread(all_prices)()
            changed |= {code for code, price in self.prices.items() if before.get(code) != price}
        elif composite is None or any(part["instrument"] in changed for part in composite["parts"]):
            self.composite = await in_thread(composite_shown)()
        message: dict[str, Any] = {
            "type": "prices",
            "prices": [self.prices[code] for code in sorted(changed) if code in self.prices],
        }
        if self.composite != composite:
            message["composite"] = self.composite
        if message["prices"] or "composite" in message:
            self.seq += 1
            text = encoded({**message, "seq": self.seq})
            for client in self.clients:
                client.put(text)

    async def snapshot(self, client: Outbox) -> str:
        """All of it, as PostgreSQL has it; what is told while that is read follows after it."""
        client.caught_up(0)
        seq = self.seq
        prices, composite = await in_thread(all_prices)()
        message = {"type": "snapshot", "prices": list(prices.values()), "composite": composite, "seq": seq}
        return encoded(message)
