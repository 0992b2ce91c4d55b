"""Live pushes over Valkey: told after the commit, to whoever listens. Nothing depends on their arrival."""

import functools
import json
import logging
from collections.abc import Iterable
from typing import Any

import redis
from django.conf import settings

from exchange.models import Command

logger = logging.getLogger(__name__)

MARKET_CHANNEL = "tanshi:market"
DECIDED_CHANNEL = "tanshi:decided"


@functools.cache
def client() -> redis.Redis:
    """This process' connection pool; short timeouts, because nobody may wait for a bell."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, max_connections=200
    )


def publish(
    messages: Iterable[dict[str, Any]], commands: list[Command], organisations: Iterable[int]
) -> None:
    """Says what a committed batch changed. Listeners that miss it read PostgreSQL (exchange.board, Event)."""
    try:
        pipe = client().pipeline(transaction=False)
        for message in messages:
            pipe.publish(MARKET_CHANNEL, json.dumps(message, ensure_ascii=False))
        pipe.publish(DECIDED_CHANNEL, _told([command.pk for command in commands], organisations))
        pipe.execute()
    except redis.RedisError:
        logger.warning("Valkey is away: clients will read what happened from the database")


def ring(organisations: Iterable[int]) -> None:
    """Wakes the account streams of these organisations: something of theirs is in the database."""
    try:
        client().publish(DECIDED_CHANNEL, _told([], organisations))
    except redis.RedisError:
        logger.warning("Valkey is away: account streams look by themselves every second")


def _told(commands: list[int], organisations: Iterable[int]) -> str:
    return json.dumps({"commands": commands, "organisations": sorted(organisations)})
