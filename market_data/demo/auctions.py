"""The demo's auctions: one that has ended, with its demand curve, and one that is coming and can be bid on.

Both went the real way: asked for by one person, approved by another, opened and closed by commands that the engine
decided. A later start announces the next one when none is under way.
"""

import datetime as dt

from accounts.approvals import verbs
from accounts.approvals.models import Notice
from accounts.models import Organisation, User
from exchange import clock, engine, sessions
from exchange.auction import asking, bidding, windows
from exchange.auction.models import Auction
from exchange.auction.terms import Terms
from exchange.matching.money import yuan
from exchange.models import Instrument, TradingDay

CODE = "CEA25"
#: Member, per mille of the previous close, tonnes: 130 000 t bid for 100 000 t.
BIDS = (
    ("jianghai", 1_012, 20_000), ("beichen", 1_025, 35_000), ("qingyu", 1_012, 30_000), ("chiyan", 1_004, 25_000),
    ("baisha", 1_000, 20_000),
)  # fmt: skip
MINUTE = dt.timedelta(minutes=1)


def settle_auctions() -> int:
    """Makes what is missing, while a day is open; returns how many auctions were announced."""
    day, instrument = sessions.current_day(), Instrument.objects.filter(code=CODE).first()
    if day is None or instrument is None or day.status != TradingDay.Status.OPEN:
        return 0
    now = clock.now().replace(second=0, microsecond=0)
    made = 0
    if not Auction.objects.filter(state=Auction.State.ENDED).exists():
        made += _held(instrument, now)
    if not Auction.objects.filter(state__in=[Auction.State.ANNOUNCED, Auction.State.OPEN]).exists():
        made += _coming(instrument, now)
    return made


def _held(instrument: Instrument, now: dt.datetime) -> int:
    """Yunling's, from midnight to this minute; none in the first minutes of a day."""
    midnight = now.replace(hour=0, minute=0)
    if now - midnight < 2 * MINUTE:
        return 0
    terms = Terms(
        instrument=instrument, quantity_t=100_000, floor_rule=Auction.Floor.CLOSE.value,
        price_model=Auction.Price.UNIFORM.value, bidders=Auction.Bidders.MEMBERS.value, opens_at=midnight,
        closes_at=now,
    )  # fmt: skip
    asked_at = midnight - dt.timedelta(hours=8)
    auction = _announced(terms, "trader@yunling.example", "operator@exchange.example", asked_at)
    _go_on(instrument, midnight)
    auction = Auction.objects.select_related("seller", "instrument", "command").get(pk=auction.pk)
    for number, (member, per_mille, qty) in enumerate(BIDS, 1):
        price = instrument.prev_close_fen * per_mille // 1_000
        bidding.bid(
            auction, id=f"demo-bid-{auction.pk}-{number}", price=yuan(price), qty=qty,
            organisation=Organisation.objects.get(code=member), user=None, at=midnight + number * (now - midnight) / 7,
        )  # fmt: skip
    _go_on(instrument, now)
    return 1


def _coming(instrument: Instrument, now: dt.datetime) -> int:
    """The nation's paid allocation to emitters, in a quarter of an hour; late in the day on the next one."""
    opens_at = now + 15 * MINUTE
    if (opens_at + dt.timedelta(hours=1)).date() != now.date():
        opens_at = (now + dt.timedelta(days=1)).replace(hour=10, minute=0)
    latest = opens_at.replace(hour=23, minute=59)
    terms = Terms(
        instrument=instrument, quantity_t=200_000, floor_rule=Auction.Floor.LESS_TENTH.value,
        price_model=Auction.Price.UNIFORM.value, bidders=Auction.Bidders.EMITTERS.value, surrender_only=True,
        opens_at=opens_at, closes_at=min(opens_at + dt.timedelta(hours=3), latest),
    )  # fmt: skip
    _announced(terms, "regulator@mee.example", "checker@registry.example", now)
    return 1


def _announced(terms: Terms, asker: str, decider: str, at: dt.datetime) -> Auction:
    """Asked for by one of the demo's people, approved by another."""
    by = User.objects.select_related("organisation").get(email=asker)
    auction = asking.ask(terms, by=by, reason="演示竞价", at=at)
    assert auction.request_id is not None
    second = User.objects.select_related("organisation").get(email=decider)
    verbs.approve(auction.request_id, by=second, reason="符合规则", at=at)
    # Of what is decided already nobody need be told.
    told_at = clock.now()
    Notice.objects.filter(request=auction.request_id, read_at=None).update(read_at=told_at, mailed_at=told_at)
    return auction


def _go_on(instrument: Instrument, at: dt.datetime) -> None:
    """What beat and the engine would do at that moment, until nothing is left to do."""
    while windows.advance(at) or engine.drain([instrument.pk]):
        pass
