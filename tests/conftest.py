"""Fixtures for every test; tests/README.md describes them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from playwright.sync_api import expect

from config.local import processes
from config.local.children import Child
from tests.support import chromium, template
from tests.support.house_rules import ROOT, real_data_dir
from tests.support.processes import Site, Worker, child_environment

TRUNCATE_GUARDS = r"""
    SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger
    WHERE NOT tgisinternal AND tgname ~ '_no_truncate(_[0-9a-f]+)?$'
"""


#: Rows that `migrate` makes of the models alone, and that it would make again after every test.
MADE_BY_MIGRATE = {"auth_permission", "django_content_type"}


def switch_truncate_guards(verb: str) -> None:
    """ENABLE or DISABLE the triggers that keep append-only tables from being truncated."""
    with connection.cursor() as cursor:
        cursor.execute(TRUNCATE_GUARDS)
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {trigger}")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """A million rounds for every person that a test makes took longer than most tests.

    The rounds stand in the hash, so that a web process of its own, with its million, knows the password too.
    """
    PBKDF2PasswordHasher.iterations = 1_000


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any, pytestconfig: pytest.Config
) -> Iterator[None]:
    """Before a process makes its database: one is migrated, and each process copies it."""
    with django_db_blocker.unblock():
        template.copy_from_template(Path(pytestconfig.cache.mkdir("database")))
    yield
    with django_db_blocker.unblock():
        template.drop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After a test with real commits pytest-django empties all tables with TRUNCATE.

    Append-only tables refuse that, as they should; only this guard is off here, the ones against UPDATE
    and DELETE stay. The fixture `truncate_guards` has them on again.
    """
    with django_db_blocker.unblock():
        switch_truncate_guards("DISABLE")
        truncate_only_what_has_rows()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


def truncate_only_what_has_rows() -> None:
    """Emptying every table and partition takes far longer than most tests; asking each for a row does not.

    CASCADE, because a table without a model (a library's, replaced by ours) may point at one with a model.
    Patched in the class: while the browser's driver runs, its event loop gives the thread another connection.
    """
    operations = type(connection.ops)
    original = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        query = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {self.quote_name(name)})" for name in tables
        )
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            filled = [name for (name,) in cursor.fetchall() if name not in MADE_BY_MIGRATE]
        return original(self, style, filled, **{**options, "allow_cascade": True})

    operations.sql_flush = sql_flush  # type: ignore[method-assign,assignment]


def end_other_sessions() -> None:
    """Killed processes, and the connection of the browser's event loop, would keep the database from going."""
    # A test that cuts all connections may have cut this one too.
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def truncate_guards(db: None) -> Iterator[None]:
    """For tests of the guards themselves: the triggers against TRUNCATE as in production."""
    switch_truncate_guards("ENABLE")
    yield
    switch_truncate_guards("DISABLE")


@pytest.fixture
def broker() -> Iterator["redis.Redis"]:
    """This process's real Valkey, empty before and after the test."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushall()
        yield client
        client.flushall()


@pytest.fixture
def make_worker(
    transactional_db: None, broker: "redis.Redis", tmp_path: Path
) -> Iterator[Callable[..., Worker]]:
    """Start real Celery workers: `make_worker("second", concurrency=1, queues=("engine",), env={…})`."""
    made: list[Worker] = []

    def make(name: str = "first", **options: Any) -> Worker:
        made.append(Worker(name, tmp_path / f"worker-{name}.log", **options))
        return made[-1].start()

    yield make
    # Killed, not stopped: a worker takes two seconds to say goodbye, and nothing of this test is left to lose.
    for worker in made:
        worker.kill()


@pytest.fixture
def worker(make_worker: Callable[..., Worker]) -> Worker:
    """One real Celery worker for both queues: `.kill()`, `.stop()`, `.start()`, `.restart()`, `.output()`."""
    return make_worker()


@pytest.fixture
def beat(transactional_db: None, broker: "redis.Redis", tmp_path: Path) -> Iterator[Child]:
    """A real Celery beat with the project's timetable."""
    child = processes.beat(folder=tmp_path, log=tmp_path / "beat.log", env=child_environment()).start()
    yield child
    child.kill()


@pytest.fixture
def site(transactional_db: None, broker: "redis.Redis", tmp_path: Path) -> Iterator[Site]:
    """A real uvicorn: `.url`, `.ws_url`, `.restart()` on the same port, `.kill()`, `.output()`."""
    site = Site(tmp_path / "web.log").start()
    yield site
    site.kill()


@pytest.fixture(scope="session", autouse=True)
def patience_with_pages() -> None:
    """A page is awaited as long as a busy machine may need; only a failure takes that long."""
    expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Any) -> dict[str, Any]:
    """pytest-playwright starts this Chromium; where none can be had, the tests fail with the reason."""
    path = chromium.executable(Path(playwright.chromium.executable_path))
    return {**browser_type_launch_args, "executable_path": str(path), "args": chromium.flags()}


@pytest.fixture(scope="session")
def scenarios() -> Path:
    """The folder of command files with their events."""
    return ROOT / "tests" / "scenarios"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real bulletins; tests that use it are marked `real_data`."""
    return real_data_dir()
