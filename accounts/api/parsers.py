"""JSON as strict as money needs it: whatever is not plain, finite and unambiguous is refused with a code.

What stays out: NaN and Infinity, two members of one name, half surrogate pairs and NUL (PostgreSQL stores
neither), numbers and nesting without end, bodies above a megabyte. Fractions come as Decimal, never as float.
"""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from accounts.api.problems import Problem

#: Bytes; a batch of 1 000 orders has about 150 000. Below DATA_UPLOAD_MAX_MEMORY_SIZE.
LARGEST_BODY = 950_000
DEEPEST = 16
#: Digits; 10^30 must reach the field that refuses it by name.
LONGEST_NUMBER = 100


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises Problem: 413 for size, otherwise 400."""
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise Problem(
                413, "TOO_LARGE", _("A request has at most %(limit)s bytes.") % {"limit": LARGEST_BODY}
            )
        return strict_json(raw)


def strict_json(raw: bytes) -> Any:
    """The value of a JSON text. Raises Problem 400 with a code for everything else."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "BAD_ENCODING", _("The request is not UTF-8.")) from None
    try:
        value = DECODER.decode(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(
            400, "MALFORMED_JSON", _("The request is not JSON (%(where)s).") % {"where": where}
        ) from None
    _check(value)
    return value


def _constant(name: str) -> None:
    raise Problem(400, "NOT_A_NUMBER", _("%(name)s is no number in JSON.") % {"name": name})


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise _too_long()
    return int(digits)


def _fraction(digits: str) -> Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise _too_long()
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise _too_long() from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Problem(400, "DUPLICATE_MEMBER", _("A JSON object names a member twice."))
    return found


def _too_long() -> Problem:
    return Problem(
        400, "NUMBER_TOO_LONG", _("A number has at most %(limit)s digits.") % {"limit": LONGEST_NUMBER}
    )


def _too_deep() -> Problem:
    return Problem(400, "TOO_DEEP", _("JSON is nested at most %(limit)s deep.") % {"limit": DEEPEST})


def _check(value: Any) -> None:
    """Depth and characters of everything inside."""
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            if depth > DEEPEST:
                raise _too_deep()
            if isinstance(item, dict):
                waiting.extend((name, depth) for name in item)
                item = list(item.values())
            waiting.extend((inner, depth + 1) for inner in item)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Problem(400, "NUL_CHARACTER", _("A text holds no NUL character."))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Problem(400, "LONE_SURROGATE", _("A text holds half a surrogate pair.")) from None


DECODER = json.JSONDecoder(
    parse_constant=_constant, parse_int=_whole, parse_float=_fraction, object_pairs_hook=_members
)
