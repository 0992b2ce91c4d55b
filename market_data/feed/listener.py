"""What this process hears: one subscription for all sockets, and a look at PostgreSQL every second.

Valkey may be flushed, restarted or cut off: the look finds whatever was not heard, at most a second later.
While PostgreSQL cannot be asked no heartbeat is sent, so that a page says honestly that it is stale.
"""

import asyncio
import json
import logging
import weakref
from collections import defaultdict
from typing import Any

import redis.asyncio
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.sign_in.access import REVOKED_CHANNEL
from exchange.pushes import DECIDED_CHANNEL, MARKET_CHANNEL
from market_data.feed.glance import Glance, all_prices
from market_data.feed.hub import Hub, encoded
from market_data.feed.reads import in_thread, last_events, market_state

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
LISTEN_SECONDS = 5.0
RETRY_SECONDS = 0.5


class Listener:
    """One an event loop, which is one a web process."""

    def __init__(self) -> None:
        self._hubs: dict[str, Hub] = {}
        self._glance: Glance | None = None
        self._opening: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        #: who waits for news of an organisation
        self.bells: dict[int, set[asyncio.Event]] = defaultdict(set)
        #: how often something of an organisation's people was revoked; its sockets then look for themselves
        self.revoked: dict[int, int] = defaultdict(int)
        self._heard: dict[str, int] = {}
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look_again_and_again())]

    async def hub(self, code: str) -> Hub | None:
        """The instrument's hub, made at its first client; None for an unknown instrument."""
        async with self._opening[code]:
            if code not in self._hubs:
                state = await in_thread(market_state)(code, None)
                if state is None:
                    del self._opening[code]
                    return None
                self._hubs[code] = Hub(code, state)
            return self._hubs[code]

    async def glance(self) -> Glance:
        """The prices of all instruments, read at the first client."""
        async with self._opening[""]:
            if self._glance is None:
                self._glance = Glance(*await in_thread(all_prices)())
            return self._glance

    # --- Valkey ---------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                await self._subscription()
            except (RedisError, OSError):
                logger.warning("Valkey is away; PostgreSQL is asked every second instead")
            except Exception:
                logger.exception("the subscription failed and is made anew")
            await asyncio.sleep(RETRY_SECONDS)

    async def _subscription(self) -> None:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=5
        )
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(MARKET_CHANNEL, DECIDED_CHANNEL, REVOKED_CHANNEL)
                for hub in self._hubs.values():
                    hub.hear(None)
                self._look_at_prices()
                while True:
                    message = await subscription.get_message(timeout=LISTEN_SECONDS)
                    if message is not None:
                        self._route(message["channel"].decode(), message["data"])
        finally:
            await client.aclose()

    def _route(self, channel: str, data: bytes) -> None:
        try:
            message = json.loads(data)
            if channel == DECIDED_CHANNEL:
                self.ring(message["organisations"])
                return
            if channel == REVOKED_CHANNEL:
                self.revoked[message["organisation"]] += 1
                self.ring([message["organisation"]])
                return
            code = message["instrument"]
            self._heard[code] = max(self._heard.get(code, 0), message["event"])
            if code in self._hubs:
                self._hubs[code].hear(message)
            if self._glance is not None:
                self._glance.hear(code, message["board"])
        except (ValueError, KeyError, TypeError):
            logger.warning("a message on %s was not understood", channel)

    # --- PostgreSQL -----------------------------------------------------------------------------

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                self._compare(await in_thread(last_events)())
            except DatabaseError:
                logger.warning("PostgreSQL is away; no heartbeat")
                continue
            except Exception:
                logger.exception("looking at PostgreSQL failed")
                continue
            text = encoded({"type": "heartbeat", "time": timezone.now().isoformat()})
            for hub in self._hubs.values():
                hub.beat(text)
            if self._glance is not None:
                self._glance.beat(text)

    def _compare(self, events: dict[str, int]) -> None:
        """Asks the hubs that know less than PostgreSQL, and rings all accounts if something was not heard."""
        for code, hub in self._hubs.items():
            if events.get(code, 0) > hub.event:
                hub.hear(None)
        missed = [code for code, event in events.items() if event > self._heard.get(code, 0)]
        for code in missed:
            self._heard[code] = events[code]
        if missed:
            self.ring(list(self.bells))
            self._look_at_prices()

    def _look_at_prices(self) -> None:
        if self._glance is not None:
            self._glance.reread()

    def ring(self, organisations: list[int]) -> None:
        for pk in organisations:
            for bell in self.bells.get(pk, ()):
                bell.set()

    def stop(self) -> None:
        for task in [*self._tasks, *(hub.task for hub in self._hubs.values())]:
            task.cancel()


_listeners: "weakref.WeakKeyDictionary[Any, Listener]" = weakref.WeakKeyDictionary()


def listener() -> Listener:
    """The running loop's listener, begun with its first socket."""
    loop = asyncio.get_running_loop()
    if loop not in _listeners:
        _listeners[loop] = Listener()
    return _listeners[loop]
