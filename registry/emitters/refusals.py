"""A refusal that belongs to one field, so that pages and the API say it there."""

from collections.abc import Callable
from typing import Any

from accounts.approvals.errors import Refused
from registry.emitters.files.problems import Bad
from registry.emitters.words import sentence


class WrongField(Refused):
    """`field` holds what it cannot hold."""

    def __init__(self, field: str, code: str, detail: Any) -> None:
        super().__init__(code, detail)
        self.field = field


def in_words(bad: Bad, text: str) -> str:
    """What a reader of files (`files/fields.py`) says of one cell, as a sentence of a form."""
    return sentence({"reason": bad.reason, "value": text[:60], "limit": bad.limit})


def read_as(reader: Callable[[str], Any], text: str, *, field: str, code: str) -> Any:
    """The value that the same reader as an import's gives. Raises WrongField."""
    try:
        return reader(text)
    except Bad as bad:
        raise WrongField(field, code, in_words(bad, text)) from bad
