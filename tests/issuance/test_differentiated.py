"""Differentiated allocation: the examples of domain.md 5.7, and what it needs."""

import pytest

from accounts.approvals.errors import Refused
from registry.allocation import plans
from registry.allocation.models import Plan
from registry.audit.run import reconcile
from registry.models import ComplianceYear, Surrender
from tests.issuance.conftest import AT, Office
from tests.support.registry import beijing

LATER = beijing(2026, 1, 5)


@pytest.fixture
def plan(office: Office) -> Plan:
    """A is due 120, B 80 of 2024; both owe 100 of 2023, whose deadline has passed."""
    for code, mwh in (("jianghai", "151.71"), ("yunling", "101.14")):  # × 0.7910 = 120.0026, 80.0017
        office.made.year(code, 2023, verified_t=100, obligation_t=100)
        office.report(code, 2024, 100, generation_mwh=mwh, load_factor="0.9")
    plan = office.make(2024, "final")
    for code in ("jianghai", "yunling"):
        plans.differentiate(
            plan, office.emitter(code).pk, ground="arrears", reason="2023 is unpaid",
            by=office["issuer@registry"], at=AT,
        )  # fmt: skip
    return plan


def balances(office: Office, code: str) -> tuple[int, int]:
    return office.made.balance(code, "CEA24"), office.made.balance(code, "CEA24", "surrendered")


def test_arrears_are_surrendered_first_and_only_the_rest_is_handed_on(office: Office, plan: Plan) -> None:
    office.approve(office.send(plan))
    assert balances(office, "jianghai") == (20, 0)
    assert balances(office, "yunling") == (0, 0)
    assert balances(office, "shanghai") == (0, 180)
    rows = {code: office.row(plan, code) for code in ("jianghai", "yunling")}
    assert (rows["jianghai"].issue_t, rows["jianghai"].surrendered_t) == (120, 100)
    assert (rows["yunling"].issue_t, rows["yunling"].surrendered_t) == (80, 80)
    paid, owing = office.covered("jianghai", 2023), office.covered("yunling", 2023)
    assert (paid.surrendered_t, paid.completed_at) == (100, AT)
    assert (owing.surrendered_t, owing.completed_at) == (80, None)
    assert set(Surrender.objects.values_list("giver__code", "state")) == {("shanghai", "approved")}
    assert office.covered("jianghai", 2024).issued_t == 120
    assert reconcile().clean


def test_what_was_paid_meanwhile_goes_to_the_emitter(office: Office, plan: Plan) -> None:
    office.send(plan)
    ComplianceYear.objects.filter(emitter=office.emitter("yunling"), year=2023).update(surrendered_t=90)
    office.approve(plan)
    assert balances(office, "yunling") == (70, 0)
    assert office.covered("yunling", 2023).surrendered_t == 100


def test_with_a_judicial_freeze_the_years_own_obligation_is_paid_too(office: Office, plan: Plan) -> None:
    by = office["regulator@shanghai"]
    row = plans.differentiate(
        plan, office.emitter("jianghai").pk, ground="freeze", reason="Frozen by a court", by=by, at=AT
    )
    assert row.province_ground == "freeze"
    office.approve(office.send(plan))
    assert office.covered("jianghai", 2023).surrendered_t == 100
    assert office.covered("jianghai", 2024).surrendered_t == 20
    assert balances(office, "jianghai") == (0, 0)
    assert reconcile().clean


def test_a_vintage_that_may_not_pay_a_year_does_not(office: Office) -> None:
    """CEA24 pays nothing of 2025; a year whose deadline is still to come is not in arrears."""
    office.made.year("jianghai", 2023, verified_t=100, obligation_t=100)
    office.report("jianghai", 2023, 100)
    office.made.year("jianghai", 2024, verified_t=500, obligation_t=500)
    office.report("jianghai", 2025, 100, generation_mwh="200", load_factor="0.9")
    plan = office.make(2025, "final")
    plans.differentiate(plan, office.emitter("jianghai").pk, ground="arrears", reason="Unpaid",
                        by=office["issuer@registry"], at=AT)  # fmt: skip
    office.approve(office.send(plan))
    # 2023's deadline has passed on 2025-03-03, and arrears of it accept CEA25; 2024's has not.
    assert office.covered("jianghai", 2023).surrendered_t == 100
    assert office.covered("jianghai", 2024).surrendered_t == 0
    assert office.made.balance("jianghai", "CEA25") == 58  # 200 × 0.7902 = 158.04


def test_it_takes_a_ground_a_reason_and_a_draft(office: Office, plan: Plan) -> None:
    pk, by = office.emitter("jianghai").pk, office["issuer@registry"]
    with pytest.raises(Refused, match="REASON_MISSING"):
        plans.differentiate(plan, pk, ground="arrears", reason=" ", by=by, at=AT)
    with pytest.raises(Refused, match="GROUND"):
        plans.differentiate(plan, pk, ground="mood", reason="So", by=by, at=AT)
    with pytest.raises(Refused, match="NO_ROW"):
        plans.differentiate(plan, 0, ground="arrears", reason="So", by=by, at=AT)
    with pytest.raises(Refused, match="NOT_YOURS"):
        plans.differentiate(plan, pk, ground="arrears", reason="So", by=office["regulator@yunnan"], at=AT)
    again = plans.remake(plan, by=by, at=AT)
    assert office.row(again, "jianghai").province_reason == "2023 is unpaid"
    row = plans.differentiate(again, pk, ground="", reason="", by=by, at=AT, on=False)
    assert (row.to_province, row.province_ground) == (False, "")
    office.send(again)
    with pytest.raises(Refused, match="NOT_DRAFT"):
        plans.differentiate(again, pk, ground="arrears", reason="So", by=by, at=AT)
