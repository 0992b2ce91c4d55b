"""Signs of life of the workers and of beat, for /readyz: keys in Valkey that live for a few seconds.

A worker writes one for each queue that it takes from, with Celery's own heartbeat; beat writes one when it
sends. Nothing else reads them, and nobody waits for them: without Valkey there is no worker to be found.
"""

import logging
import time
from typing import Any

import redis
from celery import signals
from django.conf import settings

from accounts.valkey import client

logger = logging.getLogger(__name__)

BEAT = "tanshi:alive:beat"
QUEUE = "tanshi:alive:queue:"
#: Celery's heartbeat comes every 2 s, beat sends every second.
ALIVE_SECONDS = 8
#: Every queue that somebody must take from.
QUEUES = (settings.CELERY_TASK_DEFAULT_QUEUE, "engine")

_my_queues: list[str] = []
_beat_said_at = 0.0


def connect() -> None:
    """Called once a process; the signals come only in workers and in beat."""
    signals.worker_ready.connect(_worker_ready, weak=False)
    signals.heartbeat_sent.connect(_worker_lives, weak=False)
    signals.beat_init.connect(_beat_begins, weak=False)


def _worker_ready(sender: Any, **_kwargs: Any) -> None:
    _my_queues[:] = [queue.name for queue in sender.task_consumer.queues]
    _worker_lives()


def _worker_lives(**_kwargs: Any) -> None:
    _say([QUEUE + name for name in _my_queues])


def _beat_begins(**_kwargs: Any) -> None:
    signals.after_task_publish.connect(_beat_lives, weak=False)


def _beat_lives(**_kwargs: Any) -> None:
    global _beat_said_at  # noqa: PLW0603 - one beat a process
    if time.monotonic() - _beat_said_at >= 1:
        _beat_said_at = time.monotonic()
        _say([BEAT])


def _say(keys: list[str]) -> None:
    try:
        pipe = client().pipeline(transaction=False)
        for key in keys:
            pipe.set(key, 1, ex=ALIVE_SECONDS)
        pipe.execute()
    except redis.RedisError:
        logger.warning("Valkey is away: nobody hears that this process lives")
