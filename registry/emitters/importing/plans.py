"""What a file would do, worked out against the database without changing it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from registry.emitters.files.problems import Problem

#: The preview lists so many changes; the rest is counted.
LISTED = 1_000
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Change:
    """One row's effect: which fields it changes from what to what, as text."""

    line: int
    entity: str
    unit: str
    what: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "line": self.line, "entity": self.entity, "unit": self.unit, "what": self.what, "before": self.before,
            "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """`work` is what `applying` needs; it is empty where there are problems."""

    rows: int
    problems: Sequence[Problem]
    changes: Sequence[Change] = ()
    work: Sequence[Any] = ()

    @cached_property
    def basis(self) -> str:
        """SHA-256 of all effects: the same file has another one when what it meets has changed."""
        text = json.dumps([change.as_dict() for change in self.changes], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def counts(self) -> Counter[str]:
        return Counter(change.what for change in self.changes)

    def listed(self) -> list[dict[str, Any]]:
        """New and changed rows for the preview."""
        return [change.as_dict() for change in self.changes if change.what != SAME][:LISTED]


def difference(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Only the fields that differ."""
    names = [name for name in after if before.get(name, "") != after[name]]
    return {name: before.get(name, "") for name in names}, {name: after[name] for name in names}
