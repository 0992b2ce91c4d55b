"""Organisations and people of the demo. All companies are invented; everybody's password is `demo`."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db.models import F

from accounts.models import Organisation, User

PASSWORD = "demo"  # noqa: S105 - known to everybody, see accounts/demo_guard.py
Kind = Organisation.Kind
Role = User.Role


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    first_name: str
    roles: list[Role] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class House:
    """An organisation with its people."""

    code: str
    kind: Kind
    name_zh: str
    name_en: str
    people: list[Person] = field(default_factory=list)
    #: GB/T 2260; a province's authority decides for the emitters of its province
    province: str = ""


SHANGHAI, YUNNAN = "310000", "530000"
HOUSES = [
    House("jianghai", Kind.EMITTER, "江海发电", "Jianghai Power", [
        Person("trader@jianghai.example", "Trader", [Role.TRADER, Role.INITIATOR]),
        Person("approver@jianghai.example", "Approver", [Role.APPROVER, Role.ADMINISTRATOR]),
    ], SHANGHAI),
    House("yunling", Kind.EMITTER, "云岭能源", "Yunling Energy", [
        Person("trader@yunling.example", "Trader", [Role.TRADER, Role.INITIATOR, Role.ADMINISTRATOR]),
        Person("approver@yunling.example", "Approver", [Role.APPROVER]),
    ], YUNNAN),
    House("beichen", Kind.EMITTER, "北辰热电", "Beichen Cogeneration", province=SHANGHAI),
    House("qingyu", Kind.EMITTER, "青屿电力", "Qingyu Electric", province=SHANGHAI),
    House("chiyan", Kind.EMITTER, "赤岩钢铁", "Chiyan Steel", province=SHANGHAI),
    House("baisha", Kind.EMITTER, "白沙水泥", "Baisha Cement", province=YUNNAN),
    House("lanxin", Kind.INSTITUTION, "岚信碳资产", "Lanxin Carbon Assets"),
    House("mee", Kind.NATIONAL, "国家主管部门（演示）", "National authority (demo)", [
        Person("regulator@mee.example", "Regulator", [Role.REGULATOR, Role.APPROVER]),
    ]),
    House("shanghai", Kind.PROVINCE, "上海市主管部门（演示）", "Shanghai authority (demo)", [
        Person("regulator@shanghai.example", "Regulator", [Role.REGULATOR, Role.APPROVER]),
    ], SHANGHAI),
    House("yunnan", Kind.PROVINCE, "云南省主管部门（演示）", "Yunnan authority (demo)", [
        Person("regulator@yunnan.example", "Regulator", [Role.REGULATOR, Role.APPROVER]),
    ], YUNNAN),
    House("registry", Kind.REGISTRY, "注册登记机构（演示）", "Registry operator (demo)", [
        Person("issuer@registry.example", "Issuer", [Role.ISSUER, Role.INITIATOR]),
        Person("checker@registry.example", "Checker", [Role.CHECKER, Role.APPROVER]),
    ]),
    House("exchange", Kind.EXCHANGE, "交易机构（演示）", "Exchange operator (demo)", [
        Person("operator@exchange.example", "Operator", [Role.OPERATOR]),
        Person("approver@exchange.example", "Approver", [Role.APPROVER]),
    ]),
    House("bank", Kind.BANK, "结算银行（演示）", "Settlement bank (demo)"),
    House("analysts", Kind.ANALYST, "碳观察研究社", "Carbon Watch Research", [
        Person("analyst@example.com", "Analyst", [Role.ANALYST]),
    ]),
]  # fmt: skip
#: Shanghai's pilot and its carbon inclusion (inclusion.py): who records acts, one person, one emitter of the pilot.
INCLUSION_HOUSES = [
    House("shenhui", Kind.INSTITUTION, "申惠出行（演示）", "Shenhui Mobility (demo)", [
        Person("operator@shenhui.example", "Operator", [Role.INITIATOR]),
        Person("approver@shenhui.example", "Approver", [Role.APPROVER]),
    ], SHANGHAI),
    House("linxi", Kind.INDIVIDUAL, "林溪（演示）", "Lin Xi (demo)", [
        Person("linxi@example.com", "Lin Xi", [Role.VIEWER]),
    ], SHANGHAI),
    House("pujiang", Kind.EMITTER, "浦江化工（演示）", "Pujiang Chemicals (demo)", [
        Person("trader@pujiang.example", "Trader", [Role.TRADER, Role.INITIATOR]),
        Person("approver@pujiang.example", "Approver", [Role.APPROVER]),
    ], SHANGHAI),
]  # fmt: skip
EVERYBODY = [*HOUSES, *INCLUSION_HOUSES]


def settle_people() -> None:
    """Makes the organisations and people that are missing; leaves those that are there as they are."""
    codes = set(Organisation.objects.values_list("code", flat=True))
    Organisation.objects.bulk_create(
        [
            Organisation(
                code=house.code, kind=house.kind, name_zh=house.name_zh, name_en=house.name_en,
                province=house.province,
            )
            for house in EVERYBODY
            if house.code not in codes
        ]
    )  # fmt: skip
    _complete_older()
    known = set(User.objects.values_list("email", flat=True))
    missing = [(house, person) for house in EVERYBODY for person in house.people if person.email not in known]
    if not missing:
        return
    organisations = {row.code: row for row in Organisation.objects.all()}
    # One hash for all: it hides nothing, and a hash takes a quarter of a second.
    password = make_password(PASSWORD)
    User.objects.bulk_create(
        [
            User(
                email=person.email,
                password=password,
                first_name=person.first_name,
                last_name=house.name_en,
                organisation=organisations[house.code],
                roles=[role.value for role in person.roles],
                is_demo=True,
                # Each account of the demo is a human of its own.
                person=person.email,
            )
            for house, person in missing
        ]
    )


def _complete_older() -> None:
    """Rows of a demo that was made before provinces and persons were known."""
    for house in EVERYBODY:
        if house.province:
            Organisation.objects.filter(code=house.code, province="").update(province=house.province)
    User.objects.filter(is_demo=True, person="").update(person=F("email"))


def sign_ins() -> list[tuple[str, str]]:
    """E-mail and organisation of everybody who can sign in."""
    return [
        (person.email, f"{house.name_zh} {house.name_en}") for house in EVERYBODY for person in house.people
    ]
