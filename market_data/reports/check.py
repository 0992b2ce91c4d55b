"""Whether a file, or a hash, is that of a published report: which one, which version, and whether it is the latest.

Three ways to be genuine: the very bytes that were published (JSON), the same content written down otherwise, and
one of the other files that we make of it, byte for byte.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils import translation

from accounts.models import User
from market_data.models import Report
from market_data.reports import selectors
from market_data.reports.publish import canonical, is_intact
from market_data.reports.render import render

HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
#: The names of our files, also as browsers change them when one is there already: `… (1).csv`.
NAME = re.compile(
    r"tanshi-(market|statement-[A-Za-z0-9._-]+?)-([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-v([0-9]{1,6}))?"
    r"(?:-(market|blocks|proof|settlement|accounts|trades|orders))?(?: ?\([0-9]+\))?\.(csv|xlsx|parquet|pdf|txt)",
    re.ASCII,
)
LANGUAGES = ("zh-hans", "en")
MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`way` is `published`, `rewritten` or `made`; `intact` is whether what we keep still gives its hash."""

    report: Report
    way: str
    latest: bool
    intact: bool


def of_hash(text: str) -> Verdict | None:
    """A pasted SHA-256 in hex; None where no report has it."""
    wanted = text.strip().lower()
    if not HASH.fullmatch(wanted):
        return None
    return _verdict(Report.objects.filter(sha256=wanted).select_related("organisation").first(), "published")


def of_file(data: bytes, name: str, reader: object) -> Verdict | None:
    """A file, under the name that it was downloaded with. Statements are made anew for their own people alone."""
    return (
        of_hash(hashlib.sha256(data).hexdigest())
        or _rewritten(data)
        or _verdict(_made(data, name, reader), "made")
    )


def _rewritten(data: bytes) -> Verdict | None:
    """JSON with the same content: other spaces, another order."""
    try:
        content: Any = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    found = of_hash(hashlib.sha256(canonical(content)).hexdigest())
    return found and Verdict(found.report, "rewritten", found.latest, found.intact)


def _made(data: bytes, name: str, reader: object) -> Report | None:
    """The report that the name says, if one of the files that we make of it is this one."""
    match = NAME.fullmatch(name)
    if match is None:
        return None
    subject, day, version, only, form = match.groups()
    report = _named(subject, day, int(version or 1), reader)
    if report is None or (form == "txt" and subject != "market"):
        return None
    for language in LANGUAGES:
        with translation.override(language):
            if render(report, form, only=only).data == data:
                return report
    return None


def _named(subject: str, day: str, version: int, reader: object) -> Report | None:
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        return None
    if subject == "market":
        return selectors.market_report(date, version)
    return selectors.statement(reader.organisation, date, version) if isinstance(reader, User) else None


def _verdict(report: Report | None, way: str) -> Verdict | None:
    if report is None:
        return None
    last = selectors.versions(report).last()
    return Verdict(report, way, latest=last is not None and last.pk == report.pk, intact=is_intact(report))


def may_name(report: Report, reader: object) -> bool:
    """Whether the reader may be told whose statement it is."""
    return report.organisation_id is None or (
        isinstance(reader, User) and reader.organisation_id == report.organisation_id
    )
