"""This process' connections to Valkey for short questions."""

import functools

import redis
from django.conf import settings


@functools.cache
def client() -> "redis.Redis":
    """Short timeouts: whoever asks has something better to do than to wait."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, max_connections=50
    )
