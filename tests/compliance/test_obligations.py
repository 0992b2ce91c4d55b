"""From verified emissions to the obligation (registry-rules.md 3 and 4)."""

import itertools
from decimal import Decimal

import pytest

from registry.allocation.models import Plan, PlanRow
from registry.audit.run import reconcile
from registry.compliance.models import Certificate, ComplianceYear
from registry.compliance.obligations import capped, recalculate, recalculate_many
from registry.models import ActivityReport, Unit
from tests.compliance.conftest import AT, approve, year_of
from tests.support.registry import Registry


def report(made: Registry, unit: Unit, year: int, verified_t: int, version: int = 1) -> None:
    ActivityReport.objects.create(unit=unit, year=year, version=version, verified_t=verified_t, at=AT)


def test_the_obligation_is_the_sum_of_the_latest_reports(made: Registry) -> None:
    one, two = made.unit("yunling", "U1"), made.unit("yunling", "U2")
    report(made, one, 2024, 700)
    report(made, two, 2024, 400)
    report(made, two, 2024, 500, version=2)
    row = recalculate(made.organisations["yunling"].pk, 2024, at=AT)
    assert row is not None
    assert (row.verified_t, row.obligation_t) == (1_200, 1_200)


def test_until_every_unit_is_verified_there_is_none(made: Registry) -> None:
    one, two = made.unit("yunling", "U1"), made.unit("yunling", "U2")
    report(made, one, 2024, 700)
    row = recalculate(made.organisations["yunling"].pk, 2024, at=AT)
    assert row is not None
    assert (row.verified_t, row.obligation_t) == (None, None)
    # A unit whose first report is of a later year came later.
    report(made, two, 2025, 500)
    row = recalculate(made.organisations["yunling"].pk, 2024, at=AT)
    assert row is not None
    assert row.obligation_t == 700


def test_who_is_not_covered_has_none(made: Registry) -> None:
    assert recalculate(made.organisations["yunling"].pk, 2026, at=AT) is None


@pytest.mark.parametrize(
    ("by_unit_t", "allocated_t", "verified_t", "obligation_t"),
    [
        (1_000_000, 700_000, 1_000_000, 900_000),
        (1_000_000, 900_000, 1_000_000, 1_000_000),
        (1_000_001, 700_000, 1_000_001, 900_000),
        (500, None, 1_000, 500),
    ],
)
def test_the_cap_of_2019_and_2020(
    by_unit_t: int, allocated_t: int | None, verified_t: int, obligation_t: int
) -> None:
    """At most the allocation and 20 % of the verified emissions, rounded down."""
    assert capped(by_unit_t, allocated_t, verified_t, Decimal("0.20")) == obligation_t


def test_2020_with_a_gas_unit(made: Registry) -> None:
    """Gas counts with the smaller of verified and allocated; the sum with the cap."""
    made.year("yunling", 2020, allocated_t=1_500)
    coal, gas = made.unit("yunling", "C1"), made.unit("yunling", "G1", "IV")
    report(made, coal, 2020, 1_000)
    report(made, gas, 2020, 800)
    plan = Plan.objects.create(
        year=2020, province="310000", sector="power", stage="final", state="issued", asset_id="CEA19-20",
        made_by=made.people["issuer@registry"], made_at=AT, issued_at=AT,
    )  # fmt: skip
    PlanRow.objects.create(
        plan=plan, emitter_id=made.organisations["yunling"].pk, final_t=1_500,
        units=[{"unit": "C1", "unit_t": 900}, {"unit": "G1", "unit_t": 600}],
    )  # fmt: skip
    row = recalculate(made.organisations["yunling"].pk, 2020, at=AT)
    assert row is not None
    assert (row.verified_t, row.obligation_t) == (1_800, 1_600)
    ComplianceYear.objects.filter(pk=row.pk).update(allocated_t=1_000)
    row = recalculate(made.organisations["yunling"].pk, 2020, at=AT)
    assert row is not None
    assert row.obligation_t == 1_000 + 360


def test_a_correction_opens_a_completed_year_again(made: Registry, ask: object) -> None:
    numbers = itertools.count(1)
    unit = made.unit("yunling")
    made.give("yunling", "CEA24", 2_000)
    report(made, unit, 2024, 1_000, next(numbers))
    approve(made, ask({"CEA24": 1_000}, giver="yunling"))  # type: ignore[operator]
    assert year_of(made, "yunling").completed_at == AT
    report(made, unit, 2024, 1_200, next(numbers))
    recalculate_many([made.organisations["yunling"].pk], 2024, at=AT)
    assert year_of(made, "yunling").completed_at is None
    report(made, unit, 2024, 900, next(numbers))
    recalculate_many([made.organisations["yunling"].pk], 2024, at=AT)
    assert year_of(made, "yunling").completed_at == AT
    assert Certificate.objects.count() == 2
    assert reconcile().clean


def test_the_audit_sees_a_sum_that_is_off(made: Registry, ask: object) -> None:
    approve(made, ask({"CEA24": 10}))  # type: ignore[operator]
    assert reconcile().clean
    ComplianceYear.objects.filter(pk=year_of(made).pk).update(surrendered_t=11)
    found = [one for one in reconcile().breaks if one.check == "surrendered_equals_ledger"]
    assert [one.subject for one in found] == ["compliance year 2024 of jianghai"]


def test_the_audit_sees_a_surrender_that_nobody_asked_for(made: Registry) -> None:
    from registry.ledger.post import Move, post

    holder = made.organisations["jianghai"].pk
    post([Move("CEA24", 5, (holder, "registry"), (holder, "surrendered"), "surrender", "surrender:0")],
         cause="surrender:0", at=AT)  # fmt: skip
    found = [one for one in reconcile().breaks if one.check == "surrendered_equals_ledger"]
    assert [one.subject for one in found] == ["surrender:0 CEA24"]
