"""A small market in the database: organisations, money, tonnes, an open day. Real verbs, nothing pretended."""

import datetime as dt
from dataclasses import dataclass, field

from accounts.models import Organisation, User
from exchange import clock, engine, intake
from exchange.models import Command, Instrument, InstrumentParameters, TradingDay
from registry.ledger.post import Move, post
from registry.models import Account, Asset

BILLION_FEN = 100_000_000_000


@dataclass
class Market:
    """What `make_market` made: instruments and members by code."""

    day: dt.date
    instruments: dict[str, Instrument] = field(default_factory=dict)
    members: dict[str, Organisation] = field(default_factory=dict)

    def submit(self, member: str, cmd: str, id: str, **fields: object) -> Command:  # noqa: A002 - the API's name
        """Takes in one command as the API does; the engine is not asked."""
        line = {"cmd": cmd, "id": id, **fields}
        if cmd in {"list", "take", "block", "auction"}:
            line.setdefault("instrument", next(iter(self.instruments)))
        return intake.submit(line, organisation=self.members[member]).command

    def drain(self) -> int:
        """Decides everything in this process."""
        return sum(engine.drain([instrument.pk]) for instrument in self.instruments.values())

    def phase(self, phase: str, code: str | None = None) -> None:
        for instrument in self.instruments.values():
            if code in {None, instrument.code}:
                intake.submit_control(
                    instrument, {"cmd": "phase", "instrument": instrument.code, "phase": phase}
                )
        self.drain()

    def balance(self, member: str, asset: str, purpose: str = "trading") -> int:
        row = Account.objects.filter(holder=self.members[member], asset=asset, purpose=purpose).first()
        return row.balance if row else 0


def office(kind: str) -> Organisation:
    """The one office of a kind, made where it is missing."""
    found, _ = Organisation.objects.get_or_create(
        code=f"office-{kind}", defaults={"kind": kind, "name_zh": kind, "name_en": kind}
    )
    return found


def endow(
    holder: Organisation, asset: str, amount: int, purpose: str = "trading", *, day: dt.date | None = None
) -> None:
    """Issues tonnes, or deposits fen, into a holder's account."""
    source = office("bank" if asset == Asset.CNY else "registry")
    cause = f"endow:{holder.code}:{asset}:{purpose}:{Account.objects.count()}:{amount}"
    kind = "deposit" if asset == Asset.CNY else "issuance"
    assert post([Move(asset, amount, (source.pk, "source"), (holder.pk, purpose), kind, cause)],
                cause=cause, at=clock.now(), day=day)  # fmt: skip


def make_market(
    *, members: int = 4, codes: tuple[str, ...] = ("CEA",), prev_close_fen: int = 4_800, phase: str = "afternoon",
    day: dt.date | None = None, since: dt.date | None = None, **parameters: int,
) -> Market:  # fmt: skip
    """Members A, B, C … each with a milliard yuan and ten million tonnes of each instrument, and an open day.

    They hold that since today, or since an earlier day.
    """
    office("exchange")
    market = Market(day=day or clock.today())
    Asset.objects.get_or_create(
        code=Asset.CNY, defaults={"kind": Asset.Kind.MONEY, "name_zh": "人民币", "name_en": "Yuan"}
    )
    for code in codes:
        asset = Asset.objects.create(code=code, kind=Asset.Kind.ALLOWANCE, name_zh=code, name_en=code)
        instrument = Instrument.objects.create(
            code=code, asset=asset, name_zh=code, name_en=code, prev_close_fen=prev_close_fen
        )
        InstrumentParameters.objects.create(
            instrument=instrument, valid_from=dt.date(2021, 7, 16), **parameters
        )
        market.instruments[code] = instrument
    for number in range(members):
        code = chr(ord("A") + number)
        market.members[code] = Organisation.objects.create(
            code=code, kind=Organisation.Kind.EMITTER, name_zh=f"{code}电厂", name_en=f"{code} Power"
        )
        endow(market.members[code], Asset.CNY, BILLION_FEN, day=since)
        for held in codes:
            endow(market.members[code], held, 10_000_000, day=since)
    TradingDay.objects.create(day=market.day, calendar="demo", opened_at=clock.now())
    if phase != "closed":
        market.phase(phase)
    return market


def trader(market: Market, member: str) -> User:
    """A person who may trade for a member."""
    return User.objects.create_user(
        f"trader@{member.lower()}.example",
        "correct horse",
        organisation=market.members[member],
        roles=["trader"],
    )
