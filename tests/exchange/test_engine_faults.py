"""Each order is decided once, whatever happens to the parts: real workers, a real broker, real kills (issue: The engine)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
import redis
from django.db import connection

from config.local.children import Child
from exchange import tasks
from exchange.answers import wait_for
from exchange.models import Command, Event, Order, Trade
from registry.audit.run import reconcile
from tests.support import processes
from tests.support.market import Market, make_market
from tests.support.processes import Worker

#: The longest that a command may wait for the sweeper.
SWEPT_WITHIN = 5
PATIENCE = 60


def list_and_take(market: Market, count: int, start: int = 0) -> list[Command]:
    """`count` listings of one tonne, each followed by a take of it."""
    commands = []
    for number in range(start, start + count):
        commands.append(market.submit("A", "list", f"l{number}", side="sell", price="48.00", qty=1))
        commands.append(market.submit("B", "take", f"t{number}", side="buy", price="48.00", qty=1))
    return commands


def assert_decided_once(commands: list[Command]) -> None:
    """Every command has one first event, every accepted order one row, every fill its transfers."""
    ids = [command.pk for command in commands]
    assert not Command.objects.filter(pk__in=ids, decided_event__isnull=True).exists()
    decisions = Event.objects.filter(command__in=ids, kind__in=["accepted", "rejected"])
    assert decisions.count() == len(ids)
    assert len(set(decisions.values_list("command_id", flat=True))) == len(ids)
    assert Order.objects.filter(pk__in=ids).count() == decisions.filter(kind="accepted").count()
    numbers = list(Trade.objects.order_by("no").values_list("no", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert reconcile().clean, reconcile().breaks


@contextmanager
def paused_engine() -> Iterator[None]:
    """Holds all ledger accounts, so that a batch stops in the middle of its transaction: orders written, money not."""
    other = psycopg2.connect(processes.test_database_url())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM registry_account FOR UPDATE")
        yield
    finally:
        other.close()


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
    """Asks the database until the condition holds."""
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
            cursor.execute("SELECT pg_sleep(0.01)")


def a_batch_waits_for_accounts() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query LIKE '%%registry_account%%'"
        )
        return bool(cursor.fetchone()[0])


def test_the_bell_wakes_the_worker(worker: Worker) -> None:
    market = make_market()
    commands = list_and_take(market, 20)
    assert wait_for([command.pk for command in commands], PATIENCE)
    assert_decided_once(commands)
    assert Trade.objects.count() == 20


def test_duplicate_tasks_decide_nothing_twice(worker: Worker) -> None:
    market = make_market()
    commands = list_and_take(market, 30)
    for _ in range(50):
        tasks.drain.delay(market.instruments["CEA"].pk)
    assert wait_for([command.pk for command in commands], PATIENCE)
    until(lambda: connection_count_of_locks() == 0, "all tasks done")
    assert_decided_once(commands)


def connection_count_of_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def test_two_workers_on_one_instrument_take_turns(make_worker: Callable[..., Worker]) -> None:
    make_worker("first")
    make_worker("second")
    market = make_market()
    commands: list[Command] = []
    for round_ in range(10):
        commands += list_and_take(market, 10, start=round_ * 10)
        for _ in range(4):
            tasks.drain.delay(market.instruments["CEA"].pk)
    assert wait_for([command.pk for command in commands], PATIENCE)
    assert_decided_once(commands)
    assert Trade.objects.count() == 100


def test_a_worker_killed_in_the_middle_of_a_batch_leaves_nothing_half_done(
    make_worker: Callable[..., Worker], beat: Child
) -> None:
    market = make_market()
    first = make_worker("first")
    with paused_engine():
        commands = list_and_take(market, 20)
        until(a_batch_waits_for_accounts, "a batch has begun to post")
        first.kill()
    assert not Order.objects.exists()
    make_worker("second")
    assert wait_for([command.pk for command in commands], PATIENCE)
    assert_decided_once(commands)
    assert Trade.objects.count() == 20


@pytest.mark.alone
def test_a_bell_lost_with_valkey_is_rung_again_by_the_sweeper(
    worker: Worker, beat: Child, broker: "redis.Redis"
) -> None:
    market = make_market()
    with paused_engine():
        blocker = market.submit("A", "list", "first", side="sell", price="48.00", qty=1)
        until(a_batch_waits_for_accounts, "the engine is busy")
        # Accepted, and its bell thrown away together with everything else in Valkey.
        commands = list_and_take(market, 10)
        broker.flushall()
    started = time.monotonic()
    assert wait_for([blocker.pk, *[command.pk for command in commands]], PATIENCE)
    assert time.monotonic() - started < SWEPT_WITHIN
    assert_decided_once([blocker, *commands])
