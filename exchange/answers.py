"""Waiting for the engine's decision: a web thread sleeps until the bell says that its command is decided.

One listener a process hears what the engine pushes after each commit. The database is asked first and at
intervals, so that a lost push costs a moment and never an answer.
"""

import json
import logging
import threading
import time
from collections.abc import Collection, Iterable

import redis

from exchange.models import Command
from exchange.pushes import DECIDED_CHANNEL, client

logger = logging.getLogger(__name__)

#: How often a waiting thread asks the database all the same.
RECHECK_SECONDS = 0.25


class Listener:
    """Who waits for which commands in this process, and the thread that hears of decisions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, list[threading.Event]] = {}
        self._thread: threading.Thread | None = None

    def expect(self, ids: Iterable[int], heard: threading.Event) -> None:
        with self._lock:
            for pk in ids:
                self._waiting.setdefault(pk, []).append(heard)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._listen, name="decisions", daemon=True)
                self._thread.start()

    def forget(self, ids: Iterable[int], heard: threading.Event) -> None:
        with self._lock:
            for pk in ids:
                waiting = self._waiting.get(pk, [])
                if heard in waiting:
                    waiting.remove(heard)
                if not waiting:
                    self._waiting.pop(pk, None)

    def _listen(self) -> None:
        """Until Valkey goes away; the next to wait starts it again."""
        try:
            subscription = client().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            subscription.subscribe(DECIDED_CHANNEL)
            while True:
                message = subscription.get_message(timeout=30)
                if message is not None:
                    self._tell(json.loads(message["data"])["commands"])
        except (redis.RedisError, OSError, ValueError):
            logger.warning("decisions are not heard for the moment; the database is asked instead")

    def _tell(self, ids: Iterable[int]) -> None:
        with self._lock:
            for pk in ids:
                for heard in self._waiting.get(pk, ()):
                    heard.set()


_listener = Listener()


def wait_for(command_ids: Collection[int], seconds: float) -> bool:
    """Waits until all these commands are decided, or the time is over; True if they are."""
    heard = threading.Event()
    deadline = time.monotonic() + seconds
    _listener.expect(command_ids, heard)
    try:
        while not _decided(command_ids):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            heard.wait(min(left, RECHECK_SECONDS))
            heard.clear()
        return True
    finally:
        _listener.forget(command_ids, heard)


def _decided(command_ids: Collection[int]) -> bool:
    return not Command.objects.filter(pk__in=command_ids, decided_event__isnull=True).exists()
