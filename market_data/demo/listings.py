"""Some open listings of invented members, so that the desk is not empty on the first day.

They are real orders: taken in by the intake, decided by the engine, locked in the ledger.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from accounts.models import Organisation
from exchange import engine, intake, sessions
from exchange.history.simulation import Dice
from exchange.matching.money import yuan
from exchange.models import Command, Instrument, Order

#: Who sells and who buys. Sellers hold the tonnes in trading (holdings.py).
SELLERS = {
    "CEA25": ["beichen", "qingyu", "chiyan", "baisha"],
    "CEA24": ["beichen", "qingyu", "chiyan", "baisha"],
    "CEA23": ["beichen"],
    "CEA22": ["qingyu"],
    "CEA21": ["qingyu"],
    "CEA19-20": ["chiyan"],
    "CCER": ["lanxin"],
    "SHEA": ["beichen", "lanxin"],
}
BUYERS = ["lanxin", "chiyan", "baisha", "qingyu", "beichen"]
LEVELS = 5
TRADES_NOW = (Instrument.Phase.MORNING, Instrument.Phase.AFTERNOON)


def empty_books(day: dt.date) -> QuerySet[Instrument]:
    """Instruments that trade now and have had no order today."""
    trading = Instrument.objects.filter(phase__in=TRADES_NOW)
    return trading.exclude(orders__day=day).exclude(orders__status=Order.Status.OPEN)


def seed_listings() -> int:
    """Opens the day if its hour has come, and lists in every empty book; returns how many listings stand then.

    Drains the engine itself: no worker need run. A book that has had an order today is left alone.
    """
    sessions.advance()
    instruments = list(Instrument.objects.all())
    keys = [instrument.pk for instrument in instruments]
    engine.drain(keys)
    day = sessions.current_day()
    if day is None:
        return 0
    empty = empty_books(day.day).filter(pk__in=keys)
    organisations = {row.code: row for row in Organisation.objects.all()}
    commands: dict[str, list[dict[str, object]]] = {}
    for instrument in empty:
        for member, command in listings(instrument, day.day):
            commands.setdefault(member, []).append(command)
    # An id that an earlier start used with another price is refused there; the first one counts.
    for member, lines in commands.items():
        intake.submit_batch(lines, organisation=organisations[member])
    if commands:
        engine.drain(keys)
    return Order.objects.filter(status=Order.Status.OPEN, kind=Command.Kind.LIST).count()


def listings(instrument: Instrument, day: dt.date) -> Iterator[tuple[str, dict[str, object]]]:
    """Member and command of each listing: five levels a side around the previous close, one to three in each."""
    dice = Dice(f"listings {instrument.code} {day}")
    prev = instrument.prev_close_fen
    step = max(prev // 400, 1)
    number = 0
    for side, members in (("sell", SELLERS.get(instrument.code, [])), ("buy", BUYERS)):
        if not members:
            continue
        for level in range(1, LEVELS + 1):
            away = step * level + dice.between(0, step // 2)
            price = prev + away if side == "sell" else prev - away
            for _ in range(dice.between(1, 3)):
                number += 1
                yield (
                    members[dice.below(len(members))],
                    {
                        "cmd": "list",
                        "id": f"demo-{day}-{instrument.code}-{number}",
                        "instrument": instrument.code,
                        "side": side,
                        "price": yuan(price),
                        "qty": dice.between(2, 40) * 100,
                    },
                )
