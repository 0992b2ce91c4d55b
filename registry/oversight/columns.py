"""The tables of oversight as columns and rows: the same for a file of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.approvals.models import Request
from accounts.approvals.shown import line_of
from accounts.provinces import province_name
from registry.exports import Column, Kind
from registry.models import Account, ComplianceYear, Sector, Transfer, Unit
from registry.oversight.emitters import HoldingRow
from registry.oversight.vintages import Vintage
from registry.oversight.years import CurvePoint, Group

Rows = Iterator[Sequence[Any]]
TABLE = (
    Column(gettext_lazy("Code")),
    Column(gettext_lazy("Emitter")),
    Column(gettext_lazy("Province")),
    Column(gettext_lazy("Sector")),
    Column(gettext_lazy("Year")),
    Column(gettext_lazy("Verified (t)"), Kind.TONNES),
    Column(gettext_lazy("Allocated (t)"), Kind.TONNES),
    Column(gettext_lazy("Obligation (t)"), Kind.TONNES),
    Column(gettext_lazy("Surrendered (t)"), Kind.TONNES),
    Column(gettext_lazy("of it credits (t)"), Kind.TONNES),
    Column(gettext_lazy("Gap (t)"), Kind.TONNES),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Lowest fine (yuan)"), Kind.FEN),
    Column(gettext_lazy("Highest fine (yuan)"), Kind.FEN),
    Column(gettext_lazy("Decided fine (yuan)"), Kind.FEN),
    Column(gettext_lazy("Made up for the demo")),
)
GROUPS = (
    Column(gettext_lazy("Group")),
    Column(gettext_lazy("Emitters"), Kind.TONNES),
    Column(gettext_lazy("Complete"), Kind.TONNES),
    Column(gettext_lazy("Complete (%)"), Kind.PERCENT),
    Column(gettext_lazy("Part surrendered"), Kind.TONNES),
    Column(pgettext_lazy("compliance year", "Open"), Kind.TONNES),
    Column(gettext_lazy("Overdue"), Kind.TONNES),
    Column(gettext_lazy("Not due"), Kind.TONNES),
    Column(gettext_lazy("Obligation (t)"), Kind.TONNES),
    Column(gettext_lazy("Surrendered (t)"), Kind.TONNES),
    Column(gettext_lazy("Gap (t)"), Kind.TONNES),
)
CURVE = (
    Column(gettext_lazy("Day"), Kind.DATE),
    Column(gettext_lazy("Surrendered (t)"), Kind.TONNES),
    Column(gettext_lazy("Surrendered so far (t)"), Kind.TONNES),
)
VINTAGES = (
    Column(gettext_lazy("Asset")),
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Issued (t)"), Kind.TONNES),
    Column(gettext_lazy("Held (t)"), Kind.TONNES),
    Column(gettext_lazy("Surrendered (t)"), Kind.TONNES),
    Column(gettext_lazy("Cancelled (t)"), Kind.TONNES),
    Column(gettext_lazy("Converted (t)"), Kind.TONNES),
    Column(gettext_lazy("Difference (t)"), Kind.TONNES),
)
TRANSFERS = (
    Column(gettext_lazy("No.")),
    Column(gettext_lazy("Day"), Kind.DATE),
    Column(gettext_lazy("Time"), Kind.MOMENT),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Asset")),
    Column(gettext_lazy("Amount (t, or fen of CNY)"), Kind.TONNES),
    Column(gettext_lazy("From")),
    Column(gettext_lazy("From purpose")),
    Column(gettext_lazy("To")),
    Column(gettext_lazy("To purpose")),
    Column(gettext_lazy("Cause")),
)
UNITS = (
    Column(gettext_lazy("Unit")),
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Class")),
    Column(gettext_lazy("Capacity (MW)")),
    Column(gettext_lazy("Cooling")),
)
REQUESTS = (
    Column(gettext_lazy("No.")),
    Column(gettext_lazy("What")),
    Column(gettext_lazy("Asked by")),
    Column(gettext_lazy("Asked at"), Kind.MOMENT),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Decided at"), Kind.MOMENT),
    Column(gettext_lazy("Summary")),
)


def table_rows(years: Iterable[Any]) -> Rows:
    """Rows with `state` and `gap_t`; emitter, organisation and shortfall are read with them."""
    for row in years:
        house, fine = row.emitter.organisation, getattr(row, "shortfall", None)
        yield (
            house.code, house.name, province_name(house.province), Sector(row.emitter.sector).label, row.year,
            row.verified_t, row.allocated_t, row.obligation_t, row.surrendered_t, row.credits_t, row.gap_t,
            ComplianceYear.State(row.state).label, fine and fine.fine_low_fen, fine and fine.fine_high_fen,
            fine and fine.fine_fen, _("yes") if row.emitter.synthetic else "",
        )  # fmt: skip


def group_rows(groups: Iterable[Group], name: Callable[[str], str]) -> Rows:
    for group in groups:
        yield (
            name(group.key), group.emitters, group.count("complete"), group.complete_pct, group.count("part"),
            group.count("open"), group.count("overdue"), group.count("not_due"), group.obligation_t,
            group.surrendered_t, group.gap_t,
        )  # fmt: skip


def curve_rows(points: Iterable[CurvePoint]) -> Rows:
    return ((point.day, point.surrendered_t, point.total_t) for point in points)


def vintage_rows(rows: Iterable[Vintage]) -> Rows:
    for row in rows:
        yield (
            row.code, row.name, row.issued_t, row.held_t, row.surrendered_t, row.cancelled_t, row.converted_t,
            row.difference_t,
        )  # fmt: skip


def transfer_rows(rows: Iterable[Transfer]) -> Rows:
    for row in rows:
        yield (
            row.pk, row.day, row.at, Transfer.Kind(row.kind).label, row.asset_id, row.amount,
            row.debit.holder.name, row.debit.get_purpose_display(),
            row.credit.holder.name, row.credit.get_purpose_display(), row.cause,
        )  # fmt: skip


def unit_rows(rows: Iterable[Unit]) -> Rows:
    for row in rows:
        yield row.code, row.name, row.unit_class, row.capacity_mw, row.get_cooling_display()


def request_rows(rows: Iterable[Request]) -> Rows:
    for row in rows:
        line = line_of(row)
        yield (
            row.pk, line.title, row.organisation.name, row.requested_at, row.get_state_display(),
            row.decided_at, line.summary,
        )  # fmt: skip


def holding_columns(purposes: Iterable[str]) -> tuple[Column, ...]:
    labels = dict(Account.Purpose.choices)
    return (
        Column(_("Asset")),
        *(Column(f"{labels[purpose]} (t)", Kind.TONNES) for purpose in purposes),
    )


def holding_rows(rows: Iterable[HoldingRow]) -> Rows:
    return ((row.asset, *row.amounts) for row in rows)
