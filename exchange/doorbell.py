"""The bell that wakes the engine. Many rings, one run: while a ring is on its way, others are not sent.

A bell that is lost delays, and loses nothing: `sweep` rings for whatever still waits.
"""

import datetime as dt
import logging

import redis
from django.db.models import Min
from kombu.exceptions import OperationalError

from exchange import clock
from exchange.models import Command
from exchange.pushes import client

logger = logging.getLogger(__name__)

#: A ring that nobody answered for this long is taken for lost.
RING_SECONDS = 2
#: Commands that wait longer than this are rung for again by the sweeper.
PATIENCE = dt.timedelta(seconds=1)


def _key(instrument_id: int) -> str:
    return f"tanshi:rung:{instrument_id}"


def ring(instrument_id: int) -> None:
    """Asks a worker to decide what is pending. Call it after the commit; never raises, never waits long."""
    from exchange.tasks import drain

    try:
        if client().set(_key(instrument_id), 1, nx=True, ex=RING_SECONDS):
            drain.apply_async((instrument_id,), retry=False)
    except (redis.RedisError, OperationalError, OSError):
        logger.warning("Valkey is away: the sweeper will ring for instrument %s", instrument_id)


def answered(instrument_id: int) -> None:
    """A worker is about to read: what is stored from now on needs a ring of its own."""
    try:
        client().delete(_key(instrument_id))
    except redis.RedisError:
        logger.warning("Valkey is away")


def sweep() -> list[int]:
    """Rings for every instrument on which something has waited too long."""
    waiting = (
        Command.objects.filter(decided_event__isnull=True)
        .order_by()
        .values("instrument_id")
        .annotate(since=Min("received_at"))
        .filter(since__lt=clock.now() - PATIENCE)
    )
    ids = [row["instrument_id"] for row in waiting]
    for instrument_id in ids:
        answered(instrument_id)
        ring(instrument_id)
    return ids
