"""Publishing: a report's content becomes a numbered version with a SHA-256, and never changes again.

The canonical form of a content is its JSON with sorted keys, without spaces, in UTF-8. It is what is hashed and
what is downloaded, so that `sha256sum FILE` proves a file. Contents hold strings, whole numbers, true, false
and null alone: a fraction would have more than one way to be written (docs/reports.md).
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from accounts.models import Organisation
from market_data.models import Report
from market_data.reports.figures import moment

Content = dict[str, Any]


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write a content down. Parts may be `msgspec.Raw`: canonical already."""
    return msgspec.json.encode(content, order="sorted")


def digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def is_intact(report: Report) -> bool:
    """Whether the stored content still gives the hash under which it was published."""
    return digest(report.content) == report.sha256


def publish_market(day: dt.date, body: Content, *, at: dt.datetime) -> Report:
    """The first version of a day's market report."""
    return Report.objects.get(pk=_publish(Report.Kind.MARKET, day, None, body, version=1, reason="", at=at))


def publish_statements(
    day: dt.date, bodies: Iterable[tuple[Organisation, Content]], *, at: dt.datetime
) -> list[Organisation]:
    """The first versions of some members' statements; gives those whose statement does not add up."""
    astray = []
    with transaction.atomic():
        for organisation, body in bodies:
            _publish(Report.Kind.MEMBER, day, organisation.pk, body, version=1, reason="", at=at)
            if not body["adds_up"]:
                astray.append(organisation)
    return astray


def correct(report: Report, body: Content, *, reason: str, at: dt.datetime) -> Report:
    """The next version of a published report. The earlier ones stay, and stay readable; the reason is shown.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("A correction needs a reason.")
    same = Report.objects.filter(kind=report.kind, day=report.day, organisation=report.organisation)
    with transaction.atomic():
        last = same.aggregate(last=Max("version"))["last"]
        made = _publish(
            report.kind,
            report.day,
            report.organisation_id,
            body,
            version=last + 1,
            reason=reason.strip(),
            at=at,
        )
    return Report.objects.get(pk=made)


INSERT = """
    INSERT INTO market_data_report (kind, day, organisation_id, version, reason, content, sha256, published_at)
    VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s) RETURNING id
"""


def _publish(
    kind: str,
    day: dt.date,
    organisation_id: int | None,
    body: Content,
    *,
    version: int,
    reason: str,
    at: dt.datetime,
) -> int:
    """Writes the very text that is hashed: a busy member's statement is too large to be parsed on the way."""
    text = canonical(
        {
            **body,
            "kind": str(kind),
            "day": day.isoformat(),
            "version": version,
            "reason": reason,
            "published_at": moment(at),
        }
    )
    sha256 = hashlib.sha256(text).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, (str(kind), day, organisation_id, version, reason, text.decode(), sha256, at))
        return int(cursor.fetchone()[0])
