"""A compliance year from above. Every figure of a page comes from a handful of statements, whatever the number
of emitters. Quantities are tonnes; `today` is the platform's day in Beijing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.approvals import selectors as requests
from accounts.approvals.models import Request
from accounts.models import User
from accounts.provinces import PROVINCES
from registry.compliance.selectors import with_state
from registry.emitters.models import NATIONAL_SECTORS
from registry.models import ComplianceYear, Deadline, Surrender
from registry.oversight.rights import within
from registry.spreadsheets import BEIJING

State = ComplianceYear.State
#: Those that a bar shows, from its left.
SHOWN_STATES = (State.COMPLETE, State.PART, State.OPEN, State.OVERDUE, State.NOT_DUE)


@dataclass
class Group:
    """Sums over some emitters of a year."""

    key: str = ""
    states: dict[str, int] = field(default_factory=dict)
    verified_t: int = 0
    allocated_t: int = 0
    obligation_t: int = 0
    surrendered_t: int = 0
    credits_t: int = 0
    gap_t: int = 0

    def add(self, row: dict[str, Any]) -> None:
        self.states[row["state"]] = self.states.get(row["state"], 0) + row["emitters"]
        for name in ("verified_t", "allocated_t", "obligation_t", "surrendered_t", "credits_t", "gap_t"):
            setattr(self, name, getattr(self, name) + (row[f"sum_{name}"] or 0))

    @property
    def emitters(self) -> int:
        return sum(self.states.values())

    def count(self, state: str) -> int:
        return self.states.get(state, 0)

    @property
    def complete_pct(self) -> Decimal:
        """Of its emitters, in per cent, one place, rounded down: 100.0 only where really all are."""
        return _share(self.count(State.COMPLETE), self.emitters)

    @property
    def surrendered_pct(self) -> Decimal:
        return _share(self.surrendered_t, self.obligation_t)


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part * 1000 // whole) / 10 if whole else Decimal(0)


@dataclass(frozen=True)
class Overview:
    whole: Group
    by_province: list[Group]
    by_sector: list[Group]


def rows_of(user: User, year: int, today: dt.date) -> QuerySet[Any]:
    """The year's rows that this person oversees, with `state`, `gap_t`, `deadline`."""
    rows = ComplianceYear.objects.filter(within(user, "emitter__organisation"), year=year)
    return with_state(rows, today)


def years_of(user: User) -> list[int]:
    """Years in which anybody whom this person oversees is covered, the latest first."""
    rows = ComplianceYear.objects.filter(within(user, "emitter__organisation"))
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def default_year(years: list[int], today: dt.date) -> int:
    """The earliest year whose deadline has not passed: what is being worked on; else the latest."""
    due = Deadline.objects.filter(year__in=years, day__gte=today).order_by("day", "year")
    first = due.values_list("year", flat=True).first()
    return first or (years[0] if years else today.year - 1)


def overview(rows: QuerySet[Any]) -> Overview:
    """The whole, each province and each sector of the national market, from one statement."""
    sums: dict[str, Any] = {
        f"sum_{name}": Sum(name)
        for name in ("verified_t", "allocated_t", "obligation_t", "surrendered_t", "credits_t", "gap_t")
    }
    found = list(
        rows.filter(emitter__sector__in=NATIONAL_SECTORS)
        .order_by()
        .values("emitter__organisation__province", "emitter__sector", "state")
        .annotate(emitters=Count("pk"), **sums)
    )
    whole = Group()
    for row in found:
        whole.add(row)
    return Overview(
        whole,
        _grouped(found, "emitter__organisation__province", list(PROVINCES)),
        _grouped(found, "emitter__sector", [sector.value for sector in NATIONAL_SECTORS]),
    )


def _grouped(found: Iterable[dict[str, Any]], key: str, order: list[str]) -> list[Group]:
    groups: dict[str, Group] = {}
    for row in found:
        groups.setdefault(row[key], Group(row[key])).add(row)
    rank = {name: number for number, name in enumerate(order)}
    return sorted(groups.values(), key=lambda group: (rank.get(group.key, len(rank)), group.key))


def largest_gaps(rows: QuerySet[Any], count: int = 10) -> list[ComplianceYear]:
    found = rows.filter(gap_t__gt=0).select_related("emitter__organisation")
    return list(found.order_by("-gap_t", "pk")[:count])


@dataclass(frozen=True, slots=True)
class CurvePoint:
    day: dt.date
    surrendered_t: int
    #: cumulative
    total_t: int


def curve(user: User, year: int) -> list[CurvePoint]:
    """Surrendered for the year, day by day, each day that saw any; approved surrenders alone."""
    rows = (
        Surrender.objects.filter(
            within(user, "compliance_year__emitter__organisation"),
            compliance_year__year=year,
            compliance_year__emitter__sector__in=NATIONAL_SECTORS,
            state=Surrender.State.APPROVED,
            decided_at__isnull=False,
        )
        .annotate(day=TruncDate("decided_at", tzinfo=BEIJING))
        .values("day")
        .annotate(tonnes=Sum("quantity_t"))
        .order_by("day")
    )
    points, total = [], 0
    for row in rows:
        total += row["tonnes"]
        points.append(CurvePoint(row["day"], row["tonnes"], total))
    return points


def changed_today(user: User, today: dt.date, count: int = 10) -> list[Request]:
    """Decisions of today about whom this person oversees, the latest first."""
    start = dt.datetime.combine(today, dt.time(), BEIJING)
    found = requests.visible_to(user).filter(decided_at__gte=start)
    return list(found.order_by("-decided_at", "-pk")[:count])
