"""The API with a real worker, beat and web process: waiting for the engine, and who is alive."""

from collections.abc import Callable
from typing import Any

import pytest
import redis
import requests

from accounts.api.keys import make_key
from config.local.children import Child
from exchange.models import Command
from tests.support.clients import person, speak
from tests.support.market import make_market
from tests.support.processes import Site, Worker
from tests.support.waiting import eventually

ORDER = {"kind": "list", "id": "a1", "instrument": "CEA", "side": "sell", "price": "48.00", "qty": 100}


def test_waiting_gives_what_the_engine_did(worker: Worker) -> None:
    market = make_market()
    client = speak(person(market.members["A"]))
    placed = client.post("/api/v1/orders/?wait=10", ORDER, format="json")
    assert (placed.status_code, placed.json()["status"]) == (200, "open")
    refused = client.post("/api/v1/orders/?wait=10", {**ORDER, "id": "a2", "price": "99.00"}, format="json")
    assert (refused.status_code, refused.json()["status"], refused.json()["reason"]) == (
        200,
        "rejected",
        "PRICE_BAND",
    )
    batch = [{**ORDER, "id": "a3"}, {"kind": "cancel", "id": "a3"}, {"kind": "cancel", "id": "a2"}]
    done = client.post("/api/v1/orders/batch/?wait=10", batch, format="json")
    assert done.status_code == 200
    assert [entry["status"] for entry in done.json()][:2] == ["cancelled", "cancelled"]
    cancelled = client.delete("/api/v1/orders/a1/?wait=10")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = client.delete("/api/v1/orders/a1/?wait=10")
    assert (again.status_code, again.json()["code"]) == (409, "NOT_OPEN")


def test_waiting_without_an_engine_ends_pending(transactional_db: None) -> None:
    client = speak(person(make_market().members["A"]))
    answer = client.post("/api/v1/orders/?wait=0.2", ORDER, format="json")
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")


@pytest.fixture
def parts(site: Site) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        answer = requests.get(f"{site.url}/readyz", timeout=10)
        said: dict[str, Any] = answer.json()
        assert (answer.status_code == 200) == (said["status"] == "ready")
        return said

    return ask


def test_readiness_names_the_part_that_is_missing(
    parts: Callable[[], dict[str, Any]], worker: Worker, beat: Child, broker: redis.Redis
) -> None:
    eventually(lambda: parts()["status"] == "ready", seconds=60)
    beat.kill()
    eventually(lambda: parts()["beat"] == "down", seconds=60)
    assert parts()["worker"] == "up"
    worker.kill()
    eventually(lambda: parts()["worker"] == "down", seconds=60)
    assert parts() == {
        "status": "not_ready",
        "database": "up",
        "broker": "up",
        "worker": "down",
        "beat": "down",
    }


def test_a_worker_that_leaves_a_queue_alone_is_not_enough(
    parts: Callable[[], dict[str, Any]], make_worker: Callable[..., Worker]
) -> None:
    make_worker("engine", queues=("engine",), concurrency=1)
    assert parts()["worker"] == "down"
    make_worker("rest", queues=("default",), concurrency=1)
    eventually(lambda: parts()["worker"] == "up", seconds=60)


def test_the_process_is_alive_and_gives_figures(site: Site) -> None:
    assert requests.get(f"{site.url}/healthz", timeout=10).json() == {"status": "up"}
    assert "python_info" in requests.get(f"{site.url}/metrics", timeout=10).text


def test_a_body_of_ten_megabytes_is_refused_over_the_wire(site: Site) -> None:
    _key, plain = make_key(person(make_market().members["A"]), "test", ["trade"])
    headers = {"Authorization": f"Token {plain}", "Content-Type": "application/json"}
    body = b'{"id": "' + b"x" * 10_000_000 + b'"}'
    answer = requests.post(f"{site.url}/api/v1/orders/", data=body, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
    assert not Command.objects.filter(kind="list").exists()
