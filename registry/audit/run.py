"""All checks at one moment: what `manage.py reconcile` and every daily settlement run."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from registry.audit.breaks import Break, Check


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What the checks said: for each one, by its name, the breaks it found."""

    checks: dict[str, list[Break]]

    @property
    def breaks(self) -> list[Break]:
        return [found for each in self.checks.values() for found in each]

    @property
    def clean(self) -> bool:
        return not self.breaks

    def as_dict(self) -> dict[str, object]:
        """As it is stored and printed: {"clean", "checks": [{"check", "breaks": count}], "breaks": [...]}."""
        return {
            "clean": self.clean,
            "checks": [{"check": name, "breaks": len(found)} for name, found in self.checks.items()],
            "breaks": [found.as_dict() for found in self.breaks],
        }


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Everything inside sees the same committed rows: postings that go on meanwhile are not half seen.

    Inside somebody else's transaction the isolation cannot be chosen any more; then that transaction's holds.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def reconcile(day: dt.date | None = None) -> Reconciliation:
    """Runs every check of settings.AUDIT_CHECKS; those about a day look at `day` alone if it is given."""
    found: dict[str, list[Break]] = {}
    with one_snapshot():
        for path in settings.AUDIT_CHECKS:
            check: Check = import_string(path)
            found[path.rsplit(".", 1)[1]] = list(check(day))
    return Reconciliation(found)
