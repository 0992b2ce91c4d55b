"""The table of all emitters of a year, and everything about one of them. Tonnes; money in fen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.approvals import selectors as requests
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from registry.compliance.selectors import with_state
from registry.market_port import market
from registry.models import Account, Asset, ComplianceYear, Emitter, Transfer
from registry.oversight import filters
from registry.oversight.rights import within
from registry.oversight.years import rows_of

DAY_LENGTH = 10


def table(user: User, year: int, today: dt.date, wanted: filters.Filters) -> QuerySet[Any]:
    """Rows of the year with emitter and, where computed, shortfall; filtered and sorted."""
    rows = rows_of(user, year, today).select_related("emitter__organisation", "shortfall")
    return filters.apply(rows, wanted)


def overdue(user: User, year: int, today: dt.date) -> QuerySet[Any]:
    """Those whose deadline passed with tonnes missing, the largest gap first, with the computed fines."""
    rows = rows_of(user, year, today).filter(state=ComplianceYear.State.OVERDUE)
    return rows.select_related("emitter__organisation", "shortfall").order_by("-gap_t", "pk")


def overseen(user: User) -> QuerySet[Emitter]:
    return Emitter.objects.select_related("organisation").filter(within(user, "organisation"))


def years_of(emitter: Emitter, today: dt.date) -> QuerySet[Any]:
    rows = with_state(ComplianceYear.objects.filter(emitter=emitter), today)
    return rows.select_related("shortfall").order_by("-year")


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One asset's balances by purpose, in tonnes (fen for CNY), in the order of `purposes`."""

    asset: str
    amounts: list[int]


def holdings(organisation: Organisation) -> tuple[list[str], list[HoldingRow]]:
    """The purposes in which there is anything, and a row for each vintage or credit."""
    found = list(
        Account.objects.filter(holder=organisation)
        .exclude(asset=Asset.CNY)
        .exclude(purpose=Account.Purpose.SOURCE)
        .exclude(balance=0)
        .order_by("asset_id")
        .values_list("asset_id", "purpose", "balance")
    )
    used = {purpose for _asset, purpose, _balance in found}
    purposes = [purpose for purpose in Account.Purpose.values if purpose in used]
    amounts: dict[str, dict[str, int]] = {}
    for asset, purpose, balance in found:
        amounts.setdefault(asset, {})[purpose] = balance
    return purposes, [
        HoldingRow(asset, [by_purpose.get(purpose, 0) for purpose in purposes])
        for asset, by_purpose in amounts.items()
    ]


@dataclass(frozen=True, slots=True)
class TransferFilter:
    kind: str = ""
    asset: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def read_transfer_filter(query: Mapping[str, str]) -> TransferFilter:
    kind, asset = query.get("kind", ""), query.get("asset", "")
    return TransferFilter(
        kind=kind if kind in Transfer.Kind.values else "",
        asset=asset if asset.isascii() and len(asset) <= 16 and "\0" not in asset else "",
        since=_day(query.get("from", "")),
        until=_day(query.get("to", "")),
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == DAY_LENGTH else None
    except ValueError:
        return None


def transfers(organisation: Organisation, wanted: TransferFilter) -> QuerySet[Transfer]:
    """Every transfer from or to this holder's accounts, trades (kind `trade`) among them, the latest first.

    Without those that would break the seal of a bid: they are shown when its auction has ended.
    """
    accounts = list(Account.objects.filter(holder=organisation).values_list("pk", flat=True))
    found = Transfer.objects.filter(Q(debit__in=accounts) | Q(credit__in=accounts))
    if sealed := market().sealed_causes(organisation):
        found = found.exclude(cause__in=sealed)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.asset:
        found = found.filter(asset=wanted.asset)
    if wanted.since:
        found = found.filter(day__gte=wanted.since)
    if wanted.until:
        found = found.filter(day__lte=wanted.until)
    return found.select_related("debit__holder", "credit__holder").order_by("-pk")


def requests_about(user: User, organisation: Organisation) -> QuerySet[Request]:
    """What it asked for, and what was asked about it, as far as this reader may see it."""
    concerned = Q(organisation=organisation) | Q(about=organisation)
    return requests.visible_to(user).filter(concerned).order_by("-pk")
