"""The stage of the story: a plant, its province, the registry, a market that opens when the story says so."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from exchange import engine
from exchange.intake import submit_control
from exchange.models import Instrument, InstrumentParameters, TradingDay
from exchange.settlement import close_day
from registry.ledger.post import Move, post
from registry.models import Asset
from tests.support import story_clock
from tests.support.clients import speak
from tests.support.market import office
from tests.support.registry import Registry, beijing, make_registry

ALWAYS = dt.date(2020, 1, 1)


class Stage:
    """`people["initiator@jianghai"]` speaks to the API with a key of its own; `at` moves the platform's clock."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.clients: dict[str, APIClient] = {}

    def at(self, year: int, month: int, day: int) -> None:
        story_clock.set_to(beijing(year, month, day))

    def says(self, person: str) -> APIClient:
        if person not in self.clients:
            self.clients[person] = speak(self.registry.people[person])
        return self.clients[person]

    def post(self, person: str, address: str, status: int = 201, **body: object) -> Any:
        answer = self.says(person).post(f"/api/v1/{address}", body, format="json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def get(self, person: str, address: str) -> Any:
        answer = self.says(person).get(f"/api/v1/{address}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def give(self, code: str, asset: str, amount: int, purpose: str = "registry") -> None:
        """From the source, at the story's time: fen or tonnes."""
        cause = f"given:{code}:{asset}"
        source, kind = (office("bank"), "deposit") if asset == Asset.CNY else (office("registry"), "issuance")
        holder = (self.registry.organisations[code].pk, purpose)
        assert post([Move(asset, amount, (source.pk, "source"), holder, kind, cause)],
                    cause=cause, at=story_clock.now())  # fmt: skip

    # --- the market ---------------------------------------------------------------------------------

    def open_market(self, day: dt.date) -> None:
        """An afternoon on which everything may be traded; the clock goes there too."""
        self.at(day.year, day.month, day.day)
        TradingDay.objects.create(day=day, calendar="xshg", opened_at=story_clock.now())
        for instrument in Instrument.objects.all():
            submit_control(instrument, {"cmd": "phase", "instrument": instrument.code, "phase": "afternoon"})
        self.decide()

    def close_market(self) -> None:
        """The close of the day: what was bought can be used from now on."""
        day = TradingDay.objects.order_by("day").last()
        assert day is not None
        close_day(day.day, at=story_clock.now())
        TradingDay.objects.filter(pk=day.pk).update(status=TradingDay.Status.SETTLED)

    def decide(self) -> None:
        engine.drain(list(Instrument.objects.values_list("pk", flat=True)), at=story_clock.now())

    def trade(self, seller: str, buyer: str, asset: str, price: str, quantity: int) -> None:
        """The seller lists, the buyer takes: both through the API, under ids of their own."""
        order = {"instrument": asset, "price": price, "qty": quantity}
        stamp = f"{story_clock.now():%Y%m%d}-{asset}"
        self.post(f"trader@{seller}", "orders/", 202, kind="list", id=f"l-{stamp}", side="sell", **order)
        self.decide()
        self.post(f"trader@{buyer}", "orders/", 202, kind="take", id=f"t-{stamp}", side="buy", **order)
        self.decide()
        assert self.get(f"trader@{buyer}", f"orders/t-{stamp}/")["status"] == "filled"


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"
    registry = make_registry()
    office("exchange")
    Asset.objects.get_or_create(
        code=Asset.CNY, defaults={"kind": Asset.Kind.MONEY, "name_zh": "人民币", "name_en": "Yuan"}
    )
    for code, close_fen in (("CEA24", 9_000), ("CCER", 7_000)):
        asset = Asset.objects.get(code=code)
        instrument = Instrument.objects.create(
            code=code, asset=asset, name_zh=code, name_en=code, prev_close_fen=close_fen
        )
        InstrumentParameters.objects.create(instrument=instrument, valid_from=ALWAYS)
    made = Stage(registry)
    made.at(2024, 3, 1)
    for code in ("jianghai", "yunling"):
        made.give(code, Asset.CNY, 1_000_000_000, "trading")
    made.give("yunling", "CEA24", 200_000, "trading")
    made.give("yunling", "CCER", 150_000, "trading")
    return made
