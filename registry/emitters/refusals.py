"""What a reader of files says of a field, as a refusal that pages and the API show there."""

from collections.abc import Callable
from typing import Any

from accounts.approvals.errors import WrongField
from registry.emitters.files.problems import Bad
from registry.emitters.words import sentence


def in_words(bad: Bad, text: str) -> str:
    """What a reader of files (`files/fields.py`) says of one cell, as a sentence of a form."""
    return sentence({"reason": bad.reason, "value": text[:60], "limit": bad.limit})


def read_as(reader: Callable[[str], Any], text: str, *, field: str, code: str) -> Any:
    """The value that the same reader as an import's gives. Raises WrongField."""
    try:
        return reader(text)
    except Bad as bad:
        raise WrongField(field, code, in_words(bad, text)) from bad
