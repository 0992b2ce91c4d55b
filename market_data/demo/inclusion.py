"""The demo's carbon inclusion: two scenes of one operator, a dozen persons, some months of acts, one SHCER issue.

All of it through the verbs that people use; a second start finds the scenes and does nothing. Shanghai's pilot has
one emitter, which holds SHEA and a little of the SHCER that the persons reduced.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.approvals import verbs
from accounts.models import Organisation, User
from exchange import clock
from exchange.history.simulation import Dice
from market_data.demo.credits import told
from registry.inclusion import converting, importing, personal, points, scenes
from registry.inclusion.models import Joining, PersonalAccount, Scene
from registry.ledger.models import Account, Transfer
from registry.ledger.post import Move, hold, post
from registry.models import Asset, ComplianceYear, Emitter, Unit

DAYS = 120
#: The last days are left for a reviewer to issue.
OPEN_DAYS = 30
NEIGHBOURS = 11
OBLIGATION_T = 12_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A scene: acts a person, amounts in tenths of the unit."""

    code: str
    methodology: str
    name_zh: str
    name_en: str
    acts: int
    low: int
    high: int


SCENES = (
    Planned("SH-METRO", "metro", "轨道交通出行", "Trips by metro", 24, 30, 350),
    Planned("SH-EV", "ev_charging", "电动汽车充电", "Charging of electric cars", 16, 300, 1_200),
)
REWARDS = (
    ("metro-day", "轨道交通一日票", "Metro day ticket", 300),
    ("tree", "以本人名义植树一棵", "A tree planted in one's name", 2_000),
)


def settle_inclusion() -> int:
    """Makes the scenes with their acts where they are missing; returns how many are new."""
    if Scene.objects.exists():
        return 0
    people = {user.email: user for user in User.objects.filter(is_demo=True).select_related("organisation")}
    now = clock.now()
    with transaction.atomic():
        first = now.date() - dt.timedelta(days=DAYS)
        accounts = _accounts(people, now)
        made = [_scene(planned, people, first, now) for planned in SCENES]
        Joining.objects.bulk_create(
            [Joining(account=account, scene=scene, joined_on=first) for scene in made for account in accounts]
        )
        for planned, scene in zip(SCENES, made, strict=True):
            _acts(planned, scene, accounts, people, now)
        _issue(made[1], people, now)
        for code, name_zh, name_en, price in REWARDS:
            points.offer(
                code=code,
                name_zh=name_zh,
                name_en=name_en,
                points=price,
                by=people["issuer@registry.example"],
            )
        _pilot(people, now)
    return len(made)


def _accounts(people: dict[str, User], now: dt.datetime) -> list[PersonalAccount]:
    """Lin Xi's own, and those of neighbours who never sign in."""
    own = personal.open_account(by=people["linxi@example.com"], at=now)
    houses = Organisation.objects.bulk_create(
        [
            Organisation(
                code=f"resident-{number:02d}", kind=Organisation.Kind.INDIVIDUAL, name_zh=f"居民{number:02d}（演示）",
                name_en=f"Resident {number:02d} (demo)", province="310000",
            )
            for number in range(1, NEIGHBOURS + 1)
        ]
    )  # fmt: skip
    neighbours = PersonalAccount.objects.bulk_create(
        [PersonalAccount(organisation=house, number=personal.new_number(), opened_at=now) for house in houses]
    )
    return [own, *neighbours]


def _scene(planned: Planned, people: dict[str, User], first: dt.date, now: dt.datetime) -> Scene:
    return scenes.register(
        code=planned.code, methodology=planned.methodology, name_zh=planned.name_zh, name_en=planned.name_en,
        operator="shenhui", opened_on=first, by=people["issuer@registry.example"], at=now,
    )  # fmt: skip


def _acts(
    planned: Planned, scene: Scene, accounts: list[PersonalAccount], people: dict[str, User], now: dt.datetime
) -> None:
    """One file of the operator, sent and approved as any other."""
    dice, lines = Dice(f"acts {planned.code}"), ["record,account,day,amount"]
    for place, account in enumerate(accounts):
        for number in range(planned.acts):
            day = now.date() - dt.timedelta(days=1 + dice.below(DAYS - 1))
            tenths = dice.between(planned.low, planned.high)
            lines.append(
                f"{planned.code}-{place:02d}{number:03d},{account.number},{day},{tenths // 10}.{tenths % 10}"
            )
    by = people["operator@shenhui.example"]
    name = f"{planned.code.lower()}.csv"
    job = importing.upload(scene, file_name=name, content="\n".join(lines).encode(), by=by, at=now)
    assert not job.problems, job.problems
    sent = importing.send(job, by=by, reason="Acts of the season", at=now)
    assert sent.request_id is not None
    verbs.approve(
        sent.request_id, by=people["approver@shenhui.example"], reason="Agrees with our books", at=now
    )


def _issue(scene: Scene, people: dict[str, User], now: dt.datetime) -> None:
    until = now.date() - dt.timedelta(days=OPEN_DAYS)
    made = converting.submit(
        scene, until=until, by=people["issuer@registry.example"], reason="First period", at=now
    )
    assert made.issue.request_id is not None
    verbs.approve(
        made.issue.request_id, by=people["checker@registry.example"], reason="Records counted", at=now
    )
    told()


def _pilot(people: dict[str, User], now: dt.datetime) -> None:
    """Pujiang's year of Shanghai's scheme, what it holds, and SHCER from the operator."""
    house = Organisation.objects.get(code="pujiang")
    operator = Organisation.objects.get(code="shenhui")
    registry = Organisation.objects.get(code="registry")
    emitter = Emitter.objects.create(organisation=house, sector="shanghai_pilot", synthetic=True)
    Unit.objects.create(emitter=emitter, code="P1")
    ComplianceYear.objects.create(
        emitter=emitter, year=now.year - 1, verified_t=OBLIGATION_T, obligation_t=OBLIGATION_T
    )
    Asset.objects.get_or_create(
        code="SHEA",
        defaults={
            "kind": Asset.Kind.ALLOWANCE, "name_zh": "上海碳排放配额", "name_en": "Shanghai emission allowance",
        },
    )  # fmt: skip
    source, place = Account.Purpose.SOURCE.value, Account.Purpose.REGISTRY.value
    hold([house.pk, operator.pk])
    held = Account.objects.get(holder=operator, asset="SHCER", purpose=place).balance
    cause = "demo:pilot:pujiang"
    kinds = Transfer.Kind
    moves = [
        Move(
            "SHEA", OBLIGATION_T - 800, (registry.pk, source), (house.pk, place), kinds.ISSUANCE.value, cause
        ),
        Move("SHCER", held // 2, (operator.pk, place), (house.pk, place), kinds.TRANSFER.value, cause),
    ]
    post(moves, cause=cause, at=now)
