"""Corrections: an operator asks for a report to be made anew from the books, another person approves, a version follows.

A published report never changes. What was wrong is put right where it stood (weights, a bar, a posting of the next
day …); the new version is counted from the books as they are at the decision, and carries the request's reason.
"""

import datetime as dt
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.kinds import Kind, Stage, own_organisation, register
from accounts.approvals.models import Decision, Request
from accounts.models import User
from market_data.models import Report
from market_data.reports import market, selectors, statement
from market_data.reports.publish import Content, canonical, correct

KIND = "report_correction"
#: What a version adds to its body.
OF_VERSION = ("kind", "day", "version", "reason", "published_at")
LONGEST_REASON = 400


def ask(report: Report, *, by: User, reason: str, at: dt.datetime) -> Request:
    """Asks for the next version of a report's latest one. Raises Refused: `NOT_LATEST`, `NOTHING_TO_CORRECT`,
    `REASON_TOO_LONG`, `UNDER_WAY` and those of `verbs.submit`."""
    if len(reason.strip()) > LONGEST_REASON:
        detail = _("A reason has at most %(limit)s characters.") % {"limit": LONGEST_REASON}
        raise Refused("REASON_TOO_LONG", detail)
    asked = Request.objects.filter(kind=KIND, state=Request.State.PENDING, payload__report=report.pk)
    if asked.exists():
        raise Refused("UNDER_WAY", _("A correction of this report waits for its decision already."))
    _anew(report)
    payload = {"report": report.pk, "day": report.day.isoformat(), "version": report.version}
    return verbs.submit(KIND, by=by, reason=reason, at=at, about=report.organisation, payload=payload)


def _anew(report: Report) -> Content:
    """The body as the books give it now. Raises Refused where it says the same, or there is a later version."""
    last = selectors.versions(report).last()
    if last is None or last.pk != report.pk:
        raise Refused("NOT_LATEST", _("There is a later version of this report already."))
    if report.organisation is None:
        body = market.build(report.day)
    else:
        ((_of, body),) = statement.build(report.day, [report.organisation])
    before = {name: value for name, value in report.content.items() if name not in OF_VERSION}
    if canonical(before) == canonical(body):
        raise Refused(
            "NOTHING_TO_CORRECT",
            _("The books give the same report: put right first what was wrong, then ask again."),
        )
    return body


class Correcting(Kind):
    """An exchange operator → an approver of the exchange, another person."""

    name = KIND
    title = gettext_lazy("Correction of a report")
    initiator_roles = frozenset({User.Role.OPERATOR.value})
    stages = (Stage(User.Role.APPROVER.value, own_organisation, gettext_lazy("Approver of the exchange")),)
    #: a member learns of it by the new version
    about_may_see = False

    def summary(self, request: Request) -> str:
        report = _report(request)
        values = {"day": report.day, "version": report.version + 1}
        if report.organisation is None:
            return _("Market report of %(day)s: version %(version)s from the books") % values
        return _("Statement of %(name)s of %(day)s: version %(version)s from the books") % {
            **values,
            "name": report.organisation.name,
        }

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        """Only while it waits: afterwards the versions themselves show it."""
        if request.state != Request.State.PENDING:
            return []
        report = _report(request)
        try:
            return differences(report.content, msgspec.json.decode(canonical(_anew(report))))
        except Refused:
            return []

    def link(self, request: Request) -> str:
        return reverse("report_versions", args=[_report(request).day])

    def approved(self, request: Request, decision: Decision) -> None:
        report = _report(request)
        correct(report, _anew(report), reason=request.reason, at=decision.at)


def _report(request: Request) -> Report:
    return Report.objects.select_related("organisation").get(pk=request.payload["report"])


def differences(before: Any, after: Any, path: str = "", most: int = 30) -> list[tuple[str, str, str]]:
    """(where, before, after) of the values that differ, with the path to them; at most `most`."""
    found: list[tuple[str, str, str]] = []
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after} - ({*OF_VERSION} if not path else set())):
            found += differences(before.get(name), after.get(name), f"{path}.{name}" if path else name, most)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            found += differences(old, new, f"{path}[{number}]", most)
    elif before != after:
        found.append((path, _short(before), _short(after)))
    return found[:most]


def _short(value: Any) -> str:
    if isinstance(value, dict | list):
        return _("%s entries") % len(value)
    return "–" if value is None else str(value)[:80]


register(Correcting())
