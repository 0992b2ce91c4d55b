import datetime as dt
from decimal import Decimal

import pytest

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from registry.audit.run import reconcile
from registry.cancellation import cancelling
from registry.cancellation.footprint import footprint
from registry.cancellation.models import Cancellation
from registry.factors.shipped import SHIPPED, latest
from tests.support.registry import Registry, beijing, make_registry

pytestmark = pytest.mark.django_db
NOW = beijing(2026, 3, 2)
EVENT = footprint({"meal": Decimal(1_000)}, latest(SHIPPED, dt.date(2026, 3, 2)))  # 1 877 kg: 2 t


@pytest.fixture
def registry(db: None) -> Registry:
    made = make_registry(emitters=("jianghai",))
    made.give("jianghai", "CCER", 100)
    return made


def ask(registry: Registry, by: str = "initiator@jianghai", **fields: object) -> Cancellation:
    named = {
        "asset": "CCER",
        "quantity_t": 60,
        "beneficiary": "Spring Forum",
        "purpose": "a neutral conference",
    }
    return cancelling.submit(**{**named, **fields}, by=registry.people[by], reason="agreed", at=NOW)  # type: ignore[arg-type]


def approve(registry: Registry, made: Cancellation) -> None:
    assert made.request is not None
    verbs.approve(made.request.pk, by=registry.people["approver@jianghai"], reason="agreed", at=NOW)
    made.refresh_from_db()


def test_cancelled_tonnes_are_gone_and_a_certificate_says_for_whom(registry: Registry) -> None:
    made = ask(registry, footprint=EVENT)
    assert registry.balance("jianghai", "CCER", "pending") == 60
    approve(registry, made)
    assert registry.balance("jianghai", "CCER") == 40
    assert registry.balance("jianghai", "CCER", "cancelled") == 60
    assert made.state == Cancellation.State.CANCELLED
    assert made.certificate is not None
    content = made.certificate.content
    assert (content["quantity_t"], content["asset"]) == (60, "CCER")
    assert (content["beneficiary"], content["purpose"]) == ("Spring Forum", "a neutral conference")
    assert content["footprint"][0]["factor"] == "1.877"
    assert [str(found) for found in reconcile().breaks] == []


def test_the_certificate_tells_nothing_of_people_or_holdings(registry: Registry) -> None:
    made = ask(registry)
    approve(registry, made)
    assert made.certificate is not None
    assert set(made.certificate.content) == {
        "asset", "asset_zh", "asset_en", "quantity_t", "beneficiary", "purpose", "footprint", "cancellation",
        "number", "kind", "holder_zh", "holder_en", "holder_code", "issued_at",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["refuse", "withdraw"])
def test_refused_or_withdrawn_they_come_back(registry: Registry, how: str) -> None:
    made = ask(registry)
    assert made.request is not None
    by = {"refuse": "approver@jianghai", "withdraw": "initiator@jianghai"}[how]
    getattr(verbs, how)(made.request.pk, by=registry.people[by], reason="no", at=NOW)
    made.refresh_from_db()
    assert (made.state, registry.balance("jianghai", "CCER")) == (Cancellation.State.REFUSED, 100)
    assert made.certificate is None
    assert [str(found) for found in reconcile().breaks] == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quantity_t": 101}, "INSUFFICIENT_HOLDINGS"),
        ({"quantity_t": 0}, "NOTHING_ASKED"),
        ({"asset": "CNY"}, "UNKNOWN_ASSET"),
        ({"asset": "CEA24"}, "INSUFFICIENT_HOLDINGS"),
        ({"beneficiary": " "}, "BENEFICIARY_MISSING"),
        ({"purpose": ""}, "PURPOSE_MISSING"),
        ({"purpose": "x" * 501}, "PURPOSE_MISSING"),
        ({"quantity_t": 1, "footprint": EVENT}, "LESS_THAN_FOOTPRINT"),
        ({"by": "trader@jianghai"}, "ROLE_MISSING"),
        ({"by": "issuer@registry"}, "NOT_A_HOLDER"),
    ],
)
def test_what_cannot_be_cancelled_changes_nothing(
    registry: Registry, fields: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(registry, **fields)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert registry.balance("jianghai", "CCER") == 100
    assert not Cancellation.objects.exists()


def test_nobody_approves_their_own(registry: Registry) -> None:
    made = ask(registry)
    assert made.request is not None
    with pytest.raises(Refused):
        verbs.approve(made.request.pk, by=registry.people["initiator@jianghai"], reason="mine", at=NOW)
    assert registry.balance("jianghai", "CCER", "pending") == 60
