"""One instrument's news in this process, from whoever tells it to whoever listens.

`event` is the number of the last event that the hub knows. A push says from which number it goes on; where
that is another one, something was missed, and board and trades are read from PostgreSQL instead. So pushes may
be lost, come late or twice: nobody is told a trade twice, and none is left out.

`seq` counts the messages of this hub without a gap; heartbeats have none. Book and quote are sent at most ten
times a second, whatever happens between; trades at once.
"""

import asyncio
import json
import logging
from collections import deque
from typing import Any

from django.db import Error as DatabaseError

from market_data import boards
from market_data.feed.outbox import Outbox
from market_data.feed.reads import MarketState, in_thread, market_state

logger = logging.getLogger(__name__)

BOARD_SECONDS = 0.1
#: Trades kept for clients that come while others go.
RECENT_TRADES = 2_000
#: Pushes waiting for this hub; what does not fit is read from PostgreSQL.
LONGEST_INBOX = 1_000
RETRY_SECONDS = 1.0

Message = dict[str, Any]


class Hub:
    def __init__(self, code: str, state: MarketState) -> None:
        self.code = code
        self.seq = 0
        self.event = state.event
        self.board = state.board
        self.last_trade = state.last_trade
        self.clients: set[Outbox] = set()
        self._recent: deque[Message] = deque(maxlen=RECENT_TRADES)
        self._inbox: asyncio.Queue[Message | None] = asyncio.Queue(LONGEST_INBOX)
        self._told_trades = 0
        self._coming: dict[str, Any] = {}
        self._flush: asyncio.Task[None] | None = None
        self._told = state.board
        self.task = asyncio.create_task(self._run())

    # --- in -------------------------------------------------------------------------------------

    def hear(self, message: Message | None) -> None:
        """A push of the engine, or None: look whether PostgreSQL knows more."""
        try:
            self._inbox.put_nowait(message)
        except asyncio.QueueFull:
            logger.warning("%s: the hub is behind, pushes are left out and read later", self.code)

    async def _run(self) -> None:
        while True:
            message = await self._inbox.get()
            try:
                await self._take(message)
            except DatabaseError:
                logger.warning("%s: PostgreSQL is away; it is asked again", self.code)
                await asyncio.sleep(RETRY_SECONDS)
                self.hear(None)
            except Exception:
                logger.exception("%s: a push was not understood; PostgreSQL is asked", self.code)

    async def _take(self, message: Message | None) -> None:
        if message is None or message["from"] > self.event:
            await self._catch_up()
        elif message["event"] > self.event:
            if message["from"] < self.event:
                await self._catch_up()
                return
            self._know(message["event"], message["board"], message["trades"])

    async def _catch_up(self) -> None:
        state = await in_thread(market_state)(self.code, self.last_trade)
        if state is not None and state.event > self.event:
            self._know(state.event, state.board, state.trades)
            self.last_trade = max(self.last_trade, state.last_trade)

    def _know(self, event: int, board: dict[str, Any], trades: list[Message]) -> None:
        self.event, self.board = event, board
        fresh = [trade for trade in trades if trade["no"] > self.last_trade]
        if fresh:
            self.last_trade = fresh[-1]["no"]
            self._recent.extend(fresh)
            self._told_trades += len(fresh)
            self._tell({"type": "trade", "trades": fresh}, self.last_trade)
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._tell_board())

    # --- out ------------------------------------------------------------------------------------

    async def _tell_board(self) -> None:
        """Whatever of the board is new, then silence for a tenth of a second, as long as there is news."""
        while self._told is not self.board:
            before, now = self._told, self.board
            self._told = now
            if before["phase"] != now["phase"] or before["day"] != now["day"] or not self._coming:
                self._coming = await self._next_phase()
                self._tell({"type": "phase", "phase": now["phase"], "day": now["day"], **self._coming})
            for part in ("quote", "book"):
                if before[part] != now[part]:
                    self._tell({"type": part, part: now[part]})
            await asyncio.sleep(BOARD_SECONDS)

    async def _next_phase(self) -> dict[str, Any]:
        try:
            return await in_thread(boards.next_phase)()
        except DatabaseError:
            return {"next_phase": None, "next_at": None}

    def _tell(self, message: Message, trade: int = 0) -> None:
        self.seq += 1
        text = encoded({**message, "seq": self.seq, "instrument": self.code, "event": self.event})
        for client in self.clients:
            client.put(text, trade)

    def beat(self, text: str) -> None:
        """A heartbeat for everybody."""
        for client in self.clients:
            client.put(text)

    async def snapshot(self, client: Outbox) -> str:
        """The newest state with every trade that the client was not sent; from here on it is up to date."""
        if not self._coming:
            self._coming = await self._next_phase()
        trades: list[Message] = []
        told = -RECENT_TRADES - 1
        # Again if so many trades came while PostgreSQL was read that the kept ones do not reach back to it.
        while client.sent_trade is not None and self._told_trades - told > RECENT_TRADES:
            told = self._told_trades
            state = await in_thread(market_state)(self.code, client.sent_trade)
            trades = state.trades if state else []
        # No await from here to the end: nothing can happen between the snapshot and the next message.
        read = trades[-1]["no"] if trades else (client.sent_trade or 0)
        if client.sent_trade is not None:
            trades += [trade for trade in self._recent if trade["no"] > read]
        # What the database knew and the hub does not yet will be told as news; not twice.
        trades = [trade for trade in trades if trade["no"] <= self.last_trade]
        client.caught_up(self.last_trade)
        board = {part: self.board[part] for part in ("day", "phase", "quote", "book")}
        state_now = {"type": "snapshot", "seq": self.seq, "instrument": self.code, "event": self.event}
        return encoded(
            {**state_now, **board, **self._coming, "last_trade": self.last_trade, "trades": trades}
        )


def encoded(message: Message) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
