"""Carry-over with real transfers: T from trades, the holding from the ledger, applications by their people."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request
from accounts.models import Organisation
from registry.audit.run import reconcile
from registry.carryover import applications, reading
from registry.carryover.ceiling import RULES
from registry.carryover.models import CarryOver, HoldingReading
from registry.emitters.models import Emitter
from registry.ledger.post import Move, hold, post
from registry.models import ComplianceYear
from tests.support.market import office
from tests.support.registry import Registry, beijing, make_registry

RULE = RULES[0]
BEFORE, NOW = beijing(2025, 6, 2), beijing(2026, 3, 2)
PEOPLE = ("approver@jianghai", "approver@shanghai")


@pytest.fixture
def registry(db: None) -> Registry:
    return make_registry(emitters=("jianghai", "yunling"))


def issue(
    registry: Registry, code: str, asset: str, quantity_t: int, at: dt.datetime, place: str = "registry"
) -> None:
    holder, cause = registry.organisations[code].pk, f"give:{code}:{asset}:{quantity_t}:{at.isoformat()}"
    move = Move(asset, quantity_t, (office("registry").pk, "source"), (holder, place), "issuance", cause)
    assert post([move], cause=cause, at=at)


def trade(registry: Registry, seller: str, buyer: str, asset: str, quantity_t: int, at: dt.datetime) -> None:
    """The transfer that the engine posts for a trade."""
    ids = registry.organisations[seller].pk, registry.organisations[buyer].pk
    cause = f"trade:{seller}:{asset}:{quantity_t}:{at.isoformat()}"
    hold(ids)
    move = Move(asset, quantity_t, (ids[0], "registry"), (ids[1], "registry"), "trade", cause)
    assert post([move], cause=cause, at=at)


def emitter(registry: Registry, code: str = "jianghai") -> Emitter:
    return Emitter.objects.get(pk=registry.organisations[code].pk)


def apply(registry: Registry, lines: dict[str, int], at: dt.datetime = NOW) -> CarryOver:
    return applications.submit(
        lines=lines, by=registry.people["initiator@jianghai"], reason="to use next year", at=at
    )


def decide(registry: Registry, made: CarryOver, *people: str, at: dt.datetime = NOW) -> Request:
    assert made.request is not None
    for person in people:
        verbs.approve(made.request.pk, by=registry.people[person], reason="in order", at=at)
    return made.request


def clean() -> list[str]:
    return [str(found) for found in reconcile().breaks]


@pytest.mark.parametrize(
    ("sold_t", "bought_t", "held_t", "can_carry_t"),
    [
        (0, 5_000, 50_000, 10_000),
        (40_000, 0, 60_000, 60_000),
        (43_333, 40_000, 100_000, 14_999),
    ],
)
def test_the_table_by_the_ledger(
    registry: Registry, sold_t: int, bought_t: int, held_t: int, can_carry_t: int
) -> None:
    issue(registry, "jianghai", "CEA24", held_t + sold_t - bought_t, BEFORE)
    issue(registry, "yunling", "CEA23", 100_000, BEFORE)
    if sold_t:
        trade(registry, "jianghai", "yunling", "CEA24", sold_t, BEFORE)
    if bought_t:
        trade(registry, "yunling", "jianghai", "CEA23", bought_t, BEFORE)
    found = reading.working(emitter(registry), RULE)
    assert (found.net_sales_t, found.holding_t, found.room_t) == (sold_t - bought_t, held_t, can_carry_t)


def test_trades_outside_the_days_and_of_other_vintages_do_not_count(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA22", 50_000, beijing(2023, 1, 2))
    issue(registry, "jianghai", "CEA25", 50_000, BEFORE)
    trade(registry, "jianghai", "yunling", "CEA22", 1, beijing(2023, 12, 31, 15))
    trade(registry, "jianghai", "yunling", "CEA25", 2, BEFORE)
    trade(registry, "jianghai", "yunling", "CEA22", 4, beijing(2024, 1, 1, 9))
    trade(registry, "jianghai", "yunling", "CEA22", 8, beijing(2025, 12, 31, 15))
    trade(registry, "jianghai", "yunling", "CEA22", 16, beijing(2026, 1, 1, 9))
    assert reading.net_sales(emitter(registry), RULE) == (12, 0)


def test_the_holding_is_that_of_the_cut_off_and_read_once(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA24", 6_000, BEFORE)
    issue(registry, "jianghai", "CEA23", 1_000, BEFORE, "trading")
    issue(registry, "jianghai", "CEA24", 50_000, beijing(2025, 12, 31, 23, 59) + dt.timedelta(seconds=1))
    holder = registry.organisations["jianghai"].pk
    pending = Move("CEA24", 400, (holder, "registry"), (holder, "pending"), "pending", "p")
    post([pending], cause="p", at=beijing(2025, 12, 31, 23, 58))
    post([Move("CEA24", 400, (holder, "pending"), (holder, "registry"), "return", "r")], cause="r", at=NOW)
    found = reading.working(emitter(registry), RULE)
    assert (found.held_t, found.pending_t, found.room_t) == (7_000, 400, 6_600)
    apply(registry, {"CEA24": 6_600})
    kept = HoldingReading.objects.order_by("asset").values_list("asset", "held_t", "pending_t")
    assert list(kept) == [("CEA23", 1_000, 0), ("CEA24", 6_000, 400)]


def test_carried_over_tonnes_are_converted_and_as_many_new_ones_issued(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA24", 8_000, BEFORE)
    issue(registry, "jianghai", "CEA22", 7_000, BEFORE)
    made = apply(registry, {"CEA24": 4_000, "CEA22": 6_000})
    assert registry.balance("jianghai", "CEA24", "pending") == 4_000
    decide(registry, made, PEOPLE[0])
    assert registry.balance("jianghai", "CEA25") == 0, "the province has not decided"
    decide(registry, made, PEOPLE[1])
    made.refresh_from_db()
    assert made.state == CarryOver.State.DONE
    assert made.ceiling["ceiling_t"] == 10_000
    assert registry.balance("jianghai", "CEA25") == 10_000
    assert registry.balance("jianghai", "CEA24", "converted") == 4_000
    assert registry.balance("jianghai", "CEA22", "converted") == 6_000
    assert (registry.balance("jianghai", "CEA24"), registry.balance("jianghai", "CEA22")) == (4_000, 1_000)
    assert clean() == []


def test_several_applications_stay_within_the_ceiling(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA24", 50_000, BEFORE)
    decide(registry, apply(registry, {"CEA24": 7_000}), *PEOPLE)
    second = apply(registry, {"CEA24": 3_000})
    with pytest.raises(Refused) as refused:
        apply(registry, {"CEA24": 1})
    assert refused.value.code == "OVER_CEILING"
    assert second.request is not None
    verbs.refuse(second.request.pk, by=registry.people[PEOPLE[0]], reason="less", at=NOW)
    assert registry.balance("jianghai", "CEA24") == 43_000
    assert apply(registry, {"CEA24": 3_000}).pk, "what was refused is free again"
    assert clean() == []


def test_no_more_than_was_held_at_the_cut_off(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA24", 4_000, BEFORE)
    issue(registry, "jianghai", "CEA24", 4_000, NOW)
    with pytest.raises(Refused) as refused:
        apply(registry, {"CEA24": 4_001})
    assert refused.value.code == "OVER_HOLDING"
    assert "4" in refused.value.detail
    assert apply(registry, {"CEA24": 4_000}).pk


@pytest.mark.parametrize("year", [2023, 2024])
def test_an_overdue_surrender_bars_it_until_it_is_made_up_for(registry: Registry, year: int) -> None:
    issue(registry, "jianghai", "CEA24", 4_000, BEFORE)
    row = registry.year("jianghai", year, verified_t=100, obligation_t=100, surrendered_t=99)
    with pytest.raises(Refused) as refused:
        apply(registry, {"CEA24": 1})
    assert (refused.value.code, str(year) in refused.value.detail) == ("SURRENDER_OVERDUE", True)
    assert registry.balance("jianghai", "CEA24") == 4_000
    ComplianceYear.objects.filter(pk=row.pk).update(surrendered_t=100)
    made = apply(registry, {"CEA24": 1})
    decide(registry, made, PEOPLE[0])
    ComplianceYear.objects.filter(pk=row.pk).update(obligation_t=200)
    with pytest.raises(Refused) as refused:
        decide(registry, made, PEOPLE[1])
    assert refused.value.code == "SURRENDER_OVERDUE"
    assert registry.balance("jianghai", "CEA25") == 0


def test_another_year_that_is_open_does_not_bar_it(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA24", 4_000, BEFORE)
    registry.year("jianghai", 2025, verified_t=100, obligation_t=100)
    assert apply(registry, {"CEA24": 1}).pk


@pytest.mark.parametrize(
    ("lines", "at", "code"),
    [
        ({"CEA25": 1}, NOW, "VINTAGE_NOT_CARRIED"),
        ({"CCER": 1}, NOW, "VINTAGE_NOT_CARRIED"),
        ({"CEA99": 1}, NOW, "UNKNOWN_ASSET"),
        ({}, NOW, "NOTHING_ASKED"),
        ({"CEA24": 0}, NOW, "NOTHING_ASKED"),
        ({"CEA23": 1}, NOW, "INSUFFICIENT_HOLDINGS"),
        ({"CEA24": 1}, beijing(2025, 12, 31, 23, 59), "NOT_OPEN_YET"),
        ({"CEA24": 1}, beijing(2026, 6, 11, 0, 0), "CLOSED"),
    ],
)
def test_what_cannot_be_carried_changes_nothing(
    registry: Registry, lines: dict[str, int], at: dt.datetime, code: str
) -> None:
    issue(registry, "jianghai", "CEA24", 4_000, BEFORE)
    with pytest.raises(Refused) as refused:
        apply(registry, lines, at)
    assert refused.value.code == code
    assert registry.balance("jianghai", "CEA24") == 4_000
    assert not CarryOver.objects.exists()


def test_the_first_and_the_last_day(registry: Registry) -> None:
    issue(registry, "jianghai", "CEA24", 4_000, BEFORE)
    assert apply(registry, {"CEA24": 1}, beijing(2026, 1, 1, 0, 0)).pk
    assert apply(registry, {"CEA24": 1}, beijing(2026, 6, 10, 23, 59)).pk


def test_who_is_not_covered_carries_nothing(registry: Registry) -> None:
    holder = Organisation.objects.create(code="fund", kind="institution", name_zh="基金", name_en="Fund")
    person = registry.person(holder, "initiator", "initiator")
    with pytest.raises(Refused) as refused:
        applications.submit(lines={"CEA24": 1}, by=person, reason="x", at=NOW)
    assert refused.value.code == "NOT_COVERED"


@pytest.mark.django_db(transaction=True)
def test_two_applications_at_once_do_not_exceed_the_ceiling() -> None:
    registry = make_registry(emitters=("jianghai",))
    issue(registry, "jianghai", "CEA24", 50_000, BEFORE)
    start, codes = Barrier(2), []

    def one() -> None:
        start.wait()
        try:
            apply(registry, {"CEA24": 6_000})
            codes.append("done")
        except Refused as refusal:
            codes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["OVER_CEILING", "done"]
    assert registry.balance("jianghai", "CEA24", "pending") == 6_000
    assert clean() == []
