"""Which pages may open a socket: our own.

A browser always says where its page came from, so a foreign page cannot use somebody's session. A program
that is no browser says nothing, has no session of anybody's to abuse, and is let in to show its key.
"""

from typing import Any
from urllib.parse import ParseResult

from channels.security.websocket import OriginValidator
from django.conf import settings


class OwnOrigins(OriginValidator):
    def __init__(self, application: Any) -> None:
        super().__init__(application, settings.ALLOWED_HOSTS)

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        return parsed_origin is None or bool(super().valid_origin(parsed_origin))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        # An origin that is there and cannot be read must not count as none.
        said = [value for name, value in scope.get("headers", ()) if name == b"origin"]
        if said and not all(_readable(value) for value in said):
            scope = {**scope, "headers": [(b"origin", b"http://unreadable.invalid")]}
        return await super().__call__(scope, receive, send)


def _readable(origin: bytes) -> bool:
    return origin.startswith((b"http://", b"https://")) and origin.isascii()
