"""GET /api/v1/trades/, GET /api/v1/accounts/ and POST /api/v1/positions/move/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from exchange.api.serializers import OwnTradeSerializer
from registry.models import Transfer
from tests.support.market import Market

Client = Callable[..., APIClient]
MOVE = "/api/v1/positions/move/"


def move(client: APIClient, **changes: Any) -> Any:
    body = {"id": "m1", "asset": "CEA", "quantity": 40, "from": "trading", "to": "registry", **changes}
    return client.post(MOVE, body, format="json")


def test_each_side_sees_its_own_half_of_a_trade(market: Market, as_member: Client) -> None:
    market.submit("A", "list", "a1", side="sell", price="48.00", qty=100)
    market.submit("B", "take", "b1", side="buy", price="48.00", qty=40)
    market.drain()
    (sold,) = as_member("A").get("/api/v1/trades/").json()["results"]
    (bought,) = as_member("B").get("/api/v1/trades/").json()["results"]
    assert set(sold) == set(OwnTradeSerializer().fields)
    assert (sold["side"], sold["order"], bought["side"], bought["order"]) == ("sell", "a1", "buy", "b1")
    assert sold["amount"] == bought["amount"] == "1920.00"
    assert as_member("C").get("/api/v1/trades/").json()["results"] == []


def test_balances_are_yuan_and_tonnes(market: Market, as_member: Client) -> None:
    market.submit("A", "list", "a1", side="buy", price="48.00", qty=10)
    market.drain()
    rows = as_member("A").get("/api/v1/accounts/").json()["results"]
    amounts = {(row["asset"], row["purpose"]): row["amount"] for row in rows}
    assert amounts[("CNY", "trading")] == "999999520.00"
    assert amounts[("CNY", "order")] == "480.00"
    assert amounts[("CEA", "trading")] == 10_000_000


def test_a_move_moves_once_however_often_it_is_sent(market: Market, as_member: Client) -> None:
    client = as_member("A")
    first, again = move(client), move(client)
    assert (first.status_code, first.json()["moved"]) == (200, True)
    assert (again.status_code, again.json()["moved"]) == (200, False)
    assert market.balance("A", "CEA", "registry") == 40
    assert Transfer.objects.filter(kind="move").count() == 1


def test_the_same_id_for_another_move_conflicts(market: Market, as_member: Client) -> None:
    client = as_member("A")
    move(client)
    answer = move(client, quantity=41)
    assert (answer.status_code, answer.json()["code"]) == (409, "DUPLICATE_ID")


def test_nobody_moves_what_is_not_there(market: Market, as_member: Client) -> None:
    answer = move(as_member("A"), quantity=10_000_001)
    assert (answer.status_code, answer.json()["code"]) == (409, "INSUFFICIENT_HOLDINGS")
    assert market.balance("A", "CEA") == 10_000_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"asset": "CNY"}, "asset"),
        ({"asset": "NONE"}, "asset"),
        ({"to": "trading"}, "to"),
        ({"from": "frozen"}, "from"),
        ({"to": "surrendered"}, "to"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"holder": "B"}, "holder"),
    ],
)
def test_a_move_that_cannot_be_names_its_field(
    as_member: Client, changes: dict[str, Any], field: str
) -> None:
    answer = move(as_member("A"), **changes)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_moving_needs_the_registry_scope_and_a_role(market: Market, as_member: Client) -> None:
    assert move(as_member("A", scopes=("read", "trade"))).json()["code"] == "SCOPE_MISSING"
    assert move(as_member("A", "viewer")).json()["code"] == "ROLE_MISSING"
