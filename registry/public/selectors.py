"""Reads for the public pages, the public API and their files. Tonnes; `today` is the platform's day in Beijing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When

from accounts.provinces import PROVINCES
from registry.compliance import rules
from registry.compliance.selectors import day_of, with_state
from registry.emitters.models import NATIONAL_SECTORS
from registry.models import Cancellation, ComplianceYear, Deadline, Sector
from registry.oversight.vintages import identity_holds, last_seal, vintages
from registry.spreadsheets import BEIJING

State = ComplianceYear.State
#: What `published` may say; empty before the deadline.
PUBLISHED = (State.COMPLETE, State.OVERDUE, State.NOT_DUE)
LONGEST_TEXT = 100


def latest_deadline(today: dt.date) -> dt.date | None:
    """The latest deadline that has passed, of any year that somebody is covered in."""
    known = dict(Deadline.objects.values_list("year", "day"))
    days = [
        known.get(year) or rules.RULES[year].deadline
        for year in covered_years()
        if year in known or year in rules.RULES
    ]
    return max((day for day in days if day < today), default=None)


def published(today: dt.date) -> QuerySet[Any]:
    """Rows with `published`, the state as of the latest deadline; empty where the year's own is still to come.

    A state that was kept at the deadline as open or part surrendered reads as overdue here.
    """
    last = latest_deadline(today)
    until = dt.datetime.combine((last or dt.date(2000, 1, 1)) + dt.timedelta(days=1), dt.time(), BEIJING)
    unfinished = [State.OPEN, State.PART, State.OVERDUE]
    return with_state(ComplianceYear.objects.all(), today).annotate(
        published=Case(
            When(Q(deadline__gte=today) | Q(deadline=None), then=Value("")),
            When(completed_at__lt=until, then=Value(State.COMPLETE.value)),
            When(state_at_deadline__in=unfinished, then=Value(State.OVERDUE.value)),
            When(~Q(state_at_deadline=""), then=F("state_at_deadline")),
            default=F("state"),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list of emitters; unknown values were left out."""

    year: int | None = None
    province: str = ""
    sector: str = ""
    state: str = ""
    text: str = ""


def read_wanted(query: Any) -> Wanted:
    year = query.get("year", "")
    return Wanted(
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        province=_known(query.get("province", ""), PROVINCES),
        sector=_known(query.get("sector", ""), Sector.values),
        state=_known(query.get("state", ""), [state.value for state in PUBLISHED]),
        text=query.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT],
    )


def _known(value: str, known: Any) -> str:
    return value if value in known else ""


def emitters(wanted: Wanted, today: dt.date) -> QuerySet[Any]:
    """Covered emitters by year, with verified emissions, allocation and published state; by id."""
    rows = published(today).select_related("emitter__organisation")
    if wanted.year is not None:
        rows = rows.filter(year=wanted.year)
    if wanted.province:
        rows = rows.filter(emitter__organisation__province=wanted.province)
    if wanted.sector:
        rows = rows.filter(emitter__sector=wanted.sector)
    if wanted.state:
        rows = rows.filter(published=wanted.state)
    if wanted.text:
        path = "emitter__organisation__"
        rows = rows.filter(
            Q(**{f"{path}code__icontains": wanted.text})
            | Q(**{f"{path}name_zh__icontains": wanted.text})
            | Q(**{f"{path}name_en__icontains": wanted.text})
        )
    return rows.order_by("pk")


def covered_years() -> list[int]:
    return list(ComplianceYear.objects.order_by("-year").values_list("year", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class YearTotals:
    year: int
    deadline: dt.date | None
    emitters: int
    verified_t: int
    allocated_t: int
    complete: int
    overdue: int
    #: whether states are published: the deadline has passed
    due: bool


def years(today: dt.date) -> list[YearTotals]:
    """Every year's totals of the national market, the latest first, from one statement besides the deadline's."""
    rows = (
        published(today)
        .filter(emitter__sector__in=NATIONAL_SECTORS)
        .order_by()
        .values("year", "deadline")
        .annotate(
            emitters=Count("pk"),
            verified=Sum("verified_t"),
            allocated=Sum("allocated_t"),
            complete=Count("pk", filter=Q(published=State.COMPLETE)),
            overdue=Count("pk", filter=Q(published=State.OVERDUE)),
        )
        .order_by("-year")
    )
    return [
        YearTotals(
            row["year"], row["deadline"], row["emitters"], row["verified"] or 0, row["allocated"] or 0,
            row["complete"], row["overdue"], row["deadline"] is not None and row["deadline"] < today,
        )
        for row in rows
    ]  # fmt: skip


def cancellations(text: str = "") -> QuerySet[Cancellation]:
    """Units cancelled for somebody's benefit, with their certificates, the latest first."""
    rows = Cancellation.objects.filter(
        state=Cancellation.State.CANCELLED, certificate__isnull=False
    ).select_related("certificate", "organisation")
    if text:
        rows = rows.filter(
            Q(certificate__number__iexact=text)
            | Q(beneficiary__icontains=text)
            | Q(purpose__icontains=text)
            | Q(organisation__name_zh__icontains=text)
            | Q(organisation__name_en__icontains=text)
        )
    return rows.order_by("-pk")


def registers(now: dt.datetime) -> dict[str, Any]:
    """Compliance by year, and every vintage with its identity and the last hash: what pages show of them."""
    rows = vintages()
    return {
        "years": years(day_of(now)),
        "vintages": rows,
        "holds": identity_holds(rows),
        "seal": last_seal(),
        "checked_at": now,
    }
