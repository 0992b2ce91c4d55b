"""What time it is on the platform, for the layers below the exchange, which keeps the clock."""

import datetime as dt
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


def now() -> dt.datetime:
    """Platform time, aware, Asia/Shanghai. In the demo it may be days ahead of the world."""
    return _clock(settings.PLATFORM_CLOCK)()


@cache
def _clock(path: str) -> Callable[[], dt.datetime]:
    clock: Callable[[], dt.datetime] = import_string(path)
    return clock
