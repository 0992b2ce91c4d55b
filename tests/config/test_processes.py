"""The processes that the fixtures start: a worker that can be killed, Valkey and database of one's own."""

import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.utils import DatabaseError
from playwright.sync_api import Page

from config.local.ports import answers
from tests.support.processes import Site, Worker
from tests.support.processes import test_database_url as database_url


def test_a_worker_can_be_killed_and_started_again(worker: Worker) -> None:
    first = worker.pid
    worker.kill()
    worker.start()
    assert worker.pid != first


def test_two_workers_run_side_by_side(make_worker: Callable[..., Worker]) -> None:
    first = make_worker("first", queues=("engine",), concurrency=1)
    second = make_worker("second", queues=("engine",), concurrency=1)
    assert first.pid != second.pid


@pytest.mark.django_db
def test_children_get_the_test_database_and_not_the_one_behind_it() -> None:
    assert urlsplit(database_url()).path.startswith("/test_tanshi")


def test_the_broker_is_empty_and_our_own(broker: "redis.Redis") -> None:
    assert broker.dbsize() == 0
    assert urlsplit(settings.REDIS_URL).port == broker.connection_pool.connection_kwargs["port"]


@pytest.mark.django_db
def test_append_only_tables_refuse_truncate_when_their_guards_are_on(truncate_guards: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname ~ '_no_truncate'")
        tables = [row[0] for row in cursor.fetchall()]
        assert tables
        for table in tables:
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_site_comes_back_on_the_same_port(site: Site) -> None:
    before = site.url
    assert urllib.request.urlopen(f"{site.url}/healthz", timeout=10).status == 200
    site.kill()
    assert not answers(site.port)
    site.restart()
    assert site.url == before
    assert urllib.request.urlopen(f"{site.url}/healthz", timeout=10).status == 200


def test_a_browser_and_the_orm_meet_in_one_test(site: Site, page: Page) -> None:
    """The driver's event loop would make Django refuse queries, and emptying the tables miss them."""
    page.goto(f"{site.url}/healthz")
    ContentType.objects.create(app_label="tests", model="row")
    assert ContentType.objects.filter(app_label="tests").count() == 1
