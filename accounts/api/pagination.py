"""Lists in pages by cursor: new rows never shift what a reader has not seen yet."""

import re
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor as Position
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

#: Lists are ordered by whole numbers or moments.
PLAIN = re.compile(r"[0-9TZ:.+\- ]{1,40}", re.ASCII)


class Cursor(CursorPagination):
    """`{"next", "previous", "results"}`, newest first; `?page_size=` from 1 to 1 000."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1_000
    ordering = "-pk"

    def decode_cursor(self, request: Request) -> Position | None:
        """A cursor that somebody made up is refused like an unknown page. Raises NotFound."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not PLAIN.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 writes null; DRF's own is 3.0's."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
