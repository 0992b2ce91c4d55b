"""Points: spent by their owner alone, once, and never below zero, whoever writes."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.approvals.errors import Refused
from registry.inclusion import personal, points
from registry.inclusion.audit import points_equal_records
from registry.inclusion.models import PersonalAccount, PointEntry, Reward, Scene
from tests.inclusion.conftest import AT, Inclusion
from tests.support.registry import beijing


@pytest.fixture
def coffee(inclusion: Inclusion, scene: Scene) -> Reward:
    """`ana` has 18 points."""
    inclusion.record(scene, [("T1", "ana", "2026-02-01", "12.5"), ("T2", "ana", "2026-02-02", "8")])
    return Reward.objects.create(code="coffee", name_zh="咖啡", name_en="Coffee", points=10)


def test_points_are_spent_once_under_their_id_and_never_below_zero(
    inclusion: Inclusion, coffee: Reward
) -> None:
    ana = inclusion.person("self@ana")
    entry = points.spend(coffee, client_id="a", by=ana, at=AT)
    assert (entry.points, entry.balance, entry.number) == (-10, 8, 2)
    assert points.spend(coffee, client_id="a", by=ana, at=AT) == entry
    with pytest.raises(Refused) as refused:
        points.spend(coffee, client_id="b", by=ana, at=AT)
    assert refused.value.code == "TOO_FEW_POINTS"
    assert "8" in refused.value.detail
    assert points.balance_of(inclusion.account("ana")) == 8
    assert list(points_equal_records()) == []


def test_an_id_names_one_reward(inclusion: Inclusion, coffee: Reward) -> None:
    tea = Reward.objects.create(code="tea", name_zh="茶", name_en="Tea", points=1)
    points.spend(coffee, client_id="a", by=inclusion.person("self@ana"), at=AT)
    with pytest.raises(Refused) as refused:
        points.spend(tea, client_id="a", by=inclusion.person("self@ana"), at=AT)
    assert refused.value.code == "DUPLICATE_ID"


@pytest.mark.parametrize(
    ("person", "code"),
    [("self@bo", "TOO_FEW_POINTS"), ("initiator@metro", "NOT_A_PERSON"), ("issuer@registry", "NOT_A_PERSON")],
)
def test_nobody_spends_anothers(inclusion: Inclusion, coffee: Reward, person: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        points.spend(coffee, client_id="a", by=inclusion.person(person), at=AT)
    assert refused.value.code == code


def test_an_ended_reward_is_not_to_be_had(inclusion: Inclusion, coffee: Reward) -> None:
    coffee.ended_on = AT.date()
    coffee.save()
    with pytest.raises(Refused) as refused:
        points.spend(coffee, client_id="a", by=inclusion.person("self@ana"), at=AT)
    assert refused.value.code == "REWARD_ENDED"
    points.spend(coffee, client_id="a", by=inclusion.person("self@ana"), at=beijing(2026, 3, 1))


def test_the_database_keeps_the_entries_in_order_and_above_zero(inclusion: Inclusion, coffee: Reward) -> None:
    account = inclusion.account("ana")

    def entry(number: int, change: int, balance: int, client_id: str = "x") -> None:
        PointEntry.objects.create(
            account=account, number=number, kind="spent", points=change, balance=balance, reward=coffee,
            client_id=client_id, at=AT,
        )  # fmt: skip

    for wrong in ((2, -19, -1), (2, -5, 14), (3, -5, 13), (1, -5, 13), (2, 5, 23)):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            entry(*wrong)
    entry(2, -5, 13)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        entry(3, -5, 8)


def test_only_an_individual_has_an_account_and_one_alone(inclusion: Inclusion, scene: Scene) -> None:
    ana = inclusion.person("self@ana")
    assert personal.open_account(by=ana, at=AT) == inclusion.account("ana")
    with pytest.raises(Refused) as refused:
        personal.open_account(by=inclusion.person("initiator@metro"), at=AT)
    assert refused.value.code == "NOT_A_PERSON"
    numbers = set(PersonalAccount.objects.values_list("number", flat=True))
    assert len(numbers) == 3
    assert all(personal.NUMBER.fullmatch(number) for number in numbers)
