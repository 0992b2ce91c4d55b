"""A small registry whose emitters have verified years."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from accounts.approvals import verbs
from accounts.models import User
from registry.allocation import plans
from registry.allocation.models import Adjustment, Plan, PlanRow
from registry.models import ActivityReport, ComplianceYear, Emitter
from tests.support.registry import SHANGHAI, Registry, beijing, make_registry

AT = beijing(2025, 3, 3)


def asked(plan: Plan) -> int:
    """The id of the request that the plan waits for."""
    assert plan.request_id is not None
    return plan.request_id


@dataclass
class Office:
    """The registry with short words for what these tests do all the time."""

    made: Registry

    def __getitem__(self, person: str) -> User:
        return self.made.people[person]

    def emitter(self, code: str) -> Emitter:
        return Emitter.objects.get(organisation__code=code)

    def covered(self, code: str, year: int) -> ComplianceYear:
        return ComplianceYear.objects.get(emitter__organisation__code=code, year=year)

    def report(
        self, code: str, year: int, verified_t: int, unit: str = "U1", **figures: Any
    ) -> ActivityReport:
        """A new version of a unit's verified year; the emitter's year is brought up to date."""
        emitter = self.emitter(code)
        found = emitter.units.filter(code=unit).first() or self.made.unit(code, unit)
        version = found.reports.filter(year=year).count() + 1
        report = ActivityReport.objects.create(
            unit=found, year=year, version=version, verified_t=verified_t, at=AT,
            **{name: Decimal(value) if isinstance(value, str) else value for name, value in figures.items()},
        )  # fmt: skip
        latest = ActivityReport.objects.filter(unit__emitter=emitter, year=year)
        total = sum(row.verified_t for row in latest.order_by("unit", "-version").distinct("unit"))
        ComplianceYear.objects.update_or_create(
            emitter=emitter, year=year, defaults={"verified_t": total, "obligation_t": total}
        )
        return report

    def make(
        self, year: int, stage: str, sector: str = "power", at: dt.datetime = AT, **options: Any
    ) -> Plan:
        return plans.make(year, SHANGHAI, sector, stage, by=self["issuer@registry"], at=at, **options)

    def send(self, plan: Plan, at: dt.datetime = AT) -> Plan:
        plans.send(plan, by=self["issuer@registry"], reason="As worked out", at=at)
        plan.refresh_from_db()
        return plan

    def approve(self, plan: Plan, at: dt.datetime = AT) -> Plan:
        verbs.approve(asked(plan), by=self["checker@registry"], reason="Checked", at=at)
        plan.refresh_from_db()
        return plan

    def issue(self, year: int, stage: str, at: dt.datetime = AT, **options: Any) -> Plan:
        """Made, sent, approved."""
        return self.approve(self.send(self.make(year, stage, at=at, **options), at), at)

    def row(self, plan: Plan, code: str) -> PlanRow:
        return plan.rows.get(emitter__organisation__code=code)

    def adjustment(self, code: str, year: int, tonnes: int) -> Adjustment:
        """Ordered and in force."""
        from registry.allocation import adjustments

        made = adjustments.order(
            self.emitter(code), year=year, ground="borrowed", tonnes=tonnes, by=self["issuer@registry"],
            reason="Borrowed", at=AT,
        )  # fmt: skip
        assert made.request_id is not None
        verbs.approve(made.request_id, by=self["checker@registry"], reason="Yes", at=AT)
        made.refresh_from_db()
        return made


@pytest.fixture
def office(db: None) -> Office:
    return Office(make_registry())
