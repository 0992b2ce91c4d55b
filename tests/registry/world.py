"""What every example begins with, made once: holders with tonnes and money, an open market, a trusted receiver."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from accounts.approvals import verbs
from exchange import clock
from exchange.models import Instrument, InstrumentParameters, TradingDay
from registry.custody import trusted
from registry.ledger.post import Move, post
from registry.models import Asset, TrustedEntry
from tests.registry.naive import BEGINNING, HOLDERS, OBLIGATION_T
from tests.support.market import Market, endow, office
from tests.support.registry import Registry, beijing, make_registry

PAST, NOW = beijing(2025, 6, 2), beijing(2026, 3, 2)
#: of causes and clients' ids, each used once
numbers = count(1)


@dataclass(frozen=True)
class World:
    registry: Registry
    market: Market


def make_world() -> World:
    world = World(make_registry(emitters=HOLDERS), Market(day=clock.today()))
    for code in HOLDERS:
        world.registry.year(code, 2025, verified_t=OBLIGATION_T, obligation_t=OBLIGATION_T)
        for asset, quantity in BEGINNING.items():
            issue(world.registry, code, asset, quantity, PAST)
    _open_market(world)
    _trust(world.registry, "jianghai", "yunling")
    return world


def issue(registry: Registry, code: str, asset: str, quantity: int, at: dt.datetime) -> None:
    cause = f"issue:{next(numbers)}"
    holder = registry.organisations[code].pk
    post(
        [Move(asset, quantity, (office("registry").pk, "source"), (holder, "registry"), "issuance", cause)],
        cause=cause, at=at,
    )  # fmt: skip


def _open_market(world: World) -> None:
    Asset.objects.get_or_create(code="CNY", defaults={"kind": "money", "name_zh": "元", "name_en": "Yuan"})
    office("exchange")
    instrument = Instrument.objects.create(
        code="CEA24", asset_id="CEA24", name_zh="CEA24", name_en="CEA24", prev_close_fen=4_800
    )
    InstrumentParameters.objects.create(instrument=instrument, valid_from=PAST.date())
    world.market.instruments["CEA24"] = instrument
    for code in HOLDERS:
        world.market.members[code] = world.registry.organisations[code]
        endow(world.registry.organisations[code], "CNY", 100_000_000_000)
    TradingDay.objects.create(day=world.market.day, calendar="demo", opened_at=clock.now())
    world.market.phase("afternoon")


def _trust(registry: Registry, sender: str, receiver: str) -> None:
    entry = trusted.add(
        trusted=registry.organisations[receiver],
        by=registry.people[f"initiator@{sender}"],
        reason="group",
        at=NOW,
    )
    assert entry.request is not None
    verbs.approve(entry.request.pk, by=registry.people[f"approver@{sender}"], reason="group", at=NOW)
    TrustedEntry.objects.filter(pk=entry.pk).update(effective_on=NOW.date())
