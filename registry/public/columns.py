"""The public tables as files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.provinces import province_name
from registry.exports import Column, Kind
from registry.models import Cancellation, ComplianceYear, Project, Sector
from registry.public.selectors import YearTotals

Rows = Iterator[Sequence[Any]]
EMITTERS = (
    Column(gettext_lazy("Code")),
    Column(gettext_lazy("Emitter")),
    Column(gettext_lazy("Province")),
    Column(gettext_lazy("Sector")),
    Column(gettext_lazy("Year")),
    Column(gettext_lazy("Verified (t)"), Kind.TONNES),
    Column(gettext_lazy("Allocated (t)"), Kind.TONNES),
    Column(gettext_lazy("Surrender")),
    Column(gettext_lazy("Made up for the demo")),
)
YEARS = (
    Column(gettext_lazy("Year")),
    Column(gettext_lazy("Deadline"), Kind.DATE),
    Column(gettext_lazy("Emitters"), Kind.TONNES),
    Column(gettext_lazy("Verified (t)"), Kind.TONNES),
    Column(gettext_lazy("Allocated (t)"), Kind.TONNES),
    Column(gettext_lazy("Complete"), Kind.TONNES),
    Column(gettext_lazy("Overdue"), Kind.TONNES),
)
CANCELLATIONS = (
    Column(gettext_lazy("Certificate")),
    Column(gettext_lazy("Issued at"), Kind.MOMENT),
    Column(gettext_lazy("Cancelled by")),
    Column(gettext_lazy("Asset")),
    Column(gettext_lazy("Cancelled (t)"), Kind.TONNES),
    Column(gettext_lazy("Beneficiary")),
    Column(gettext_lazy("Purpose")),
)
PROJECTS = (
    Column(gettext_lazy("Code")),
    Column(gettext_lazy("Scheme")),
    Column(gettext_lazy("Project")),
    Column(gettext_lazy("Owner")),
    Column(gettext_lazy("Methodology")),
    Column(gettext_lazy("Sector")),
    Column(gettext_lazy("Province")),
    Column(gettext_lazy("Registered on"), Kind.DATE),
    Column(gettext_lazy("In a covered sector")),
    Column(gettext_lazy("Issued (t)"), Kind.TONNES),
)


def state_words(state: str) -> str:
    """The published state; before the deadline that it is still to come."""
    return str(ComplianceYear.State(state).label) if state else _("deadline still to come")


def emitter_rows(rows: Iterable[Any]) -> Rows:
    for row in rows:
        house = row.emitter.organisation
        yield (
            house.code, house.name, province_name(house.province), Sector(row.emitter.sector).label, row.year,
            row.verified_t, row.allocated_t, state_words(row.published), _("yes") if row.emitter.synthetic else "",
        )  # fmt: skip


def year_rows(rows: Iterable[YearTotals]) -> Rows:
    for row in rows:
        states = (row.complete, row.overdue) if row.due else (None, None)
        yield row.year, row.deadline, row.emitters, row.verified_t, row.allocated_t, *states


def cancellation_rows(rows: Iterable[Cancellation]) -> Rows:
    for row in rows:
        assert row.certificate is not None
        yield (
            row.certificate.number, row.certificate.issued_at, row.organisation.name, row.asset_id, row.quantity_t,
            row.beneficiary, row.purpose,
        )  # fmt: skip


def project_rows(rows: Iterable[Any]) -> Rows:
    for row in rows:
        yield (
            row.code, Project.Scheme(row.scheme).label, name_of(row), row.owner.name, row.methodology, row.sector,
            province_name(row.province), row.registered_on, _("yes") if row.in_covered_sector else "", row.issued_t,
        )  # fmt: skip


def name_of(project: Project) -> str:
    """In the language of the page."""
    return project.name_zh if (get_language() or "").startswith("zh") else project.name_en
