"""A small registry in the database: offices, a province, covered emitters with their people. Real verbs only."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from accounts.models import Organisation, User
from registry.models import Account, Asset, ComplianceYear, Deadline, Emitter, Unit
from tests.support.market import endow, office

BEIJING = ZoneInfo("Asia/Shanghai")
SHANGHAI, YUNNAN = "310000", "530000"
VINTAGES = ("CEA19-20", "CEA21", "CEA22", "CEA23", "CEA24", "CEA25", "CEA26")


def beijing(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=BEIJING)


@cache
def demo_password() -> str:
    """The hash of `demo`, made once: two dozen of them took longer than most tests."""
    return make_password("demo")


@dataclass
class Registry:
    """What `make_registry` made; people by e-mail's first part and organisation, such as `initiator@jianghai`."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def person(self, organisation: Organisation, name: str, *roles: str) -> User:
        key = f"{name}@{organisation.code}"
        self.people[key] = User.objects.create(
            email=f"{key}.example", password=demo_password(), organisation=organisation, roles=list(roles),
            person=f"person-{key}",
        )  # fmt: skip
        return self.people[key]

    def emitter(self, code: str, *, sector: str = "power", province: str = SHANGHAI) -> Emitter:
        """A covered organisation with `trader@`, `initiator@`, `approver@` of its own."""
        organisation = Organisation.objects.create(
            code=code, kind="emitter", name_zh=f"{code}发电", name_en=f"{code} Power", province=province
        )
        self.organisations[code] = organisation
        self.person(organisation, "trader", "trader")
        self.person(organisation, "initiator", "initiator")
        self.person(organisation, "approver", "approver", "administrator")
        return Emitter.objects.create(organisation=organisation, sector=sector)

    def year(self, code: str, year: int, **figures: object) -> ComplianceYear:
        """The emitter is covered in this year; `verified_t`, `obligation_t` … as given."""
        return ComplianceYear.objects.create(emitter_id=self.organisations[code].pk, year=year, **figures)

    def unit(self, code: str, name: str = "U1", unit_class: str = "I", cooling: str = "water") -> Unit:
        return Unit.objects.create(
            emitter_id=self.organisations[code].pk, code=name, unit_class=unit_class, cooling=cooling
        )

    def give(self, code: str, asset: str, quantity_t: int, purpose: str = "registry") -> None:
        endow(self.organisations[code], asset, quantity_t, purpose)

    def balance(self, code: str, asset: str, purpose: str = "registry") -> int:
        row = Account.objects.filter(holder=self.organisations[code], asset=asset, purpose=purpose).first()
        return row.balance if row else 0


def province_office(code: str, name_zh: str, name_en: str, province: str) -> Organisation:
    return Organisation.objects.create(
        code=code, kind="province", name_zh=name_zh, name_en=name_en, province=province
    )


def make_registry(*, emitters: tuple[str, ...] = ("jianghai", "yunling")) -> Registry:
    """Assets, offices with people (`issuer@registry`, `checker@registry`, `regulator@shanghai`, `approver@shanghai`,
    `regulator@mee`, `approver@mee`, `regulator@yunnan`), and emitters of Shanghai."""  # fmt: skip
    for code in VINTAGES:
        Asset.objects.get_or_create(
            code=code, defaults={"kind": Asset.Kind.ALLOWANCE, "name_zh": code, "name_en": code}
        )
    Asset.objects.get_or_create(
        code="CCER", defaults={"kind": Asset.Kind.CREDIT, "name_zh": "CCER", "name_en": "CCER"}
    )
    made = Registry()
    made.organisations = {
        "registry": office("registry"),
        "mee": office("national"),
        "shanghai": province_office("shanghai", "上海", "Shanghai", SHANGHAI),
        "yunnan": province_office("yunnan", "云南", "Yunnan", YUNNAN),
    }
    people: dict[str, dict[str, tuple[str, ...]]] = {
        "registry": {"issuer": ("issuer", "initiator"), "checker": ("checker", "approver")},
        "mee": {"regulator": ("regulator",), "approver": ("approver", "regulator")},
        "shanghai": {"regulator": ("regulator",), "approver": ("approver", "regulator")},
        "yunnan": {"regulator": ("regulator",), "approver": ("approver", "regulator")},
    }
    for name, persons in people.items():
        for person, roles in persons.items():
            made.people[f"{person}@{name}"] = made.person(made.organisations[name], person, *roles)
    for code in emitters:
        made.emitter(code)
    for year, day in ((2024, dt.date(2025, 12, 31)), (2025, dt.date(2026, 12, 31))):
        Deadline.objects.create(year=year, day=day)
    return made
