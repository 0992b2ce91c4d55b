"""Shanghai's scheme: SHEA, and CCER and SHCER together within 5 %; nothing of it counts nationally."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.approvals.errors import Refused
from registry.carryover import applications
from registry.compliance import deadline
from registry.compliance.lawful import check
from registry.compliance.models import ComplianceYear, Shortfall, Surrender
from registry.compliance.rules import Verdict
from registry.compliance.sheet import sheet_of
from registry.emitters import activity, units
from registry.emitters.figures import Figures, WrongFigure
from registry.models import Emitter
from registry.oversight.years import overview, rows_of
from registry.public import selectors as public
from tests.compliance.conftest import AT, approve, year_of
from tests.support.registry import Registry, beijing

Ask = Callable[..., Surrender]


@pytest.fixture
def pilot(made: Registry) -> Registry:
    """`pudong` owes 1 000 t of 2024 in Shanghai's scheme."""
    made.emitter("pudong", sector="shanghai_pilot")
    made.year("pudong", 2024, verified_t=1_000, obligation_t=1_000)
    for asset, quantity_t in (("SHEA", 990), ("SHCER", 60), ("CCER", 60), ("CEA24", 100)):
        made.give("pudong", asset, quantity_t)
    return made


def test_shcer_and_ccer_together_up_to_five_percent_complete_a_year(pilot: Registry, ask: Ask) -> None:
    approve(pilot, ask({"SHEA": 950, "SHCER": 30, "CCER": 20}, giver="pudong"))
    row = year_of(pilot, "pudong")
    assert (row.surrendered_t, row.credits_t, row.completed_at) == (1_000, 50, AT)
    assert pilot.balance("pudong", "SHCER", "surrendered") == 30


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({"SHEA": 949, "SHCER": 30, "CCER": 21}, "CREDIT_CAP_EXCEEDED"),
        ({"SHCER": 51}, "CREDIT_CAP_EXCEEDED"),
        ({"CEA24": 1}, "VINTAGE_NOT_ACCEPTED"),
        ({"CCER-CS": 1}, "CREDIT_NOT_ACCEPTED"),
    ],
)
def test_what_shanghai_does_not_take(pilot: Registry, ask: Ask, lines: dict[str, int], code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(lines, giver="pudong")
    assert refused.value.code == code


def test_earlier_credits_of_either_kind_count_towards_the_cap(pilot: Registry, ask: Ask) -> None:
    ask({"CCER": 30}, giver="pudong")
    with pytest.raises(Refused) as refused:
        ask({"SHCER": 21}, giver="pudong")
    assert refused.value.code == "CREDIT_CAP_EXCEEDED"
    ask({"SHCER": 20}, giver="pudong")


def test_the_national_market_never_takes_shcer(pilot: Registry) -> None:
    with pytest.raises(Refused) as refused:
        check(year_of(pilot, "jianghai"), {"SHCER": 1}, own=True, at=AT)
    assert refused.value.code == "CREDIT_NOT_ACCEPTED"


def test_the_proposal_is_of_the_emitters_own_scheme(pilot: Registry) -> None:
    sheet = sheet_of(year_of(pilot, "pudong"), AT)
    assert {line.asset: line.verdict for line in sheet.lines} == {
        "SHEA": Verdict.ALLOWANCE, "SHCER": Verdict.CREDIT, "CCER": Verdict.CREDIT, "CEA24": Verdict.FOREIGN,
    }  # fmt: skip
    assert sheet.credits.cap_t == 50
    proposed = {line.asset: line.proposed_t for line in sheet.lines}
    assert proposed["CEA24"] == 0
    assert proposed["SHCER"] + proposed["CCER"] <= 50
    assert sum(proposed.values()) == 1_000
    national = sheet_of(year_of(pilot, "jianghai"), AT)
    assert not {use.asset for use in national.proposal.best.uses} & {"SHEA", "SHCER"}


def test_the_pilot_stands_in_no_national_sum_and_gets_no_national_fine(pilot: Registry) -> None:
    regulator = pilot.people["regulator@mee"]
    whole = overview(rows_of(regulator, 2024, AT.date())).whole
    assert (whole.emitters, whole.obligation_t) == (2, 101_000)
    (year,) = [row for row in public.years(AT.date()) if row.year == 2024]
    assert year.emitters == 2
    deadline.pass_deadline(2024, beijing(2026, 1, 1))
    assert set(Shortfall.objects.values_list("compliance_year__emitter__organisation__code", flat=True)) == {
        "jianghai", "yunling",
    }  # fmt: skip
    assert ComplianceYear.objects.get(emitter__organisation__code="pudong").state_at_deadline == ""


def test_a_pilots_emitter_reports_its_emissions_and_carries_nothing_over(pilot: Registry) -> None:
    by = pilot.people["regulator@shanghai"]
    unit = pilot.unit("pudong", unit_class="", cooling="")
    activity.enter(unit, 2024, Figures(verified_t=2_000), by=by, reason="report", at=AT)
    assert year_of(pilot, "pudong").obligation_t == 2_000
    with pytest.raises(WrongFigure):
        activity.enter(unit, 2024, Figures(verified_t=2_000, output_t=Decimal(1)), by=by, reason="r", at=AT)
    assert applications.emitter_of(pilot.people["initiator@pudong"], applications.present_rule()) is None


def test_only_shanghai_has_emitters_of_its_pilot(pilot: Registry) -> None:
    given: dict[str, Any] = {
        "name_zh": "浦东", "name_en": "Pudong", "sector": "shanghai_pilot", "reason": "list", "at": AT,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        units.add_emitter(credit_code="91310000MA1FL0018G", by=pilot.people["regulator@yunnan"], **given)
    assert refused.value.code == "WRONG_SECTOR"
    made = units.add_emitter(credit_code="91310000MA1FL0018G", by=pilot.people["regulator@shanghai"], **given)
    assert Emitter.objects.get(pk=made.pk).sector == "shanghai_pilot"
