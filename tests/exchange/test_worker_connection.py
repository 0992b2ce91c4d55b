"""A worker keeps its database connection from one task to the next: a fresh one would cost more than a batch."""

from collections.abc import Callable

from django.db import connection

from exchange.models import Command
from tests.support.market import make_market
from tests.support.processes import Worker
from tests.support.waiting import eventually


def others() -> set[int]:
    """The database's other clients, by the number of the process that serves them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {row[0] for row in cursor.fetchall()}


def await_decision(command: Command) -> None:
    def decided() -> bool:
        command.refresh_from_db(fields=["decided_event"])
        return command.decided_event is not None

    eventually(decided, seconds=60)


def test_a_worker_keeps_its_connection(make_worker: Callable[..., Worker]) -> None:
    market = make_market()
    make_worker(concurrency=1, queues=("engine",))
    seen = []
    for number in range(3):
        order = market.submit("A", "list", f"L{number}", side="buy", price="48.00", qty=1)
        await_decision(order)
        seen.append(others())
    assert len(seen[0]) == 1
    assert seen[0] == seen[1] == seen[2]
