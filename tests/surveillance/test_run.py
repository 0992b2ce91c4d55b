"""A settled day is looked through: what is found, found once, and kept with its states."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.models import Organisation
from exchange import clock
from exchange.models import InstrumentParameters
from market_data.end_of_day import settle
from market_data.models import Alert, AlertParty, AlertStep, SurveillanceRun, ThresholdRow
from market_data.surveillance import states
from market_data.surveillance.run import NotSettledError, surveil
from market_data.tasks import surveil_due
from tests.support.market import endow
from tests.surveillance.conftest import Watched, quiet_market, trade

pytestmark = pytest.mark.django_db


def test_a_conspicuous_day_gives_its_alerts(watched: Watched) -> None:
    outcome = surveil(watched.market.day)
    found = {alert.kind: alert for alert in Alert.objects.all()}
    assert set(found) == {"wash", "cancels", "edge", "far_block"}
    assert (outcome.alerts, outcome.fresh) == (4, 4)
    wash = found["wash"]
    assert (wash.figures["there_t"], wash.figures["back_t"], wash.figures["match_bps"]) == (
        10_000,
        10_000,
        10_000,
    )
    assert [party.organisation.code for party in wash.parties.all()] == ["A", "B"]
    cancels = found["cancels"]
    assert (cancels.figures["cancels_n"], cancels.figures["cancelled_t"], len(cancels.orders)) == (
        20,
        20_000,
        20,
    )
    edge = found["edge"]
    assert edge.figures == {
        "traded_t": 1, "trades_n": 1, "price_fen": 5_280, "close_fen": 4_800, "prev_close_fen": 4_800, "high_n": 1,
    }  # fmt: skip
    assert [(party.organisation.code, party.role) for party in edge.parties.all()] == [
        ("D", "taker"), ("A", "counterparty"),
    ]  # fmt: skip
    # 33.60 lies 30 % below the close of 48.00.
    assert found["far_block"].figures["away_bps"] == 3_000


def test_the_same_day_again_gives_the_same_alerts_and_keeps_their_states(watched: Watched) -> None:
    surveil(watched.market.day)
    wash = Alert.objects.get(kind="wash")
    states.escalate(wash, by=watched.people["exchange"], reason="one owner?", at=clock.now())
    before = list(Alert.objects.order_by("pk").values())
    outcome = surveil(watched.market.day)
    assert (outcome.alerts, outcome.fresh) == (4, 0)
    assert list(Alert.objects.order_by("pk").values()) == before
    assert AlertParty.objects.filter(alert=wash).count() == 2


def test_a_quiet_day_gives_none(db: None) -> None:
    market = quiet_market()
    trade(market, "A", "B", "48.10", 3_000, "one")
    trade(market, "C", "D", "48.20", 3_000, "two")
    market.drain()
    settle(market.day, early=True)
    assert surveil(market.day).alerts == 0
    assert SurveillanceRun.objects.get(day=market.day).alerts == 0


def test_one_tonne_in_the_last_minutes_sets_a_quiet_days_close(db: None) -> None:
    market = quiet_market()
    trade(market, "A", "B", "52.80", 1, "one")
    market.drain()
    settle(market.day, early=True)
    surveil(market.day)
    (alert,) = Alert.objects.all()
    assert alert.kind == "close_move"
    assert alert.figures == {
        "traded_t": 1, "price_fen": 5_280, "close_fen": 5_280, "without_fen": 4_800, "prev_close_fen": 4_800,
        "moved_bps": 1_000, "volume_t": 1, "at_edge_n": 1,
    }  # fmt: skip
    (leg,) = alert.legs
    assert leg["first_event"] == leg["last_event"] > 0


def test_holdings_are_those_of_the_day_when_it_is_looked_through_later(db: None) -> None:
    """B buys 60 000 t into a limit of 10 060 000 t; what it receives after the day changes nothing."""
    market = quiet_market()
    InstrumentParameters.objects.filter(instrument=market.instruments["CEA"]).update(
        position_limit_t=10_060_000
    )
    market.phase("break")
    market.phase("afternoon")
    trade(market, "A", "B", "48.00", 60_000, "one")
    market.drain()
    settle(market.day, early=True)
    later = market.day + dt.timedelta(days=1)
    endow(market.members["B"], "CEA", 500_000, day=later)
    surveil(market.day)
    found = {(alert.kind, alert.key): alert.figures for alert in Alert.objects.all()}
    assert found["position", "B|limit"] == {
        "held_t": 10_060_000, "before_t": 10_000_000, "limit_t": 10_060_000, "share_bps": 10_000, "reached_n": 1,
    }  # fmt: skip
    assert ("large_holder", "B") not in found
    assert found["concentration", "A|seller"]["share_bps"] == 10_000


def test_who_receives_half_a_million_tonnes_above_its_own_becomes_a_large_holder(db: None) -> None:
    market = quiet_market(members=1)
    house = Organisation.objects.create(code="fund", kind="institution", name_zh="基金", name_en="Fund")
    endow(house, "CEA", 499_999, day=market.day - dt.timedelta(days=1))
    endow(house, "CEA", 1)
    market.drain()
    settle(market.day, early=True)
    surveil(market.day)
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.instrument, alert.key) == ("large_holder", None, "fund")
    assert alert.figures == {
        "held_t": 500_000, "before_t": 499_999, "allocation_t": 0, "level_t": 500_000,
    }  # fmt: skip


def test_thresholds_of_the_day_decide(watched: Watched) -> None:
    day = watched.market.day
    for name, value, valid_from in (("wash_min_t", 10_001, day), ("cancel_n", 1, day + dt.timedelta(days=1))):
        ThresholdRow.objects.create(
            name=name, value=value, valid_from=valid_from, reason="try", set_by=watched.people["mee"],
            set_on=day - dt.timedelta(days=1), set_at=clock.now(),
        )  # fmt: skip
    surveil(day)
    assert set(Alert.objects.values_list("kind", flat=True)) == {"cancels", "edge", "far_block"}
    assert Alert.objects.get(kind="cancels").thresholds["cancel_n"] == 20


def test_a_day_that_is_not_settled_is_not_looked_through(db: None) -> None:
    market = quiet_market()
    with pytest.raises(NotSettledError):
        surveil(market.day)
    with pytest.raises(CommandError, match=market.day.isoformat()):
        call_command("surveil", market.day.isoformat())
    surveil_due()
    assert not SurveillanceRun.objects.exists()


def test_the_command_and_beat_do_the_same(watched: Watched) -> None:
    surveil_due()
    assert Alert.objects.count() == 4
    said = StringIO()
    call_command("surveil", watched.market.day.isoformat(), stdout=said)
    assert said.getvalue() == f"{watched.market.day}: 4 alerts, 0 of them new\n"


# --- states ---------------------------------------------------------------------------------------------


def test_what_was_escalated_the_authority_settles(watched: Watched) -> None:
    surveil(watched.market.day)
    alert = Alert.objects.get(kind="wash")
    exchange, authority = watched.people["exchange"], watched.people["mee"]
    states.explain(alert, by=exchange, reason="a repurchase", at=clock.now())
    states.reopen(alert, by=authority, reason="whose?", at=clock.now())
    states.escalate(alert, by=exchange, reason="one owner", at=clock.now())
    assert states.possible(alert, exchange) == ["note"]
    with pytest.raises(states.StepRefused) as refused:
        states.explain(alert, by=exchange, reason="never mind", at=clock.now())
    assert refused.value.code == "AUTHORITY_SETTLES"
    states.note(alert, by=exchange, reason="papers attached to case 7", at=clock.now())
    states.explain(alert, by=authority, reason="warned", at=clock.now())
    assert [(step.before, step.after) for step in alert.steps.all()] == [
        ("open", "explained"), ("explained", "open"), ("open", "escalated"), ("escalated", "escalated"),
        ("escalated", "explained"),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["shanghai", "A"])
def test_a_province_and_a_member_decide_nothing(watched: Watched, who: str) -> None:
    surveil(watched.market.day)
    alert = Alert.objects.get(kind="wash")
    with pytest.raises(PermissionDenied):
        states.explain(alert, by=watched.people[who], reason="fine", at=clock.now())
    assert states.possible(alert, watched.people[who]) == []


def test_a_step_needs_a_reason_and_a_state_it_can_leave(watched: Watched) -> None:
    surveil(watched.market.day)
    alert = Alert.objects.get(kind="wash")
    for reason, code in ((" \0 ", "REASON_MISSING"), ("x" * 2_001, "REASON_TOO_LONG")):
        with pytest.raises(states.StepRefused) as refused:
            states.explain(alert, by=watched.people["mee"], reason=reason, at=clock.now())
        assert refused.value.code == code
    with pytest.raises(states.StepRefused) as refused:
        states.reopen(alert, by=watched.people["mee"], reason="again", at=clock.now())
    assert refused.value.code == "NOT_POSSIBLE"
    assert not AlertStep.objects.exists()


def test_the_database_lets_nobody_change_what_was_found_or_said(watched: Watched) -> None:
    day = watched.market.day
    ThresholdRow.objects.create(
        name="cancel_n", value=5, valid_from=day, reason="try", set_by=watched.people["mee"],
        set_on=day - dt.timedelta(days=1), set_at=clock.now(),
    )  # fmt: skip
    surveil(day)
    states.note(Alert.objects.get(kind="wash"), by=watched.people["mee"], reason="seen", at=clock.now())
    changes: list[tuple[Any, dict[str, object]]] = [
        (Alert, {"figures": {}}), (Alert, {"key": "x"}), (Alert, {"day": dt.date(2020, 1, 1)}),
        (AlertStep, {"reason": "other"}), (AlertParty, {"role": "x"}), (ThresholdRow, {"value": 1}),
    ]  # fmt: skip
    for table, change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().delete()


def test_the_database_refuses_a_step_that_is_none(watched: Watched) -> None:
    surveil(watched.market.day)
    states.escalate(Alert.objects.get(kind="wash"), by=watched.people["mee"], reason="case 7", at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Alert.objects.filter(kind="wash").update(state="open")
    with pytest.raises(DatabaseError), transaction.atomic():
        ThresholdRow.objects.create(
            name="cancel_n", value=5, valid_from=watched.market.day, reason="now", set_by=watched.people["mee"],
            set_on=watched.market.day, set_at=clock.now(),
        )  # fmt: skip
