"""Two emitters, their authorities, and a kind of request that parks tonnes."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from accounts import clock
from accounts.approvals import verbs
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from registry.models import Account, Asset
from tests.support.approvals import Parking, registered
from tests.support.market import endow

HOLDING_T = 1_000


@dataclass
class Cast:
    """People by a short name."""

    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def add(self, name: str, house: Organisation, *roles: str, person: str = "") -> User:
        user = User.objects.create_user(
            f"{name}@{house.code}.example",
            None,
            organisation=house,
            roles=list(roles),
            person=person or name,
        )
        self.people[name] = user
        return user

    def ask(
        self, tonnes: int = 0, *, by: str = "asks", at: dt.datetime | None = None, **more: object
    ) -> Request:
        return verbs.submit(
            "test.parking",
            by=self[by],
            reason="because of the test",
            at=at or clock.now(),
            payload={"tonnes": tonnes},
            **more,  # type: ignore[arg-type]
        )


def house(code: str, kind: str, province: str = "310000") -> Organisation:
    return Organisation.objects.create(
        code=code, kind=kind, name_zh=f"{code}单位", name_en=f"{code} House", province=province
    )


def make_cast() -> Cast:
    """An emitter with one who asks and two who approve; a stranger's house; the authorities."""
    cast = Cast()
    plant, other = house("plant", "emitter"), house("other", "emitter", "530000")
    cast.add("asks", plant, "initiator")
    cast.add("approves", plant, "approver")
    cast.add("second", plant, "approver")
    cast.add("looks", plant, "viewer")
    cast.add("stranger", other, "initiator", "approver")
    cast.add("shanghai", house("sh", "province"), "regulator")
    cast.add("yunnan", house("yn", "province", "530000"), "regulator")
    cast.add("nation", house("mee", "national", ""), "regulator")
    cast.add("checks", house("reg", "registry", ""), "checker")
    Asset.objects.create(code="CEA", kind="allowance", name_zh="CEA", name_en="CEA")
    endow(plant, "CEA", HOLDING_T, "registry")
    endow(plant, "CEA", HOLDING_T, "pending")
    return cast


def balance(purpose: str) -> int:
    row = Account.objects.filter(holder__code="plant", asset="CEA", purpose=purpose).first()
    return row.balance if row else 0


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def parking() -> Iterator[Parking]:
    with registered(Parking()) as kind:
        assert isinstance(kind, Parking)
        yield kind
