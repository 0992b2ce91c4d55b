"""Reductions into SHCER: whole tonnes by two people, each gram once, nothing from nowhere."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from registry.audit.run import reconcile
from registry.compliance import surrender
from registry.credits import issuing
from registry.credits.projects import WrongFields
from registry.inclusion import converting
from registry.inclusion.audit import reductions_issued_once
from registry.inclusion.models import ActivityRecord, Conversion, Scene
from registry.ledger.post import Move, hold, post
from registry.models import Asset, CreditIssue, Transfer
from tests.inclusion.conftest import AT, Inclusion
from tests.support.market import endow
from tests.support.registry import beijing

FEBRUARY = dt.date(2026, 2, 28)


@pytest.fixture
def charging(inclusion: Inclusion) -> Scene:
    """Charging of cars: 200 kWh give 137.2 kg; `ana` takes part."""
    made = inclusion.scene("SH-EV", "ev_charging")
    inclusion.individual("ana", made)
    return made


def charges(inclusion: Inclusion, scene: Scene, count: int, month: int, first: int = 0) -> None:
    """So many times 200 kWh."""
    inclusion.record(
        scene,
        [(f"C{month}-{number}", "ana", f"2026-{month:02d}-{number % 20 + 3:02d}", "200") for number in range(first, first + count)],
        at=beijing(2026, month + 1, 1, 9),
    )  # fmt: skip


def ask(inclusion: Inclusion, scene: Scene, until: dt.date = FEBRUARY, at: dt.datetime = AT) -> Conversion:
    return converting.submit(
        scene, until=until, by=inclusion.person("issuer@registry"), reason="month", at=at
    )


def decide(inclusion: Inclusion, made: Conversion, verb: str = "approve", at: dt.datetime = AT) -> None:
    assert made.issue.request_id is not None
    getattr(verbs, verb)(
        made.issue.request_id, by=inclusion.person("checker@registry"), reason="checked", at=at
    )


def test_two_people_turn_a_period_into_shcer_and_the_rest_is_carried(
    inclusion: Inclusion, charging: Scene
) -> None:
    charges(inclusion, charging, 20, 2)  # 2 744 000 g
    made = ask(inclusion, charging)
    assert (made.records, made.reductions_g, made.carried_in_g, made.quantity_t, made.carried_out_g) == (
        20, 2_744_000, 0, 2, 744_000,
    )  # fmt: skip
    assert inclusion.registry.balance("metro", "SHCER") == 0
    decide(inclusion, made)
    assert inclusion.registry.balance("metro", "SHCER") == 2
    charges(inclusion, charging, 10, 3)  # 1 372 000 g and 744 000 g: 2 t and 116 000 g
    later = beijing(2026, 4, 2)
    second = ask(inclusion, charging, dt.date(2026, 3, 31), later)
    assert (second.issue.period_from, second.issue.period_to) == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert (second.carried_in_g, second.quantity_t, second.carried_out_g) == (744_000, 2, 116_000)
    decide(inclusion, second, at=later)
    assert inclusion.registry.balance("metro", "SHCER") == 4
    issues = CreditIssue.objects.order_by("pk")
    assert [(one.serial_first, one.serial_last) for one in issues] == [(1, 2), (3, 4)]
    assert [str(found) for found in reconcile().breaks] == []


def test_a_period_that_waits_or_was_issued_takes_no_record(inclusion: Inclusion, charging: Scene) -> None:
    charges(inclusion, charging, 20, 2)
    made = ask(inclusion, charging)
    late = inclusion.upload(charging, [("L1", "ana", "2026-02-10", "5"), ("L2", "ana", "2026-03-01", "5")])
    assert [(one["line"], one["reason"]) for one in late.problems] == [(2, "period_closed")]
    fields = ActivityRecord.objects.values().first()
    assert fields is not None
    with pytest.raises(InternalError, match="is closed"), transaction.atomic():
        ActivityRecord.objects.create(**{**fields, "id": None, "record": "X"})
    decide(inclusion, made, "refuse")
    assert inclusion.upload(charging, [("L1", "ana", "2026-02-10", "5")]).problems == []
    charges(inclusion, charging, 1, 2, first=20)
    again = ask(inclusion, charging)
    assert (again.records, again.reductions_g) == (21, 21 * 137_200)


def test_what_waits_or_was_issued_is_not_asked_for_twice(inclusion: Inclusion, charging: Scene) -> None:
    charges(inclusion, charging, 30, 2)
    made = ask(inclusion, charging, dt.date(2026, 2, 12))
    with pytest.raises(WrongFields, match="one at a time"):
        ask(inclusion, charging)
    decide(inclusion, made)
    with pytest.raises(WrongFields, match="closed"):
        ask(inclusion, charging, dt.date(2026, 2, 12))
    assert ask(inclusion, charging).issue.period_from == dt.date(2026, 2, 13)


@pytest.mark.parametrize("until", [AT.date(), dt.date(2026, 12, 31), dt.date(2025, 12, 31)])
def test_only_days_that_are_over_are_converted(inclusion: Inclusion, charging: Scene, until: dt.date) -> None:
    charges(inclusion, charging, 20, 2)
    with pytest.raises(WrongFields) as wrong:
        ask(inclusion, charging, until)
    assert set(wrong.value.errors) == {"until"}


def test_less_than_a_tonne_waits_for_more(inclusion: Inclusion, charging: Scene) -> None:
    charges(inclusion, charging, 7, 2)
    with pytest.raises(WrongFields, match="Less than a tonne"):
        ask(inclusion, charging)


@pytest.mark.parametrize("person", ["checker@registry", "initiator@metro", "self@ana", "regulator@mee"])
def test_only_an_issuer_of_the_registry_converts(inclusion: Inclusion, charging: Scene, person: str) -> None:
    with pytest.raises(Refused) as refused:
        converting.submit(charging, until=FEBRUARY, by=inclusion.person(person), reason="me", at=AT)
    assert refused.value.code == "ROLE_MISSING"


def test_a_scenes_credits_come_from_its_records_alone(inclusion: Inclusion, charging: Scene) -> None:
    with pytest.raises(WrongFields, match="counted from its records"):
        issuing.submit(
            charging.project, period_from=dt.date(2026, 1, 1), period_to=FEBRUARY, verified_t=9, quantity_t=9,
            by=inclusion.person("issuer@registry"), reason="by hand", at=AT,
        )  # fmt: skip
    bare = issuing.submit(
        charging.project, period_from=dt.date(2026, 1, 1), period_to=FEBRUARY, verified_t=9, quantity_t=9,
        by=inclusion.person("issuer@registry"), reason="by hand", at=AT, counted=True,
    )  # fmt: skip
    assert bare.request_id is not None
    with pytest.raises(InternalError, match="counted reductions alone"), transaction.atomic():
        verbs.approve(bare.request_id, by=inclusion.person("checker@registry"), reason="x", at=AT)
    assert not Transfer.objects.filter(asset="SHCER").exists()


def test_the_database_refuses_a_conversion_that_was_not_counted(
    inclusion: Inclusion, charging: Scene
) -> None:
    charges(inclusion, charging, 20, 2)
    issue = issuing.submit(
        charging.project, period_from=dt.date(2026, 1, 1), period_to=FEBRUARY, verified_t=2, quantity_t=2,
        by=inclusion.person("issuer@registry"), reason="by hand", at=AT, counted=True,
    )  # fmt: skip
    right = {
        "records": 20,
        "reductions_g": 2_744_000,
        "carried_in_g": 0,
        "quantity_t": 2,
        "carried_out_g": 744_000,
    }
    for wrong in (
        {"reductions_g": 3_000_000, "carried_out_g": 1_000_000},
        {"carried_in_g": 256_000, "carried_out_g": 1_000_000},
        {"carried_out_g": 0},
        {"records": 21},
        {"carried_in_g": 1, "carried_out_g": 744_001},
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Conversion.objects.create(issue=issue, **{**right, **wrong})
    made = Conversion.objects.create(issue=issue, **right)
    with pytest.raises(InternalError), transaction.atomic():
        Conversion.objects.filter(pk=made.pk).update(carried_out_g=0)


def test_the_audit_finds_shcer_from_nowhere(inclusion: Inclusion, charging: Scene) -> None:
    charges(inclusion, charging, 20, 2)
    decide(inclusion, ask(inclusion, charging))
    assert list(reductions_issued_once()) == []
    endow(inclusion.registry.organisations["metro"], "SHCER", 5, "registry")
    (found,) = reductions_issued_once()
    assert found.subject.startswith("transfer")
    assert (found.expected, found.found) == ("0", "5")


def test_from_a_charged_car_to_the_surrender_in_shanghai(inclusion: Inclusion, charging: Scene) -> None:
    """2 t of 40 t are the 5 % that Shanghai's scheme takes; the tonne changes hands as a trade would move it."""
    charges(inclusion, charging, 20, 2)
    decide(inclusion, ask(inclusion, charging))
    registry = inclusion.registry
    registry.emitter("pudong", sector="shanghai_pilot")
    registry.year("pudong", 2025, verified_t=40, obligation_t=40)
    Asset.objects.create(code="SHEA", kind="allowance", name_zh="SHEA", name_en="SHEA")
    registry.give("pudong", "SHEA", 38)
    seller, buyer = (registry.organisations[code] for code in ("metro", "pudong"))
    hold([seller.pk, buyer.pk])
    post(
        [Move("SHCER", 2, (seller.pk, "registry"), (buyer.pk, "registry"), "transfer", "sold")],
        cause="sold",
        at=AT,
    )
    asked = surrender.submit(
        2025, buyer, {"SHEA": 38, "SHCER": 2}, by=registry.people["initiator@pudong"], reason="2025", at=AT
    )
    assert asked.request_id is not None
    for person in ("approver@pudong", "approver@shanghai"):
        verbs.approve(asked.request_id, by=registry.people[person], reason="checked", at=AT)
    assert registry.balance("pudong", "SHCER", "surrendered") == 2
    assert [str(found) for found in reconcile().breaks] == []
