"""A year is complete once as much as the obligation was surrendered; the certificate follows by itself."""

import datetime as dt
from typing import Any

from registry.certificates.issuing import issue
from registry.compliance.models import Certificate, ComplianceYear
from registry.compliance.rules import scheme_of
from registry.compliance.selectors import day_of, deadline_of


def note_completion(row: ComplianceYear, at: dt.datetime) -> None:
    """Keeps `completed_at` true, and issues the certificate (履约证明). The row is locked by the caller.

    Verified emissions that were corrected upwards open a completed year again; its certificate stays what it
    was, a true statement of its day, and another follows.
    """
    complete = row.obligation_t is not None and row.surrendered_t >= row.obligation_t
    if complete == (row.completed_at is not None):
        return
    row.completed_at = at if complete else None
    row.save(update_fields=["completed_at"])
    if complete and row.surrendered_t:
        issue(Certificate.Kind.COMPLIANCE.value, row.emitter.organisation, content(row, at), at)


def content(row: ComplianceYear, at: dt.datetime, *, last: dt.date | None = None) -> dict[str, Any]:
    """What a certificate of surrender states. Sums only: vintages would show what the emitter held.

    `last`: the deadline, where it is known already.
    """
    deadline = last or deadline_of(row.year, scheme_of(row.emitter.sector))
    return {
        "year": row.year,
        "obligation_t": row.obligation_t,
        "surrendered_t": row.surrendered_t,
        "allowances_t": row.surrendered_t - row.credits_t,
        "credits_t": row.credits_t,
        "sector": row.emitter.sector,
        "province": row.emitter.organisation.province,
        "credit_code": row.emitter.organisation.credit_code,
        "synthetic": row.emitter.synthetic,
        "deadline": deadline.isoformat(),
        "completed_on": day_of(at).isoformat(),
        "in_time": day_of(at) <= deadline,
    }


def certificates_of(row: ComplianceYear) -> list[Certificate]:
    """The certificates of this year, the latest first."""
    return list(
        Certificate.objects.filter(
            organisation=row.emitter_id, kind=Certificate.Kind.COMPLIANCE, content__year=row.year
        ).order_by("-pk")
    )
