"""What one client is still to get.

The queue is bounded. A client that lets it overflow loses the queue and is told the newest state instead, with
every trade that it has not been sent: book and quote are conflated, trades are not left out. One that does not
even take that is dropped. The hub only ever puts; it never waits for a client.
"""

import asyncio
import time
from collections import deque

#: Messages; at ten boards a second this is several seconds of a busy market.
LONGEST_QUEUE = 128
#: A client that has been behind for so long is dropped.
PATIENCE_SECONDS = 10.0


class Outbox:
    def __init__(self, after_trade: int | None) -> None:
        self._queue: deque[tuple[str, int]] = deque()
        self._news = asyncio.Event()
        #: number of the last trade that the client has been sent; None until it was told where it begins
        self.sent_trade = after_trade
        #: the next thing to send is a snapshot; what is put until then is in it
        self.wants_snapshot = True
        self.behind_since: float | None = None
        self.is_slow = False
        self._news.set()

    def put(self, text: str, trade: int = 0) -> None:
        """Queues a message, whose last trade has the number `trade`."""
        if self.wants_snapshot:
            self._lose_patience()
            return
        if len(self._queue) >= LONGEST_QUEUE:
            self._queue.clear()
            self.behind_since = self.behind_since or time.monotonic()
            self.ask()
            return
        self._queue.append((text, trade))
        self._news.set()

    def ask(self) -> None:
        """The newest state, please."""
        self._queue.clear()
        self.wants_snapshot = True
        self._news.set()

    def caught_up(self, trade: int) -> None:
        """A snapshot with every trade up to `trade` is about to be sent."""
        self.wants_snapshot = False
        self.sent_trade = trade

    async def wait(self) -> None:
        """Until there is something to do."""
        await self._news.wait()
        self._news.clear()

    def take(self) -> str | None:
        """The next message, and with it the duty to send it."""
        if not self._queue:
            self.behind_since = None if not self.wants_snapshot else self.behind_since
            return None
        text, trade = self._queue.popleft()
        self.sent_trade = max(self.sent_trade or 0, trade)
        return text

    def _lose_patience(self) -> None:
        if self.behind_since is not None and time.monotonic() - self.behind_since > PATIENCE_SECONDS:
            self.is_slow = True
            self._news.set()
