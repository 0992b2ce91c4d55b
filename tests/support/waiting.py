"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], *, seconds: float) -> None:
    """Returns once the condition holds; fails when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {condition.__name__}"
        time.sleep(0.05)
