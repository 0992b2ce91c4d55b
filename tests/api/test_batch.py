"""POST /api/v1/orders/batch/."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from exchange.models import Command
from tests.support.market import Market

Client = Callable[..., APIClient]
BATCH = "/api/v1/orders/batch/"


def listing(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "list",
        "id": name,
        "instrument": "CEA",
        "side": "sell",
        "price": "48.00",
        "qty": 1,
        **changes,
    }


def test_each_entry_is_answered_in_its_place(market: Market, as_member: Client) -> None:
    client = as_member("A")
    entries = [
        listing("a"),
        listing("b", price="1e3"),
        listing("a", qty=2),
        {"kind": "cancel", "id": "a"},
        {"kind": "cancel", "id": "nobody"},
        "nonsense",
        listing("c", instrument="NONE"),
        listing("d"),
    ]
    answer = client.post(BATCH, entries, format="json")
    assert answer.status_code == 202
    said = [entry.get("code") or entry["status"] for entry in answer.json()]
    assert said == [
        "pending", "BAD_PRICE", "DUPLICATE_ID", "pending", "UNKNOWN_ORDER", "INVALID", "UNKNOWN_INSTRUMENT", "pending",
    ]  # fmt: skip
    market.drain()
    states = {order["id"]: order["status"] for order in client.get("/api/v1/orders/").json()["results"]}
    assert states == {"a": "cancelled", "d": "open"}


def test_the_same_batch_again_changes_nothing(market: Market, as_member: Client) -> None:
    client = as_member("A")
    entries = [listing("a"), listing("b")]
    first = client.post(BATCH, entries, format="json").json()
    market.drain()
    again = client.post(BATCH, entries, format="json")
    assert again.status_code == 200
    assert [order["number"] for order in again.json()] == [order["number"] for order in first]
    assert Command.objects.filter(kind="list").count() == 2


def test_a_thousand_orders_fit_and_one_more_does_not(market: Market, as_member: Client) -> None:
    client = as_member("A")
    entries = [listing(f"order-{number}") for number in range(1_001)]
    answer = client.post(BATCH, entries, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "BATCH_TOO_LONG")
    assert not Command.objects.filter(kind="list").exists()
    assert len(client.post(BATCH, entries[:1_000], format="json").json()) == 1_000


def test_an_empty_batch_is_an_empty_answer(as_member: Client) -> None:
    answer = as_member("A").post(BATCH, [], format="json")
    assert (answer.status_code, answer.json()) == (200, [])


def test_a_batch_is_an_array(as_member: Client) -> None:
    assert as_member("A").post(BATCH, {"orders": []}, format="json").status_code == 400
