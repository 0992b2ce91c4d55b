"""Publishing: a report's content becomes a numbered version with a SHA-256, and never changes again.

The canonical form of a content is its JSON with sorted keys, without spaces, in UTF-8. It is what is hashed and
what is downloaded, so that `sha256sum FILE` proves a file. Contents hold strings, whole numbers, true, false
and null alone: a fraction would have more than one way to be written.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Organisation
from market_data.models import Report
from market_data.reports.figures import moment

Content = dict[str, Any]


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write a content down."""
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_no_fraction
    )
    return text.encode()


def _no_fraction(value: object) -> None:
    raise TypeError(f"{value!r} has no canonical form")


def digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def is_intact(report: Report) -> bool:
    """Whether the stored content still gives the hash under which it was published."""
    return digest(report.content) == report.sha256


def publish_market(day: dt.date, body: Content, *, at: dt.datetime) -> Report:
    """The first version of a day's market report."""
    report = _made(Report.Kind.MARKET, day, None, body, version=1, reason="", at=at)
    report.save(force_insert=True)
    return report


def publish_statements(
    day: dt.date, bodies: Iterable[tuple[Organisation, Content]], *, at: dt.datetime
) -> list[Report]:
    """The first versions of some members' statements, in one statement."""
    return Report.objects.bulk_create(
        _made(Report.Kind.MEMBER, day, organisation, body, version=1, reason="", at=at)
        for organisation, body in bodies
    )


def correct(report: Report, body: Content, *, reason: str, at: dt.datetime) -> Report:
    """The next version of a published report. The earlier ones stay, and stay readable; the reason is shown.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("A correction needs a reason.")
    same = Report.objects.filter(kind=report.kind, day=report.day, organisation=report.organisation)
    with transaction.atomic():
        last = same.aggregate(last=Max("version"))["last"]
        corrected = _made(
            report.kind, report.day, report.organisation, body, version=last + 1, reason=reason.strip(), at=at
        )
        corrected.save(force_insert=True)
    return corrected


def _made(
    kind: str,
    day: dt.date,
    organisation: Organisation | None,
    body: Content,
    *,
    version: int,
    reason: str,
    at: dt.datetime,
) -> Report:
    content = {
        **body,
        "kind": kind,
        "day": day.isoformat(),
        "version": version,
        "reason": reason,
        "published_at": moment(at),
    }
    return Report(
        kind=kind,
        day=day,
        organisation=organisation,
        version=version,
        reason=reason,
        content=content,
        sha256=digest(content),
        published_at=at,
    )
