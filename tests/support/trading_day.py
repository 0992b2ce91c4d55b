"""A small market for tests: offices, two members, two vintages, an open day; orders go down the real path."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection

from accounts.models import Organisation
from exchange import clock, engine
from exchange.intake import Refused, submit, submit_control
from exchange.models import Command, CompositeWeights, Instrument, InstrumentParameters, TradingDay
from registry.ledger.post import Move, post
from registry.models import Asset

LAUNCH_DAY = dt.date(2021, 7, 16)
ALWAYS = dt.date(2000, 1, 1)


@dataclass
class Market:
    """`bank`, `registry`, `exchange` are offices; `jianghai` and `yunling` trade CEA21 and CEA22."""

    day: dt.date = LAUNCH_DAY
    fee_bps: int = 25
    offices: dict[str, Organisation] = field(default_factory=dict)
    members: dict[str, Organisation] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    posted: int = 0
    orders: int = 0

    @property
    def now(self) -> dt.datetime:
        """Ten in the morning of the day, in Beijing."""
        return dt.datetime.combine(self.day, dt.time(10), tzinfo=clock.BEIJING)

    def move(
        self, asset: str, amount: int, debit: tuple[int, str], credit: tuple[int, str], kind: str
    ) -> None:
        self.posted += 1
        cause = f"test:{self.posted}"
        assert post([Move(asset, amount, debit, credit, kind, cause)], cause=cause, at=self.now, day=self.day)

    def give(self, member: str, asset: str, amount: int) -> None:
        """From the source into trading: fen or tonnes."""
        office, kind = ("bank", "deposit") if asset == Asset.CNY else ("registry", "issuance")
        self.move(
            asset, amount, (self.offices[office].pk, "source"), (self.members[member].pk, "trading"), kind
        )

    def open_day(self, day: dt.date) -> None:
        """Opens the day for both instruments, in the afternoon: everything may be traded."""
        self.day = day
        TradingDay.objects.create(day=day, calendar="xshg", opened_at=self.now)
        for instrument in self.instruments.values():
            submit_control(instrument, {"cmd": "phase", "instrument": instrument.code, "phase": "afternoon"})
        self.decide()

    def send(
        self, member: str, cmd: str, side: str, price: str, qty: int, code: str = "CEA21", **more: object
    ) -> Command:
        """Sends an order; it is pending until `decide`."""
        self.orders += 1
        line = {
            "cmd": cmd, "id": f"o{self.orders}", "instrument": code, "side": side, "price": price, "qty": qty, **more,
        }  # fmt: skip
        return submit(line, organisation=self.members[member]).command

    def decide(self) -> None:
        engine.drain([instrument.pk for instrument in self.instruments.values()], at=self.now)

    def trade(
        self, price: str, qty: int, code: str = "CEA21", seller: str = "jianghai", buyer: str = "yunling"
    ) -> None:
        """One listed trade: the seller lists, the buyer takes."""
        self.send(seller, "list", "sell", price, qty, code)
        self.send(buyer, "take", "buy", price, qty, code)
        self.decide()


def organisation(code: str, kind: str) -> Organisation:
    return Organisation.objects.create(code=code, kind=kind, name_zh=f"{code} 有限公司", name_en=code.title())


def open_market(*, fee_bps: int = 25, day: dt.date = LAUNCH_DAY, prev_close_fen: int = 4800) -> Market:
    """A market whose first day is open; each member has 10 million yuan and 100 000 t of each vintage."""
    market = Market(day=day, fee_bps=fee_bps)
    kinds = Organisation.Kind
    for code, kind in (("bank", kinds.BANK), ("registry", kinds.REGISTRY), ("exchange", kinds.EXCHANGE)):
        market.offices[code] = organisation(code, kind)
    for code in ("jianghai", "yunling"):
        market.members[code] = organisation(code, kinds.EMITTER)
    Asset.objects.create(code=Asset.CNY, kind=Asset.Kind.MONEY, name_zh="人民币", name_en="Yuan")
    for code in ("CEA21", "CEA22"):
        asset = Asset.objects.create(code=code, kind=Asset.Kind.ALLOWANCE, name_zh=code, name_en=code)
        instrument = Instrument.objects.create(
            code=code, asset=asset, name_zh=code, name_en=code, prev_close_fen=prev_close_fen
        )
        InstrumentParameters.objects.create(instrument=instrument, valid_from=ALWAYS, fee_bps=fee_bps)
        market.instruments[code] = instrument
    CompositeWeights.objects.create(valid_from=ALWAYS, weights={"CEA21": 1, "CEA22": 1})
    for member in market.members:
        for held, amount in ((Asset.CNY, 1_000_000_000), ("CEA21", 100_000), ("CEA22", 100_000)):
            market.give(member, held, amount)
    market.open_day(day)
    return market


def busy_market() -> Market:
    """A market in the middle of its day: trades both ways, part-filled orders of both sides still open, fees."""
    market = open_market()
    market.trade("48.00", 400)
    market.send("jianghai", "list", "sell", "49.10", 1_000)
    market.send("yunling", "take", "buy", "49.10", 377)
    market.send("yunling", "list", "buy", "47.77", 300)
    market.send("jianghai", "take", "sell", "47.77", 111)
    market.trade("50.03", 77, "CEA22", seller="yunling", buyer="jianghai")
    market.decide()
    return market


def tamper(statement: str, *parameters: int | str | dt.date | None) -> int:
    """What a superuser could do to the tables behind everybody's back: no trigger sees it. Gives the rows changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, list(parameters))
        changed: int = cursor.rowcount
        cursor.execute("SET session_replication_role = DEFAULT")
    return changed


__all__ = ["LAUNCH_DAY", "Market", "Refused", "busy_market", "open_market", "organisation", "tamper"]
