"""/ws/account/: the own organisation's order and trade events, each once, in order, with a `cursor`.

The events are rows of PostgreSQL; the bell only says when to read. `?after=CURSOR` goes on where a
connection broke off. It ends at once when its session, key or person is revoked. Without a session a program sends its key in the Authorization header, or as its first
message {"type": "auth", "token": KEY}; never in the address, which is logged everywhere.
"""

import asyncio
import logging
import time
from typing import Any
from urllib.parse import parse_qs

from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts.api.authentication import key_of, plain_key
from accounts.models import ApiKey, User
from accounts.sign_in import second_factor
from accounts.sign_in.socket_session import SessionSeen
from market_data.feed import cursor
from market_data.feed.account_reads import balances_of, messages_after, vector_now
from market_data.feed.hub import encoded
from market_data.feed.listener import listener
from market_data.feed.reads import in_thread
from market_data.feed.socket import BAD_REQUEST, GONE_WRONG, NOT_SIGNED_IN, SLOW, Socket

logger = logging.getLogger(__name__)

SIGN_IN_SECONDS = 10.0
#: A page takes a connection for stale after three silent seconds.
HEARTBEAT_SECONDS = 1.0
#: Whether it may still listen is asked when something was revoked, before news is told, and so often besides.
RECHECK_SECONDS = 5.0
RETRY_SECONDS = 1.0


class AccountStream(Socket):
    user: User | None = None
    key: ApiKey | None = None
    session: SessionSeen | None = None
    vector: cursor.Vector | None = None
    bell: asyncio.Event

    async def connect(self) -> None:
        self.bell = asyncio.Event()
        await self.accept()
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after")
        try:
            self.vector = cursor.read(after[-1]) if after else None
        except cursor.BadCursor:
            await self.end(BAD_REQUEST, "after is no cursor")
            return
        try:
            await self._sign_in_by_request()
        except AuthenticationFailed as refused:
            await self.end(NOT_SIGNED_IN, str(refused.detail)[:40])
            return
        except DatabaseError:
            await self.end(GONE_WRONG, "the database is away; try again")
            return
        self.writer = asyncio.create_task(self._write())

    async def _sign_in_by_request(self) -> None:
        header = dict(self.scope["headers"]).get(b"authorization", b"").decode("latin-1")
        plain = plain_key(header) if header else None
        if plain is not None:
            await self._sign_in_by_key(plain)
            return
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            return
        self.user = await in_thread(User.objects.select_related("organisation").get)(pk=user.pk)
        self.session = SessionSeen.of(self.scope["session"])
        if await in_thread(second_factor.lacking)(self.user, self.session.values):
            self.user = None
            raise AuthenticationFailed("a second factor is needed")

    async def _sign_in_by_key(self, plain: str) -> None:
        """Raises AuthenticationFailed."""
        key = await in_thread(key_of)(plain, self._address())
        if ApiKey.Scope.READ not in key.scopes:
            raise AuthenticationFailed("this key lacks the scope read")
        self.key, self.user = key, key.user

    def _address(self) -> str:
        return str((self.scope.get("client") or ("",))[0])

    async def hear(self, kind: str, message: dict[str, Any]) -> bool:
        if kind != "auth" or not isinstance(message.get("token"), str):
            return False
        if self.user is None:
            try:
                await self._sign_in_by_key(message["token"])
            except AuthenticationFailed as refused:
                await self.end(NOT_SIGNED_IN, str(refused.detail)[:40])
            except DatabaseError:
                await self.end(GONE_WRONG, "the database is away; try again")
            self.bell.set()
        return True

    # --- out ------------------------------------------------------------------------------------

    async def _write(self) -> None:
        bells: set[asyncio.Event] = set()
        try:
            if self.user is None:
                async with asyncio.timeout(SIGN_IN_SECONDS):
                    while self.user is None:
                        await self.bell.wait()
                        self.bell.clear()
        except TimeoutError:
            await self.end(NOT_SIGNED_IN, "sign in, or send a key")
            return
        try:
            bells = listener().bells[self.user.organisation_id]
            bells.add(self.bell)
            await self._stream(self.user.organisation_id)
        except TimeoutError:
            await self.end(SLOW, "too slow")
        except Exception:
            logger.exception("an account socket failed")
            await self.end(GONE_WRONG, "something went wrong here")
        finally:
            bells.discard(self.bell)

    async def _stream(self, organisation_id: int) -> None:
        """Until the client goes, does not read (TimeoutError), or may not listen any more."""
        checked_at, revoked = time.monotonic(), listener().revoked[organisation_id]
        is_first = True
        while True:
            self.bell.clear()
            try:
                if is_first:
                    await self._greet(organisation_id)
                    is_first = False
                was_revoked = listener().revoked[organisation_id] != revoked
                if was_revoked or time.monotonic() - checked_at > RECHECK_SECONDS:
                    checked_at, revoked = time.monotonic(), listener().revoked[organisation_id]
                    if not await in_thread(self._may_listen)():
                        await self.end(NOT_SIGNED_IN, "signed out")
                        return
                if not await self._tell_news(organisation_id):
                    await self.end(NOT_SIGNED_IN, "signed out")
                    return
            except DatabaseError:
                # No heartbeat either: the page shows that it is stale. Reading goes on by itself.
                await asyncio.sleep(RETRY_SECONDS)
                self.bell.set()
                continue
            try:
                await asyncio.wait_for(self.bell.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await self.deliver(encoded({"type": "heartbeat", "time": timezone.now().isoformat()}))

    async def _greet(self, organisation_id: int) -> None:
        """Where the stream begins, and the balances there."""
        vector = self.vector if self.vector is not None else await in_thread(vector_now)()
        balances = await in_thread(balances_of)(organisation_id)
        self.vector = vector
        await self.deliver(encoded({"type": "ready", "balances": balances, "cursor": cursor.written(vector)}))

    async def _tell_news(self, organisation_id: int) -> bool:
        """False, and nothing told, where it may not listen any more."""
        assert self.vector is not None
        while True:
            messages, vector = await in_thread(messages_after)(organisation_id, self.vector)
            if messages and not await in_thread(self._may_listen)():
                return False
            for message in messages:
                await self.deliver(encoded(message))
            self.vector = vector
            if not messages:
                return True

    def _may_listen(self) -> bool:
        assert self.user is not None
        person = User.objects.filter(pk=self.user.pk, is_active=True).first()
        if person is None:
            return False
        if self.key is not None:
            lives = Q(expiry=None) | Q(expiry__gt=timezone.now())
            return bool(ApiKey.objects.filter(lives, pk=self.key.pk).exists())
        return self.session is not None and self.session.is_open(person)
