"""/ws/market/{code}/: first a snapshot, then changes with a rising `seq`; for everybody.

`?after_trade=NO` replays in the snapshot the day's listed trades after that number. A client that sees a gap
in `seq` sends {"type": "snapshot"}.
"""

import asyncio
import logging
from typing import Any
from urllib.parse import parse_qs

from django.db import Error as DatabaseError

from market_data.feed.glance import Glance
from market_data.feed.hub import Hub
from market_data.feed.listener import listener
from market_data.feed.outbox import Outbox
from market_data.feed.reads import day_begins_after, in_thread
from market_data.feed.socket import BAD_REQUEST, GONE_WRONG, SLOW, UNKNOWN, Socket

logger = logging.getLogger(__name__)

#: A client may ask for a snapshot as often as it likes; it gets one at most so often.
SNAPSHOT_SECONDS = 0.2


class MarketStream(Socket):
    hub: Hub | Glance
    outbox: Outbox | None = None

    async def connect(self) -> None:
        await self.accept()
        code = self.scope["url_route"]["kwargs"]["code"]
        try:
            after = after_trade(self.scope["query_string"])
        except ValueError:
            await self.end(BAD_REQUEST, "after_trade is a whole number")
            return
        try:
            hub = None if "\0" in code else await listener().hub(code)
            if hub is None:
                await self.end(UNKNOWN, "no such instrument")
                return
            if after is not None:
                after = await in_thread(day_begins_after)(code, after)
        except DatabaseError:
            await self.end(GONE_WRONG, "the database is away; try again")
            return
        self.hub = hub
        self.outbox = Outbox(after)
        hub.clients.add(self.outbox)
        self.writer = asyncio.create_task(self._write(self.outbox))

    async def _write(self, outbox: Outbox) -> None:
        """Sends what is in the outbox, as fast as the client takes it."""
        try:
            while not outbox.is_slow:
                await outbox.wait()
                while not outbox.is_slow:
                    if outbox.wants_snapshot:
                        text: str | None = await self.hub.snapshot(outbox)
                    else:
                        text = outbox.take()
                    if text is None:
                        break
                    await self.deliver(text)
                    if '"snapshot"' in text[:20]:
                        await asyncio.sleep(SNAPSHOT_SECONDS)
        except TimeoutError:
            outbox.is_slow = True
        except DatabaseError:
            await self.end(GONE_WRONG, "the database is away; try again")
        except Exception:
            logger.exception("a market socket failed")
            await self.end(GONE_WRONG, "something went wrong here")
        self.hub.clients.discard(outbox)
        if outbox.is_slow:
            await self.end(SLOW, "too slow: the queue is full")

    async def hear(self, kind: str, message: dict[str, Any]) -> bool:
        if kind == "snapshot" and self.outbox is not None:
            self.outbox.ask()
        return kind == "snapshot"

    async def disconnect(self, code: int) -> None:
        if self.outbox is not None:
            self.hub.clients.discard(self.outbox)
        await super().disconnect(code)


class PriceStream(MarketStream):
    """/ws/prices/: every instrument's price and the composite. As MarketStream, without trades."""

    async def connect(self) -> None:
        await self.accept()
        try:
            self.hub = await listener().glance()
        except DatabaseError:
            await self.end(GONE_WRONG, "the database is away; try again")
            return
        self.outbox = Outbox(None)
        self.hub.clients.add(self.outbox)
        self.writer = asyncio.create_task(self._write(self.outbox))


def after_trade(query: bytes) -> int | None:
    """The number in `?after_trade=`. Raises ValueError."""
    values = parse_qs(query.decode("latin-1")).get("after_trade")
    if not values:
        return None
    if not (values[-1].isascii() and values[-1].isdigit() and len(values[-1]) < 19):
        raise ValueError(values[-1])
    return int(values[-1])
