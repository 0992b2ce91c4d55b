"""Dated events for the marks on charts: deadlines to surrender, policies, first days of instruments.

Deadlines come from the registry's table of dates, else from its rules; the days of policies from
`policy_dates.toml`, each with the document and where it was read. An instrument begins with its first bar.
"""

import datetime as dt
import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Min
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exchange.models import Bar
from registry.compliance import rules
from registry.models import Deadline

POLICIES = Path(__file__).with_name("policy_dates.toml")
DEADLINE, POLICY, LISTED = "deadline", "policy", "listing"


@dataclass(frozen=True, slots=True)
class Mark:
    """`short` fits on the chart itself; `what` is a sentence; `document` is what to cite, empty for our own."""

    day: dt.date
    kind: str
    short: str
    what: str
    document: str = ""


def marks(first: dt.date, last: dt.date) -> list[Mark]:
    """Everything in [first, last], the earliest first."""
    found = [*deadlines(), *policies(), *first_days()]
    return sorted(
        (mark for mark in found if first <= mark.day <= last),
        key=lambda mark: (mark.day, mark.kind, mark.what),
    )


def deadlines() -> list[Mark]:
    """The national market's last days to surrender; years that share one share a mark."""
    known = {year: row.deadline for year, row in rules.RULES.items()}
    known.update(Deadline.objects.values_list("year", "day"))
    years: dict[dt.date, list[int]] = {}
    for year, day in sorted(known.items()):
        years.setdefault(day, []).append(year)
    return [
        Mark(day, DEADLINE, _short(of), _("Last day to surrender for %s") % _span(of))
        for day, of in years.items()
    ]


def _short(years: list[int]) -> str:
    return _("due %s") % _span(years)


def _span(years: Iterable[int]) -> str:
    first, *rest = years
    return f"{first}–{rest[-1]}" if rest else str(first)


def policies() -> list[Mark]:
    chinese = (get_language() or "").startswith("zh")
    return [
        Mark(row["day"], POLICY, _("policy"), row["what_zh" if chinese else "what_en"], row["document"])
        for row in policy_rows()
    ]


@functools.cache
def policy_rows() -> tuple[dict[str, Any], ...]:
    """The file's rows, as it stands in it."""
    return tuple(tomllib.loads(POLICIES.read_text(encoding="utf-8"))["policy"])


def first_days() -> list[Mark]:
    """The day of each instrument's first bar."""
    began = Bar.objects.order_by().values_list("instrument__code").annotate(day=Min("day"))
    return [Mark(day, LISTED, code, _("First day of %s") % code) for code, day in began]
