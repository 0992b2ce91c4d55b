"""What becomes of a client that does not keep up."""

import asyncio
import time

from market_data.feed import outbox as module
from market_data.feed.outbox import LONGEST_QUEUE, Outbox


def full() -> Outbox:
    outbox = Outbox(None)
    outbox.caught_up(5)
    for number in range(LONGEST_QUEUE):
        outbox.put(f"m{number}", trade=10 + number)
    return outbox


def test_what_fits_is_given_in_order() -> None:
    outbox = full()
    assert [outbox.take() for _ in range(3)] == ["m0", "m1", "m2"]
    assert outbox.sent_trade == 12


def test_what_does_not_fit_becomes_a_snapshot_after_the_last_trade_sent() -> None:
    outbox = full()
    outbox.take()
    outbox.put("one more")
    outbox.put("too much")
    assert (outbox.wants_snapshot, outbox.sent_trade, outbox.take()) == (True, 10, None)


def test_who_takes_the_snapshot_is_a_client_like_any_other() -> None:
    outbox = full()
    outbox.put("too much")
    outbox.caught_up(200)
    outbox.put("news")
    assert (outbox.take(), outbox.take(), outbox.behind_since, outbox.is_slow) == ("news", None, None, False)


def test_who_takes_nothing_is_dropped_in_the_end() -> None:
    outbox = full()
    outbox.put("too much")
    first = (outbox.is_slow, outbox.behind_since is not None)
    outbox.behind_since = time.monotonic() - module.PATIENCE_SECONDS - 1
    outbox.put("one more")
    assert (first, outbox.is_slow) == ((False, True), True)
    asyncio.run(asyncio.wait_for(outbox.wait(), 1))
