"""Pre-allocation, final allocation and corrections, from verified figures to holdings, by numbers worked by hand."""

import pytest

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from registry.allocation import plans
from registry.allocation.models import AdjustmentUse, Plan
from registry.audit.run import reconcile
from registry.models import Adjustment, Transfer
from tests.issuance.conftest import AT, Office, asked
from tests.support.registry import SHANGHAI, YUNNAN

#: The rule's worked unit: class I, 2024, Ff 1.061364, Ae 2 518 616, Ah 103 300, A 2 621 916.
WORKED = {"generation_mwh": "3000000", "heat_gj": "1000000", "load_factor": "0.60"}


def worked_year(office: Office) -> None:
    office.report("jianghai", 2023, 2_700_001)
    office.report("jianghai", 2024, 2_700_000, **WORKED)


def test_pre_allocation_final_allocation_and_what_they_leave_behind(office: Office) -> None:
    worked_year(office)
    pre = office.issue(2024, "pre")
    assert office.made.balance("jianghai", "CEA24") == 1_890_000  # 2 700 001 × 0.70 = 1 890 000.7
    year = office.covered("jianghai", 2024)
    assert (year.preallocated_t, year.issued_t, year.allocated_t) == (1_890_000, 1_890_000, None)
    final = office.issue(2024, "final")
    row = office.row(final, "jianghai")
    assert (row.initial_t, row.floor_t, row.final_t, row.pre_t) == (
        2_621_916,
        2_160_000,
        2_621_916,
        1_890_000,
    )
    assert (row.issue_t, row.recall_t) == (731_916, 0)
    assert str(row.gap_rate_pct) == "2.89"  # 78 084 ÷ 2 700 000
    assert office.made.balance("jianghai", "CEA24") == 2_621_916
    year = office.covered("jianghai", 2024)
    assert (year.preallocated_t, year.issued_t, year.allocated_t) == (1_890_000, 2_621_916, 2_621_916)
    assert (pre.state, final.state, final.issued_at) == (Plan.State.ISSUED, Plan.State.ISSUED, AT)
    transfers = Transfer.objects.filter(batch__cause=f"plan:{final.pk}")
    assert [(row.kind, row.amount, row.asset_id) for row in transfers] == [("issuance", 731_916, "CEA24")]
    assert reconcile().clean


def test_a_final_allocation_below_the_pre_allocation_is_recalled(office: Office) -> None:
    office.report("jianghai", 2023, 1_000_000)
    office.report("jianghai", 2024, 600_000, generation_mwh="700000", load_factor="0.9")
    office.issue(2024, "pre")
    final = office.issue(2024, "final")
    row = office.row(final, "jianghai")
    assert (row.final_t, row.recall_t, row.issue_t) == (
        553_700,
        146_300,
        0,
    )  # 700 000 × 0.7910; 700 000 before
    assert office.made.balance("jianghai", "CEA24") == 553_700
    assert office.covered("jianghai", 2024).issued_t == 553_700
    assert Transfer.objects.get(batch__cause=f"plan:{final.pk}").kind == "recall"
    assert reconcile().clean


def test_the_worked_example_of_deductions(office: Office) -> None:
    """Pre 50 000, final 30 000, to deduct 70 000 (registry-rules.md 3)."""
    office.report("jianghai", 2023, 71_429)  # × 0.70 = 50 000.3
    office.report("jianghai", 2024, 30_000, generation_mwh="37926.7", load_factor="0.9")
    adjustment = office.adjustment("jianghai", 2024, 70_000)
    pre = office.issue(2024, "pre")
    row = office.row(pre, "jianghai")
    assert (row.pre_t, row.deducted_t, row.issue_t) == (50_000, 50_000, 0)
    adjustment.refresh_from_db()
    assert adjustment.remaining_t == 20_000
    final = office.issue(2024, "final")
    row = office.row(final, "jianghai")
    assert (row.final_t, row.returned_t, row.issue_t, row.recall_t) == (30_000, 20_000, 0, 0)
    adjustment.refresh_from_db()
    assert adjustment.remaining_t == 40_000
    assert list(AdjustmentUse.objects.order_by("pk").values_list("taken_t", flat=True)) == [50_000, -20_000]
    assert office.made.balance("jianghai", "CEA24") == 0
    assert reconcile().clean


def test_a_recall_takes_what_is_there_and_the_rest_is_deducted_later(office: Office) -> None:
    office.report("jianghai", 2023, 1_000_000)
    office.report("jianghai", 2024, 600_000, generation_mwh="700000", load_factor="0.9")
    office.issue(2024, "pre")
    # Most of it was sold meanwhile.
    from registry.ledger.post import Move, hold, post

    seller, buyer = office.made.organisations["jianghai"], office.made.organisations["yunling"]
    hold([seller.pk])
    post(
        [Move("CEA24", 650_000, (seller.pk, "registry"), (buyer.pk, "trading"), "transfer", "t")],
        cause="t",
        at=AT,
    )
    final = office.issue(2024, "final")
    row = office.row(final, "jianghai")
    assert (row.recall_t, row.uncollected_t) == (146_300, 96_300)
    assert office.made.balance("jianghai", "CEA24") == 0
    assert office.covered("jianghai", 2024).issued_t == 650_000
    left = Adjustment.objects.get(plan=final)
    assert (left.remaining_t, left.ground, left.state, left.year) == (96_300, "borrowed", "in_force", 2024)
    # Corrected upwards, the year first pays it back.
    office.report("jianghai", 2024, 700_000, generation_mwh="900000", load_factor="0.9")
    correction = office.issue(2024, "correction")
    row = office.row(correction, "jianghai")
    assert (row.final_t, row.deducted_t, row.issue_t) == (711_900, 96_300, 61_900)
    year = office.covered("jianghai", 2024)
    assert (year.allocated_t, year.issued_t) == (711_900, 711_900)
    assert reconcile().clean


def test_a_correction_recalls_or_issues_the_difference(office: Office) -> None:
    worked_year(office)
    office.report("yunling", 2024, 800_000, generation_mwh="1000000", load_factor="0.9")
    office.issue(2024, "final")
    assert office.made.balance("yunling", "CEA24") == 791_000
    office.report("yunling", 2024, 790_000, generation_mwh="990000", load_factor="0.9")
    correction = office.issue(2024, "correction")
    assert [row.emitter.organisation.code for row in correction.rows.all()] == ["yunling"]
    assert office.row(correction, "yunling").recall_t == 7_910
    assert office.made.balance("yunling", "CEA24") == 783_090
    assert office.covered("yunling", 2024).allocated_t == 783_090
    with pytest.raises(Refused, match="NO_CHANGE"):
        office.make(2024, "correction")
    assert reconcile().clean


def test_a_correction_adds_who_was_not_verified_in_time(office: Office) -> None:
    worked_year(office)
    office.made.year("yunling", 2024)
    final = office.issue(2024, "final")
    from registry.allocation.scope import left_out

    assert [row.organisation.code for row in left_out(final)] == ["yunling"]
    office.report("yunling", 2024, 800_000, generation_mwh="1000000", load_factor="0.9")
    office.issue(2024, "correction")
    assert office.made.balance("yunling", "CEA24") == 791_000


def test_steel_is_given_by_its_intensity(office: Office) -> None:
    """BP solves Σ E α = 0: for 1.8 and 2.2 with equal emissions BP is 2, α ± 0.015."""
    for code, intensity in (("steela", "1.8"), ("steelb", "2.2")):
        office.made.emitter(code, sector="steel")
        office.report(code, 2025, 1_000_000, output_t="1", intensity=intensity)
    plan = office.issue(2025, "final", sector="steel")
    assert str(plan.balance_value) == "2.000000"
    assert office.made.balance("steela", "CEA25") == 1_015_000
    assert office.made.balance("steelb", "CEA25") == 985_000


def test_steel_has_no_pre_allocation_for_2024(office: Office) -> None:
    with pytest.raises(Refused, match="NO_PREALLOCATION"):
        office.make(2024, "pre", sector="steel")


def test_the_first_years_share_a_vintage(office: Office) -> None:
    office.report("jianghai", 2020, 100_000, supply_mwh="100000", load_factor="0.9")
    plan = office.issue(2020, "final")
    assert (plan.asset_id, office.made.balance("jianghai", "CEA19-20")) == ("CEA19-20", 87_700)


def test_a_province_may_give_a_smaller_share(office: Office) -> None:
    from decimal import Decimal

    office.report("jianghai", 2025, 1_000_000)
    office.made.year("jianghai", 2026)
    with pytest.raises(Refused, match="SHARE"):
        office.make(2026, "pre", share=Decimal("0.51"))
    plan = office.issue(2026, "pre", share=Decimal("0.3"))
    assert office.row(plan, "jianghai").issue_t == 300_000


def test_refused_and_withdrawn_plans_leave_nothing(office: Office) -> None:
    worked_year(office)
    plan = office.send(office.make(2024, "final"))
    verbs.withdraw(asked(plan), by=office["issuer@registry"], reason="Oops", at=AT)
    plan.refresh_from_db()
    assert (plan.state, plan.request_id) == (Plan.State.DRAFT, None)
    office.send(plan)
    verbs.refuse(asked(plan), by=office["checker@registry"], reason="No", at=AT)
    plan.refresh_from_db()
    assert plan.state == Plan.State.REFUSED
    assert not Transfer.objects.exists()
    assert office.covered("jianghai", 2024).allocated_t is None
    assert office.make(2024, "final").state == Plan.State.DRAFT


def test_what_has_changed_since_is_not_issued(office: Office) -> None:
    worked_year(office)
    plan = office.send(office.make(2024, "final"))
    office.report("jianghai", 2024, 2_600_000, **WORKED)
    with pytest.raises(Refused, match="STALE"):
        office.approve(plan)
    assert not Transfer.objects.exists()
    verbs.refuse(asked(plan), by=office["checker@registry"], reason="Figures changed", at=AT)
    assert office.row(office.make(2024, "final"), "jianghai").verified_t == 2_600_000


def test_one_plan_of_a_stage_at_a_time_and_in_their_order(office: Office) -> None:
    worked_year(office)
    draft = office.make(2024, "final")
    with pytest.raises(Refused, match="PLAN_EXISTS"):
        office.make(2024, "final")
    with pytest.raises(Refused, match="STAGE_ORDER"):
        office.make(2024, "correction")
    again = plans.remake(draft, by=office["issuer@registry"], at=AT)
    draft.refresh_from_db()
    assert draft.state == Plan.State.DROPPED
    office.approve(office.send(again))
    with pytest.raises(Refused, match="STAGE_ORDER"):
        office.make(2024, "pre")
    with pytest.raises(Refused, match="NOT_DRAFT"):
        plans.drop(again, by=office["issuer@registry"], reason="", at=AT)


def test_who_may_make_plans(office: Office) -> None:
    worked_year(office)
    for name in ("regulator@yunnan", "regulator@mee", "checker@registry", "initiator@jianghai"):
        with pytest.raises(Refused, match="NOT_YOURS"):
            plans.make(2024, SHANGHAI, "power", "final", by=office[name], at=AT)
    plan = plans.make(2024, SHANGHAI, "power", "final", by=office["regulator@shanghai"], at=AT)
    plans.send(plan, by=office["regulator@shanghai"], reason="Ours", at=AT)
    plan.refresh_from_db()
    with pytest.raises(Refused, match="NOT_YOURS"):
        verbs.approve(asked(plan), by=office["approver@shanghai"], reason="Me", at=AT)
    office.approve(plan)
    with pytest.raises(Refused, match="NO_EMITTERS"):
        plans.make(2024, YUNNAN, "power", "final", by=office["issuer@registry"], at=AT)
