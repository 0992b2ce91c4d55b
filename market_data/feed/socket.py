"""What both sockets share: their words, their close codes, and patience with what clients send."""

import asyncio
import contextlib
import json
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

BAD_REQUEST, NOT_SIGNED_IN, UNKNOWN, SLOW, GONE_WRONG = 4000, 4001, 4004, 4008, 4011
#: How long one message may take to be sent.
SEND_SECONDS = 10.0


class Socket(AsyncWebsocketConsumer):
    """Messages are JSON objects with a `type`. Whatever else a client sends is answered with an error."""

    writer: asyncio.Task[None] | None = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            message = json.loads(text_data or "")
            kind = message["type"]
        except (ValueError, RecursionError, KeyError, TypeError):
            kind, message = None, {}
        if not isinstance(kind, str) or not await self.hear(kind, message):
            await self.say({"type": "error", "code": "MALFORMED_MESSAGE"})

    async def hear(self, kind: str, message: dict[str, Any]) -> bool:
        """Whether the message was understood."""
        return False

    async def say(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(TimeoutError):
            await self.deliver(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    async def deliver(self, text: str) -> None:
        """Raises TimeoutError where the client does not read."""
        async with asyncio.timeout(SEND_SECONDS):
            await self.send(text_data=text)

    async def end(self, code: int, reason: str) -> None:
        """Closes with a word on why, once the client reads again; if it never does, the server's pings end it."""
        await self.close(code=code, reason=reason)

    async def disconnect(self, code: int) -> None:
        if self.writer is not None:
            self.writer.cancel()
