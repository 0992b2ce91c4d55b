"""What happened in an emitter's year, from the first allocation to the certificate: when, what, who, which document."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.approvals.models import Document, Request
from accounts.approvals.selectors import history
from registry.allocation.models import Plan, PlanRow
from registry.compliance.completion import certificates_of
from registry.compliance.models import ComplianceYear, Deadline, Shortfall
from registry.emitters.models import ActivityReport
from registry.words import grouped, yuan


@dataclass(frozen=True, slots=True)
class Happening:
    at: dt.datetime
    what: str
    detail: str = ""
    people: list[str] = field(default_factory=list)
    link: str = ""
    documents: list[Document] = field(default_factory=list)


def timeline(row: ComplianceYear) -> list[Happening]:
    """Everything, the earliest first."""
    parts = (_allocations, _reports, _surrenders, _deadline, _certificates)
    return sorted((one for part in parts for one in part(row)), key=lambda one: one.at)


def _people(request: Request | None) -> list[str]:
    """Who asked and who decided, as the history of the request has them."""
    if request is None:
        return []
    words = {
        "asked": _("asked"),
        "approved": _("approved"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
        "expired": _("expired"),
    }
    return [f"{words[event.verdict]}: {event.by.email}" for event in history(request) if event.by is not None]


def _allocations(row: ComplianceYear) -> Iterator[Happening]:
    found = PlanRow.objects.filter(
        emitter=row.emitter_id,
        plan__year=row.year,
        plan__state=Plan.State.ISSUED,
        plan__issued_at__isnull=False,
    ).select_related("plan__request")
    for one in found:
        amount = one.final_t if one.plan.stage != Plan.Stage.PRE else one.pre_t
        detail = _("%(amount)s t determined, %(issued)s t issued, %(recalled)s t recalled") % {
            "amount": grouped(amount),
            "issued": grouped(one.issue_t),
            "recalled": grouped(one.recall_t),
        }
        assert one.plan.issued_at is not None
        yield Happening(
            one.plan.issued_at, str(one.plan.get_stage_display()), detail, _office_people(one.plan.request)
        )


def _office_people(request: Request | None) -> list[str]:
    """Offices are named, their people are the offices' own business."""
    if request is None:
        return []
    return list(dict.fromkeys(e.organisation.name for e in history(request) if e.organisation is not None))


def _reports(row: ComplianceYear) -> Iterator[Happening]:
    found = ActivityReport.objects.filter(unit__emitter=row.emitter_id, year=row.year).select_related(
        "unit", "entered_by__organisation"
    )
    for one in found.order_by("pk"):
        what = _("Emissions verified") if one.version == 1 else _("Verified emissions corrected")
        detail = _("unit %(unit)s: %(verified)s t") % {
            "unit": one.unit.code,
            "verified": grouped(one.verified_t),
        }
        office = [one.entered_by.organisation.name] if one.entered_by else []
        yield Happening(one.at, what, f"{detail}. {one.reason}" if one.reason else detail, office)


def _surrenders(row: ComplianceYear) -> Iterator[Happening]:
    found = row.surrenders.select_related("giver", "request").prefetch_related("lines", "request__documents")
    for one in found:
        lines = ", ".join(f"{line.asset_id} {grouped(line.quantity_t)} t" for line in one.lines.all())
        giver = "" if one.giver_id == row.emitter_id else _(" given by %(giver)s") % {"giver": one.giver.name}
        link = reverse("surrender", args=[one.pk]) if one.request_id else ""
        papers = list(one.request.documents.all()) if one.request else []
        yield Happening(
            one.submitted_at, _("Surrender submitted"), lines + giver, _people(one.request), link, papers
        )
        if one.decided_at is not None:
            what = _("Surrender: %(state)s") % {"state": one.get_state_display()}
            yield Happening(one.decided_at, what, f"{grouped(one.quantity_t)} t", [], link)


def _deadline(row: ComplianceYear) -> Iterator[Happening]:
    passed = Deadline.objects.filter(year=row.year, passed_at__isnull=False).first()
    if passed is not None and passed.passed_at is not None and row.state_at_deadline:
        detail = _("state kept: %(state)s") % {"state": row.get_state_at_deadline_display()}
        yield Happening(passed.passed_at, _("Deadline passed"), detail)
    short = Shortfall.objects.filter(compliance_year=row).first()
    if short is not None:
        link = reverse("shortfall", args=[short.pk])
        yield Happening(short.computed_at, _("Shortfall computed"), f"{grouped(short.missing_t)} t", [], link)
        if short.decided_at is not None:
            detail = _("fine %(fine)s yuan, deduction %(deduction)s t") % {
                "fine": yuan(short.fine_fen or 0),
                "deduction": grouped(short.decided_deduction_t or 0),
            }
            yield Happening(short.decided_at, _("Shortfall decided"), detail, [], link)


def _certificates(row: ComplianceYear) -> Iterator[Happening]:
    for one in certificates_of(row):
        link = reverse("certificate", args=[one.number])
        yield Happening(one.issued_at, _("Certificate issued"), one.number, [], link)
