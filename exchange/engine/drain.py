"""The loop of the engine: one batch after the other until nothing is pending.

One writer per instrument: a batch holds the instruments' row locks from its first statement to its commit.
A worker that hung and comes back therefore either still holds the lock, or has lost its transaction.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction

from exchange import clock, pushes
from exchange.engine import cache, load
from exchange.engine.write import Decided, Writer
from exchange.matching.events import Move, rejected
from exchange.models import Command, Instrument

logger = logging.getLogger(__name__)

#: Commands decided in one transaction; measured in docs/decisions/002.
BATCH = 1_000
#: The batch's first statements are written out: a batch of one is the common one, and building them cost more
#: than running them.
LOCKED_INSTRUMENTS = """
    SELECT id, code, asset_id, phase, halt_reason, prev_close_fen, last_event, trade_count
    FROM exchange_instrument WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
UNDECIDED = """
    SELECT id, instrument_id, kind, organisation_id, client_id, body
    FROM exchange_command WHERE instrument_id = ANY(%s) AND decided_event IS NULL ORDER BY id LIMIT %s
"""
UNSETTLED_DAY = "SELECT day FROM exchange_tradingday WHERE status <> 'settled' ORDER BY day LIMIT 1"

#: A batch that met a deadlock or lost its connection is tried again; nothing of it was committed.
ATTEMPTS = 5


@dataclass
class Batch:
    """What one batch decided, for the pushes that follow its commit."""

    commands: list[Command] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    organisations: set[int] = field(default_factory=set)


def drain(instrument_ids: Iterable[int], *, at: dt.datetime | None = None, limit: int = BATCH) -> int:
    """Decides everything that is pending on these instruments; gives the number of commands decided.

    `at` fixes the time of the decisions (a replay's); without it the market's clock is asked at each batch.
    """
    ids = sorted(set(instrument_ids))
    decided = 0
    while True:
        batch = _attempt(ids, at, limit)
        decided += len(batch.commands)
        if batch.commands:
            pushes.publish(batch.messages, batch.commands, batch.organisations)
        if len(batch.commands) < limit:
            return decided


def _attempt(ids: list[int], at: dt.datetime | None, limit: int) -> Batch:
    """A batch, tried again after a deadlock or a lost connection, and one by one after a fault of our own.

    A command that the core cannot decide must not stop the others: alone in its batch it is refused with
    ENGINE_FAULT, which is logged as an error.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return decide(ids, at or clock.now(), limit)
        except OperationalError:
            connection.close_if_unusable_or_obsolete()
            if attempt == ATTEMPTS:
                raise
            logger.warning("batch on %s is tried again", ids, exc_info=True)
        except Exception:
            logger.exception("batch on %s failed; its commands are decided one by one", ids)
            return _one_by_one(ids, at, limit)
    raise AssertionError("not reached")


def _one_by_one(ids: list[int], at: dt.datetime | None, limit: int) -> Batch:
    whole = Batch()
    while len(whole.commands) < limit:
        try:
            batch = decide(ids, at or clock.now(), 1)
        except OperationalError:
            raise
        except Exception:
            logger.exception("a command on %s cannot be decided and is refused", ids)
            batch = decide(ids, at or clock.now(), 1, refuse="ENGINE_FAULT")
        if not batch.commands:
            break
        whole.commands += batch.commands
        whole.messages += batch.messages
        whole.organisations |= batch.organisations
    return whole


def decide(ids: list[int], at: dt.datetime, limit: int, refuse: str = "") -> Batch:
    """One batch in one transaction. With `refuse` its commands are refused unseen, for this reason."""
    batch = Batch()
    with transaction.atomic():
        instruments = list(Instrument.objects.raw(LOCKED_INSTRUMENTS, [ids]))
        commands = list(Command.objects.raw(UNDECIDED, [ids, limit]))
        if not commands:
            return batch
        day = trading_day(at)
        desk = cache.take_out(instruments, day)
        decided, moves = match(desk, commands, instruments, day, refuse)
        writer = Writer(desk, instruments, day, at)
        batch.messages = writer.write(decided, moves)
        batch.commands = commands
        batch.organisations = writer.organisations
    desk.forget_all(writer.touched, writer.accepted, desk.guests)
    cache.put_back(instruments, desk)
    return batch


def trading_day(at: dt.datetime) -> dt.date:
    """The day that is open or being closed, or else the date: outside a day only refusals happen."""
    with connection.cursor() as cursor:
        cursor.execute(UNSETTLED_DAY)
        row = cursor.fetchone()
    return row[0] if row else at.astimezone(clock.BEIJING).date()


def match(
    desk: cache.Desk, commands: list[Command], instruments: list[Instrument], day: dt.date, refuse: str
) -> tuple[list[Decided], list[Move]]:
    """Runs the commands through the core: each with its events, and the ledger moves of all."""
    organisations = load.holding({command.organisation_id for command in commands})
    core = [load.as_core_command(command, organisations) for command in commands]
    desk.market.wallets = load.spendable(organisations, instruments)
    if refuse:
        return [
            Decided(command, [rejected(line, refuse)]) for command, line in zip(commands, core, strict=True)
        ], []
    load.know_members(desk, organisations, core)
    load.know_orders(desk, load.names_in(core))
    closing = [command["instrument"] for command in core if command["cmd"] == "close_day"]
    if closing:
        load.bought_today(desk, desk.market.wallets, closing, day)
    # Provisional ages, above all that are in the books; `write` replaces them by the events' numbers.
    desk.market.age = max(instrument.last_event for instrument in instruments)
    decided = []
    for command, line in zip(commands, core, strict=True):
        if line["cmd"] == Command.Kind.AUCTION:
            load.set_aside(desk.market, line)
        decided.append(Decided(command, desk.market.apply(line)))
    return decided, desk.market.wallets.take_moves()
