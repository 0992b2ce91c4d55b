"""Deadline day and what follows: states as they were, fines with their working, an authority's decision."""

import datetime as dt
from collections.abc import Callable

import pytest

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from exchange.models import Bulletin
from registry.audit.run import reconcile
from registry.compliance import deadline, shortfalls
from registry.compliance.models import ComplianceYear, Deadline, Shortfall, Surrender
from registry.compliance.selectors import state_of, with_state
from registry.models import Adjustment
from tests.compliance.conftest import AT, approve, year_of
from tests.support.registry import Registry, beijing

Ask = Callable[..., Surrender]
NEW_YEAR = beijing(2026, 1, 1, 0, 0)
LAST_SECOND = dt.datetime(2025, 12, 31, 23, 59, 59, tzinfo=NEW_YEAR.tzinfo)


@pytest.fixture
def november(made: Registry) -> None:
    """Listed and block trades of November 2025: 62.36 yuan on average, over two days."""
    for day, turnover_fen, volume_t, block_turnover_fen, block_t in (
        (dt.date(2025, 11, 3), 600_000_00, 10_000, 0, 0),
        (dt.date(2025, 11, 4), 0, 0, 647_200_00, 10_000),
        (dt.date(2025, 12, 1), 999_999_00, 10_000, 0, 0),
    ):
        bulletin(day, turnover_fen, volume_t, block_turnover_fen, block_t)


def bulletin(day: dt.date, turnover_fen: int, volume_t: int, block_turnover_fen: int, block_t: int) -> None:
    Bulletin.objects.create(
        day=day, source="bulletin", basis="composite", close_fen=6_236, turnover_fen=turnover_fen,
        volume_t=volume_t, block_turnover_fen=block_turnover_fen, block_volume_t=block_t, auction_volume_t=0,
        auction_turnover_fen=0, cumulative_volume_t=0, cumulative_turnover_fen=0,
    )  # fmt: skip


def test_states_before_and_after_the_deadline(made: Registry, ask: Ask) -> None:
    made.year("yunling", 2025)

    def states(today: dt.date) -> dict[str, str]:
        rows = with_state(ComplianceYear.objects.select_related("emitter__organisation"), today)
        return {f"{row.emitter_id and row.emitter.organisation.code} {row.year}": row.state for row in rows}  # type: ignore[attr-defined]

    before, after = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
    made.give("yunling", "CEA24", 1_000)
    approve(made, ask({"CEA24": 1}))
    approve(made, ask({"CEA24": 1_000}, giver="yunling"))
    assert states(before) == {
        "jianghai 2024": "part", "jianghai 2025": "open", "yunling 2024": "complete", "yunling 2025": "not_due",
    }  # fmt: skip
    assert states(after)["jianghai 2024"] == "overdue"
    assert states(after)["yunling 2024"] == "complete"
    assert state_of(year_of(made), after) == "overdue"


def test_what_waits_completes_nothing(made: Registry, ask: Ask) -> None:
    ask({"CEA24": 90_000, "CEA23": 10_000})
    assert state_of(year_of(made), AT.date()) == "open"


def test_without_a_row_the_rules_deadline_holds(made: Registry) -> None:
    made.year("jianghai", 2023, obligation_t=5)
    row = year_of(made, year=2023)
    assert state_of(row, dt.date(2024, 12, 31)) == "open"
    assert state_of(row, dt.date(2025, 1, 1)) == "overdue"


def test_the_day_is_beijings(made: Registry) -> None:
    with pytest.raises(deadline.NotOver):
        deadline.pass_deadline(2024, LAST_SECOND)
    assert deadline.due(LAST_SECOND) == []
    assert deadline.due(NEW_YEAR) == [2024]
    # The same moment in London is still the old year.
    assert deadline.due(NEW_YEAR.astimezone(dt.UTC)) == [2024]


def test_states_are_kept_and_shortfalls_computed(made: Registry, ask: Ask, november: None) -> None:
    """domain.md 4.4: 10 000 t missing, average 62.36: 3 118 000 to 6 236 000 yuan."""
    approve(made, ask({"CEA24": 90_000}))
    ask({"CEA23": 5_000})
    assert deadline.pass_deadline(2024, NEW_YEAR) == 2
    row = year_of(made)
    assert row.state_at_deadline == "part"
    found = row.shortfall
    assert found.missing_t == 10_000
    assert (found.fine_low_fen, found.fine_high_fen) == (311_800_000, 623_600_000)
    assert (found.price_month, found.turnover_fen, found.volume_t) == (
        dt.date(2025, 11, 1),
        124_720_000,
        20_000,
    )
    assert found.deduction_t == 10_000
    assert (found.working["pending_t"], found.working["obligation_t"]) == (5_000, 100_000)
    assert year_of(made, "yunling").state_at_deadline == "open"
    assert year_of(made, year=2025).state_at_deadline == ""
    assert (made.balance("jianghai", "CEA23"), made.balance("jianghai", "CEA23", "pending")) == (
        15_000,
        5_000,
    )


def test_passing_again_changes_nothing(made: Registry, ask: Ask, november: None) -> None:
    assert deadline.pass_deadline(2024, NEW_YEAR) == 2
    approve(made, ask({"CEA24": 90_000}, at=NEW_YEAR), at=NEW_YEAR)
    assert deadline.pass_deadline(2024, NEW_YEAR + dt.timedelta(days=9)) == 0
    assert Shortfall.objects.count() == 2
    assert year_of(made).state_at_deadline == "open"
    assert deadline.due(NEW_YEAR) == []


def test_passed_late_it_still_says_how_it_was_that_night(made: Registry, ask: Ask, november: None) -> None:
    approve(made, ask({"CEA24": 40_000}))
    later = NEW_YEAR + dt.timedelta(days=3)
    approve(made, ask({"CEA24": 50_000}, at=later), at=later)
    deadline.pass_deadline(2024, later)
    row = year_of(made)
    assert (row.state_at_deadline, row.shortfall.missing_t) == ("part", 60_000)


def test_a_month_without_trades_is_said(made: Registry) -> None:
    deadline.pass_deadline(2024, NEW_YEAR)
    found = year_of(made).shortfall
    assert (found.fine_low_fen, found.fine_high_fen, found.volume_t) == (0, 0, 0)
    assert found.working["price_known"] is False


def test_before_the_decree_the_fine_is_a_sum(made: Registry) -> None:
    Deadline.objects.create(year=2022, day=dt.date(2023, 12, 31))
    made.year("yunling", 2022, obligation_t=500)
    deadline.pass_deadline(2022, beijing(2024, 1, 1))
    found = year_of(made, "yunling", 2022).shortfall
    assert (found.fine_low_fen, found.fine_high_fen, found.price_month) == (2_000_000, 3_000_000, None)


def test_late_surrender_is_possible_and_completes(made: Registry, ask: Ask, november: None) -> None:
    deadline.pass_deadline(2024, NEW_YEAR)
    approve(made, ask({"CEA24": 90_000, "CEA25": 10_000}, at=NEW_YEAR), at=NEW_YEAR)
    row = year_of(made)
    assert state_of(row, NEW_YEAR.date()) == "complete"
    assert row.state_at_deadline == "open"
    assert row.shortfall.missing_t == 100_000


def propose(made: Registry, **changes: object) -> Shortfall:
    values: dict[str, object] = {
        "fine_fen": 3_118_000_000, "deduction_t": 0, "decision": "沪环罚〔2026〕1号", "reason": "late",
        "by": made.people["regulator@shanghai"], "at": NEW_YEAR, **changes,
    }  # fmt: skip
    return shortfalls.propose(year_of(made).shortfall.pk, **values)  # type: ignore[arg-type]


@pytest.fixture
def short(made: Registry, november: None) -> Shortfall:
    deadline.pass_deadline(2024, NEW_YEAR)
    return year_of(made).shortfall


def test_the_province_proposes_and_the_nation_decides(made: Registry, short: Shortfall) -> None:
    proposed = propose(made, deduction_t=100_000)
    assert proposed.request
    verbs.approve(proposed.request.pk, by=made.people["approver@mee"], reason="right", at=NEW_YEAR)
    short.refresh_from_db()
    assert (short.state, short.fine_fen, short.decided_deduction_t) == ("decided", 3_118_000_000, 100_000)
    ordered = Adjustment.objects.get()
    assert (ordered.year, ordered.remaining_t, ordered.state, ordered.ground) == (
        2025, 100_000, "in_force", "enforcement",
    )  # fmt: skip
    assert reconcile().clean


def test_a_refused_proposal_can_be_made_again(made: Registry, short: Shortfall) -> None:
    proposed = propose(made)
    assert proposed.request
    verbs.refuse(proposed.request.pk, by=made.people["approver@mee"], reason="too low", at=NEW_YEAR)
    short.refresh_from_db()
    assert (short.state, short.request_id) == ("computed", None)
    propose(made, fine_fen=short.fine_high_fen)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fine_fen": 3_117_999_999}, "FINE_OUT_OF_BOUNDS"),
        ({"fine_fen": 6_236_000_001}, "FINE_OUT_OF_BOUNDS"),
        ({"fine_fen": -1}, "FINE_OUT_OF_BOUNDS"),
        ({"fine_fen": 0, "deduction_t": 5}, "FINE_OUT_OF_BOUNDS"),
        ({"deduction_t": 100_001}, "DEDUCTION_OUT_OF_BOUNDS"),
        ({"deduction_t": 1, "at": beijing(2026, 8, 15, 0, 0)}, "DEDUCTION_ENDED"),
        ({"decision": " "}, "DECISION_MISSING"),
    ],
)
def test_proposals_outside_the_rule(
    made: Registry, short: Shortfall, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        propose(made, **changes)
    assert refused.value.code == code


def test_a_deduction_must_be_decided_in_time_too(made: Registry, short: Shortfall) -> None:
    proposed = propose(made, deduction_t=1)
    assert proposed.request
    with pytest.raises(Refused) as refused:
        verbs.approve(
            proposed.request.pk, by=made.people["approver@mee"], reason="right", at=beijing(2026, 8, 15)
        )
    assert refused.value.code == "DEDUCTION_ENDED"


@pytest.mark.parametrize("who", ["regulator@yunnan", "regulator@mee", "initiator@jianghai"])
def test_only_the_own_province_proposes(made: Registry, short: Shortfall, who: str) -> None:
    with pytest.raises(Refused) as refused:
        propose(made, by=made.people[who])
    assert refused.value.code in {"NOT_YOURS", "ROLE_MISSING"}


def test_nothing_may_follow_as_well(made: Registry, short: Shortfall) -> None:
    proposed = propose(made, fine_fen=0)
    assert proposed.request
    verbs.approve(proposed.request.pk, by=made.people["approver@mee"], reason="excused", at=NEW_YEAR)
    short.refresh_from_db()
    assert short.state == "dropped"
    assert not Adjustment.objects.exists()
