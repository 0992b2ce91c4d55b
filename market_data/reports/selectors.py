"""Reads of published reports for pages and the API."""

import datetime as dt

from django.db.models import QuerySet

from accounts.models import Organisation
from market_data.models import Report, SettlementStep


def latest(reports: QuerySet[Report]) -> QuerySet[Report]:
    """The latest version of each day, newest day first."""
    return reports.order_by("-day", "-version").distinct("day")


def market_reports() -> QuerySet[Report]:
    """The market report of each published day, in its latest version, newest day first."""
    return latest(Report.objects.filter(kind=Report.Kind.MARKET))


def market_report(day: dt.date, version: int | None = None) -> Report | None:
    """A day's market report: one version, or the latest."""
    return _one(Report.objects.filter(kind=Report.Kind.MARKET, day=day), version)


def statements(organisation: Organisation) -> QuerySet[Report]:
    """An organisation's own statements, in their latest versions, newest day first."""
    return latest(Report.objects.filter(kind=Report.Kind.MEMBER, organisation=organisation))


def statement(organisation: Organisation, day: dt.date, version: int | None = None) -> Report | None:
    """An organisation's own statement of a day: one version, or the latest."""
    return _one(Report.objects.filter(kind=Report.Kind.MEMBER, organisation=organisation, day=day), version)


def versions(report: Report) -> QuerySet[Report]:
    """All versions of a report, the first one first."""
    same = Report.objects.filter(kind=report.kind, day=report.day, organisation=report.organisation)
    return same.order_by("version")


def progress(day: dt.date) -> QuerySet[SettlementStep]:
    """How far the settlement of a day is, step by step in order."""
    return SettlementStep.objects.filter(day=day).order_by("rank")


def _one(reports: QuerySet[Report], version: int | None) -> Report | None:
    if version is not None:
        reports = reports.filter(version=version)
    return reports.order_by("-version").first()
