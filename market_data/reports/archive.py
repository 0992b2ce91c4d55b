"""A month of published reports as a calendar: which days have one, which have an own statement, which were corrected."""

import calendar
import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Max

from accounts.models import Organisation
from exchange.models import Bulletin
from market_data.models import Report
from market_data.reports import selectors

KINDS = ("all", "market", "member")
VERSIONS = ("all", "corrected")


@dataclass(frozen=True, slots=True)
class Filters:
    """`kind` and `version` are of KINDS and VERSIONS; anything else counts as all."""

    month: dt.date
    kind: str = "all"
    version: str = "all"


@dataclass(slots=True)
class Cell:
    """One day: version of its market report and of the own statement, 0 where there is none."""

    day: dt.date
    in_month: bool
    market: int = 0
    own: int = 0
    #: only a kept bulletin from before this platform's days
    history: bool = False

    @property
    def linked(self) -> bool:
        return bool(self.market or self.own or self.history)

    @property
    def corrected(self) -> bool:
        return max(self.market, self.own) > 1


@dataclass(slots=True)
class Month:
    filters: Filters
    weeks: list[list[Cell]]
    previous: dt.date | None
    following: dt.date | None
    reports: list[Report] = field(default_factory=list)
    own_days: set[dt.date] = field(default_factory=set)


def month_of(filters: Filters, organisation: Organisation | None) -> Month:
    """The month with what the filters let through; `organisation` is the reader's."""
    first = filters.month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    market = _versions(None, first, last) if filters.kind != "member" else {}
    own = _versions(organisation, first, last) if organisation and filters.kind != "market" else {}
    if filters.version == "corrected":
        market, own = ({day: last for day, last in each.items() if last > 1} for each in (market, own))
    kept: set[dt.date] = set()
    if filters.kind == "all" and filters.version == "all":
        kept = set(Bulletin.objects.filter(day__range=(first, last)).values_list("day", flat=True))
    weeks = [
        [
            Cell(
                day,
                day.month == first.month,
                market.get(day, 0),
                own.get(day, 0),
                day in kept and day not in market,
            )
            if day.month == first.month
            else Cell(day, in_month=False)
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {*market, *own}
    latest = selectors.market_reports().filter(day__in=days)
    return Month(filters, weeks, *_neighbours(first, last), list(latest), set(own))


def _versions(organisation: Organisation | None, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """The latest version of each day of the market report (None), or of an organisation's statement."""
    kind = Report.Kind.MEMBER if organisation else Report.Kind.MARKET
    rows = Report.objects.filter(kind=kind, organisation=organisation, day__range=(first, last))
    return dict(rows.values("day").annotate(last=Max("version")).order_by().values_list("day", "last"))


def _neighbours(first: dt.date, last: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Days in the nearest months before and after that have anything to show."""
    before = [
        day
        for day in (
            Report.objects.filter(day__lt=first).aggregate(day=Max("day"))["day"],
            Bulletin.objects.filter(day__lt=first).aggregate(day=Max("day"))["day"],
        )
        if day
    ]
    after = [
        day
        for day in (
            Report.objects.filter(day__gt=last).order_by("day").values_list("day", flat=True).first(),
            Bulletin.objects.filter(day__gt=last).order_by("day").values_list("day", flat=True).first(),
        )
        if day
    ]
    return max(before, default=None), min(after, default=None)


def latest_day() -> dt.date | None:
    """The day of the newest market report; of the newest kept bulletin where there is none."""
    reports = Report.objects.filter(kind=Report.Kind.MARKET).order_by("-day").values_list("day", flat=True)
    return reports.first() or Bulletin.objects.order_by("-day").values_list("day", flat=True).first()
