"""Reads of compliance: deadlines, states as SQL, what an emitter has and may use."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Organisation, User
from registry.compliance import rules
from registry.compliance.models import ComplianceYear, Deadline, Surrender
from registry.compliance.rules import Scheme
from registry.ledger.models import Account

BEIJING = ZoneInfo("Asia/Shanghai")
State = ComplianceYear.State


def day_of(at: dt.datetime) -> dt.date:
    """The date in Beijing: by it deadlines end."""
    return at.astimezone(BEIJING).date()


def deadline_of(year: int, scheme: Scheme = Scheme.NATIONAL) -> dt.date:
    """The last day to surrender: the row of the table of dates, else the rule. Raises UnknownYear.

    The table of dates is the national market's; a pilot's days stand in the rules.
    """
    if scheme != Scheme.NATIONAL:
        return rules.rules_of(year, scheme).deadline
    day = Deadline.objects.filter(year=year).values_list("day", flat=True).first()
    return day or rules.rules_of(year).deadline


def with_state(found: QuerySet[ComplianceYear], today: dt.date) -> QuerySet[ComplianceYear]:
    """Adds `deadline` (a date), `gap_t` (tonnes, 0 before verification) and `state` (registry-rules.md 4).

    Not due before the emissions are verified; complete only once as much as the obligation was surrendered;
    overdue from the day after the deadline on.
    """
    by_rule = _by_year(Scheme.NATIONAL)
    by_table = Subquery(Deadline.objects.filter(year=OuterRef("year")).values("day")[:1])
    pilots = [When(emitter__sector=sector, then=_by_year(scheme)) for sector, scheme in rules.PILOTS.items()]
    national = Coalesce(by_table, by_rule, output_field=models.DateField())
    missing = Greatest(F("obligation_t") - F("surrendered_t"), Value(0))
    return found.annotate(
        deadline=Case(*pilots, default=national, output_field=models.DateField()),
        gap_t=Coalesce(missing, Value(0), output_field=models.BigIntegerField()),
    ).annotate(
        state=Case(
            When(obligation_t=None, then=Value(State.NOT_DUE.value)),
            When(surrendered_t__gte=F("obligation_t"), then=Value(State.COMPLETE.value)),
            When(deadline__lt=today, then=Value(State.OVERDUE.value)),
            When(surrendered_t__gt=0, then=Value(State.PART.value)),
            default=Value(State.OPEN.value),
            output_field=models.CharField(),
        )
    )


def _by_year(scheme: Scheme) -> Case:
    return Case(
        *(When(year=year, then=Value(rules.rules_of(year, scheme).deadline)) for year in rules.years()),
        output_field=models.DateField(),
    )


def state_and_deadline(row: ComplianceYear, today: dt.date) -> tuple[str, dt.date]:
    """Of one row, by the same expression."""
    stated: Any = with_state(ComplianceYear.objects.filter(pk=row.pk), today).get()
    return stated.state, stated.deadline


def state_of(row: ComplianceYear, today: dt.date) -> str:
    return state_and_deadline(row, today)[0]


def years_visible_to(user: User) -> QuerySet[ComplianceYear]:
    """An emitter its own; a province its emitters'; the nation and the registry operator all; others none."""
    found = ComplianceYear.objects.select_related("emitter__organisation")
    house = user.organisation
    if house.kind in {Organisation.Kind.NATIONAL, Organisation.Kind.REGISTRY}:
        return found
    if house.kind == Organisation.Kind.PROVINCE and house.province:
        return found.filter(emitter__organisation__province=house.province)
    return found.filter(emitter=house.pk)


def surrenders_visible_to(user: User) -> QuerySet[Surrender]:
    """As `years_visible_to`; and what one's own organisation gave for another."""
    found = Surrender.objects.select_related("compliance_year__emitter__organisation", "giver", "request")
    years = years_visible_to(user).order_by().values("pk")
    return found.filter(Q(compliance_year__in=years) | Q(giver=user.organisation_id))


@dataclass(frozen=True, slots=True)
class Held:
    """Tonnes of one asset that could be surrendered: at once, or after a move from trading."""

    asset: str
    registry_t: int = 0
    trading_t: int = 0
    #: held as well, and not to be had now: orders, today's purchases, pledges, freezes, requests
    locked_t: int = 0

    @property
    def total_t(self) -> int:
        return self.registry_t + self.trading_t


def holdings(organisation_id: int) -> list[Held]:
    """By asset code, without money and without what is empty."""
    free = {Account.Purpose.REGISTRY.value: "registry_t", Account.Purpose.TRADING.value: "trading_t"}
    rows = Account.objects.filter(holder=organisation_id, purpose__in=Account.HELD, balance__gt=0)
    sums: dict[str, dict[str, int]] = {}
    for asset, purpose, balance in rows.exclude(asset__kind="money").values_list(
        "asset_id", "purpose", "balance"
    ):
        place, name = sums.setdefault(asset, {}), free.get(purpose, "locked_t")
        place[name] = place.get(name, 0) + balance
    return [Held(asset, **sums[asset]) for asset in sorted(sums)]


def credits_used_t(row: ComplianceYear) -> int:
    """Credits of this year that were surrendered, or wait in a request."""
    waiting = row.surrenders.filter(state=Surrender.State.PENDING).aggregate(sum=Sum("credits_t"))["sum"]
    return row.credits_t + (waiting or 0)


def room_t(row: ComplianceYear) -> int:
    """What may still be named in a surrender of this year; 0 before verification."""
    return max(0, (row.obligation_t or 0) - row.surrendered_t - row.pending_t)
