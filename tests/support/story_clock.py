"""A platform clock that a story sets: `settings.PLATFORM_CLOCK = "tests.support.story_clock.now"`."""

import datetime as dt

_moment: list[dt.datetime] = []


def set_to(moment: dt.datetime) -> None:
    _moment[:] = [moment]


def now() -> dt.datetime:
    return _moment[0]
