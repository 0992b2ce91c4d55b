"""The scene that benchmarks play in: members with money and tonnes, one open instrument."""

import datetime as dt
import random
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from accounts.models import Organisation, User
from exchange import clock, engine, intake
from exchange.matching.money import yuan
from exchange.models import Instrument, InstrumentParameters, TradingDay
from registry.ledger.post import Move, post
from registry.models import Account, Asset
from registry.partitions import make_partitions

PREV_CLOSE_FEN = 5_000
FEN = 10**15
TONNES = 10**9


def make_market(members: int = 50) -> tuple[Instrument, list[Organisation]]:
    """One instrument in its afternoon session and `members` who can afford everything."""
    if Organisation.objects.exists():
        raise CommandError("Benchmarks write millions of rows: give them an empty database (make bench).")
    offices = {
        kind: Organisation.objects.create(code=kind, kind=kind, name_zh=kind, name_en=kind)
        for kind in ("bank", "registry", "exchange")
    }
    for code, asset_kind in ((Asset.CNY, "money"), ("CEA", "allowance")):
        Asset.objects.create(code=code, kind=asset_kind, name_zh=code, name_en=code)
    instrument = Instrument.objects.create(
        code="CEA", asset_id="CEA", name_zh="CEA", name_en="CEA", prev_close_fen=PREV_CLOSE_FEN
    )
    InstrumentParameters.objects.create(instrument=instrument, valid_from=dt.date(2021, 7, 16), fee_bps=5)
    codes = [f"M{number:03d}" for number in range(members)]
    made = Organisation.objects.bulk_create(
        [Organisation(code=code, kind="emitter", name_zh=code, name_en=code) for code in codes]
    )
    moves = [
        Move(asset, amount, (offices[source].pk, "source"), (member.pk, "trading"), "deposit", "bench")
        for member in made
        for asset, amount, source in ((Asset.CNY, FEN, "bank"), ("CEA", TONNES, "registry"))
    ]
    post(moves, cause="bench", at=clock.now())
    make_partitions(clock.today())
    TradingDay.objects.create(day=clock.today(), calendar="demo", opened_at=clock.now())
    intake.submit_control(instrument, {"cmd": "phase", "instrument": "CEA", "phase": "afternoon"})
    engine.drain([instrument.pk])
    return instrument, made


def make_traders(members: list[Organisation], count: int) -> list[User]:
    """People who may trade, one for each of the first members."""
    return [
        User.objects.create_user(f"{member.code}@bench.example", None, organisation=member, roles=["trader"])
        for member in members[:count]
    ]


class Mix:
    """Commands in the scenarios' mix: about half list, a third take, a seventh cancel. Seeded."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable load, no secret
        self.mine: list[tuple[int, str]] = []
        self.number = 0

    def command(self, members: int) -> tuple[int, dict[str, Any]]:
        """A member's place and its command."""
        self.number += 1
        draw = self.random.random()
        who = self.random.randrange(members)
        name = f"o{self.number}"
        if draw < 1 / 7 and self.mine:
            who, name = self.mine.pop(self.random.randrange(len(self.mine)))
            return who, {"cmd": "cancel", "id": name}
        side = self.random.choice(("buy", "sell"))
        line: dict[str, Any] = {
            "id": name,
            "instrument": "CEA",
            "side": side,
            "qty": self.random.randint(1, 500),
        }
        if draw < 1 / 7 + 1 / 3:
            worst = PREV_CLOSE_FEN + (40 if side == "buy" else -40)
            return who, {"cmd": "take", "price": yuan(worst), "remainder": "cancel", **line}
        self.mine.append((who, name))
        away = self.random.randint(1, 60)
        fen = PREV_CLOSE_FEN + (-away if side == "buy" else away)
        return who, {"cmd": "list", "price": yuan(fen), **line}


def durability() -> dict[str, str]:
    """The settings that decide whether a commit is a commit."""
    found = {}
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    return found


def balances_in_order() -> bool:
    """Whether no account fell below zero; a benchmark that loses money measures nothing."""
    return not Account.objects.filter(balance__lt=0).exclude(purpose="source").exists()
