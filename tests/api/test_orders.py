"""POST and GET /api/v1/orders/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Organisation
from exchange.api.serializers import OrderSerializer
from exchange.models import Command
from tests.support.market import Market

Client = Callable[..., APIClient]
ORDERS = "/api/v1/orders/"


def listing(name: str = "a1", **changes: Any) -> dict[str, Any]:
    order = {"kind": "list", "id": name, "instrument": "CEA", "side": "sell", "price": "48.00", "qty": 100}
    return {**order, **changes}


def send(client: APIClient, body: Any, query: str = "") -> Any:
    return client.post(ORDERS + query, body, format="json")


def test_an_order_is_stored_and_answered_pending(market: Market, as_member: Client) -> None:
    answer = send(as_member("A"), listing())
    assert answer.status_code == 202
    stored = Command.objects.get(kind="list")
    assert answer.json()["status"] == "pending"
    assert answer.json()["number"] == stored.pk
    assert (stored.organisation, stored.user and stored.user.email) == (
        market.members["A"],
        "trader@a.example",
    )


def test_the_answer_is_what_the_schema_promises(market: Market, as_member: Client) -> None:
    client = as_member("A")
    send(client, listing())
    market.drain()
    order = client.get(f"{ORDERS}a1/").json()
    assert set(order) == set(OrderSerializer().fields)
    assert order["locked"] == {"asset": "CEA", "amount": "100"}


def test_the_same_order_sent_again_is_the_first_one(market: Market, as_member: Client) -> None:
    client = as_member("A")
    first = send(client, listing())
    market.drain()
    again = send(client, listing())
    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])
    assert again.json()["status"] == "open"
    assert Command.objects.filter(kind="list").count() == 1


def test_the_same_id_with_other_content_conflicts(as_member: Client) -> None:
    client = as_member("A")
    send(client, listing())
    answer = send(client, listing(qty=101))
    assert (answer.status_code, answer.json()["code"]) == (409, "DUPLICATE_ID")
    assert answer["Content-Type"] == "application/problem+json"


def test_two_members_may_use_the_same_id(as_member: Client) -> None:
    assert send(as_member("A"), listing()).status_code == 202
    assert send(as_member("B"), listing(side="buy", price="47.00")).status_code == 202


def test_a_take_by_listing_number_fills_that_listing(market: Market, as_member: Client) -> None:
    seller, buyer = as_member("A"), as_member("B")
    send(seller, listing("old"))
    number = send(seller, listing("young")).json()["number"]
    market.drain()
    send(buyer, listing("t1", kind="take", side="buy", qty=60, prefer=[number], remainder="cancel"))
    market.drain()
    taken = buyer.get(f"{ORDERS}t1/").json()
    assert (taken["status"], taken["filled"], taken["amount"]) == ("filled", 60, "2880.00")
    assert taken["fills"] == [{"no": 1, "time": taken["fills"][0]["time"], "price": "48.00", "qty": 60}]
    assert seller.get(f"{ORDERS}young/").json()["leaves"] == 40
    assert seller.get(f"{ORDERS}old/").json()["leaves"] == 100


def test_a_block_offer_is_accepted_by_its_number(market: Market, as_member: Client) -> None:
    seller, buyer = as_member("A"), as_member("B")
    number = send(seller, listing("b1", kind="block", qty=100_000, counterparty="B")).json()["number"]
    market.drain()
    send(buyer, {"kind": "block_accept", "id": "b2", "offer": number})
    market.drain()
    assert buyer.get(f"{ORDERS}b2/").json()["status"] == "filled"


def test_a_refusal_says_why_in_code_and_words(market: Market, as_member: Client) -> None:
    client = as_member("A")
    send(client, listing(price="60.00"))
    market.drain()
    order = client.get(f"{ORDERS}a1/").json()
    assert (order["status"], order["reason"]) == ("rejected", "PRICE_BAND")
    assert order["reason_text"].startswith("price: outside today's price band")


def test_words_follow_the_language(market: Market, as_member: Client) -> None:
    client = as_member("A", language="zh-Hans")
    send(client, listing(price="60.00"))
    market.drain()
    assert "涨跌幅" in client.get(f"{ORDERS}a1/").json()["reason_text"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"price": "48.001"}, "price", "BAD_PRICE"),
        ({"price": "NaN"}, "price", "BAD_PRICE"),
        ({"price": "1e3"}, "price", "BAD_PRICE"),
        ({"price": "٣"}, "price", "BAD_PRICE"),
        ({"price": "48.00\n"}, "price", "BAD_PRICE"),
        ({"price": 48}, "price", "BAD_PRICE"),
        ({"price": None}, "price", "INVALID"),
        ({"qty": 10**30}, "qty", "BAD_QUANTITY"),
        ({"qty": "100"}, "qty", "BAD_QUANTITY"),
        ({"qty": True}, "qty", "BAD_QUANTITY"),
        ({"qty": []}, "qty", "BAD_QUANTITY"),
        ({"side": "both"}, "side", "INVALID"),
        ({"side": ["sell"]}, "side", "INVALID"),
        ({"id": "two words"}, "id", "INVALID"),
        ({"id": "x" * 65}, "id", "INVALID"),
        ({"id": 7}, "id", "INVALID"),
        ({"kind": "auction"}, "kind", "INVALID"),
        ({"kind": {}}, "kind", "INVALID"),
        ({"colour": "green"}, "colour", "INVALID"),
        ({"prefer": [1]}, "prefer", "INVALID"),
        ({"instrument": "NONE"}, "instrument", "UNKNOWN_INSTRUMENT"),
        ({"instrument": 5}, "instrument", "INVALID"),
    ],
)
def test_a_field_that_cannot_be_is_named(
    as_member: Client, changes: dict[str, Any], field: str, code: str
) -> None:
    answer = send(as_member("A"), listing(**changes))
    problem = answer.json()
    assert (answer.status_code, problem["code"], list(problem["errors"])) == (400, code, [field])
    assert not Command.objects.filter(kind="list").exists()


def test_a_quantity_the_rules_forbid_is_the_engines_to_refuse(market: Market, as_member: Client) -> None:
    client = as_member("A")
    for index, qty in enumerate((0, -1, 100_000, 2**63 - 1)):
        assert send(client, listing(f"q{index}", qty=qty)).status_code == 202
    market.drain()
    orders = client.get(ORDERS).json()["results"]
    assert {order["reason"] for order in orders} == {"BAD_QUANTITY"}


def test_missing_fields_are_named_all_at_once(as_member: Client) -> None:
    answer = send(as_member("A"), {"kind": "take"})
    assert set(answer.json()["errors"]) == {"id", "instrument", "side", "price", "qty"}


def test_a_list_of_orders_is_no_order(as_member: Client) -> None:
    assert send(as_member("A"), [listing()]).status_code == 400


@pytest.mark.parametrize("wait", ["-1", "11", "soon", "1e1", "٣", ""])
def test_a_wait_that_cannot_be_stores_nothing(as_member: Client, wait: str) -> None:
    answer = send(as_member("A"), listing(), f"?wait={wait}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["wait"])
    assert not Command.objects.filter(kind="list").exists()


def test_orders_are_listed_newest_first_and_filtered(market: Market, as_member: Client) -> None:
    client = as_member("A")
    for number in range(3):
        send(client, listing(f"a{number}", price=f"48.0{number}"))
    market.drain()
    send(client, listing("late"))

    def ids(query: str) -> list[str]:
        return [order["id"] for order in client.get(ORDERS + query).json()["results"]]

    assert ids("") == ["late", "a2", "a1", "a0"]
    assert ids("?status=pending") == ["late"]
    assert ids("?status=open") == ["a2", "a1", "a0"]
    assert ids("?instrument=CEA&status=rejected") == []
    assert ids(f"?date={market.day}") == ["late", "a2", "a1", "a0"]
    assert ids("?date=2021-07-16") == []


@pytest.mark.parametrize(
    "query", ["?status=lost", "?instrument=NONE", "?date=2026-02-30", "?date=9999-12-31x", "?date=%00"]
)
def test_a_filter_that_cannot_be_is_refused(as_member: Client, query: str) -> None:
    answer = as_member("A").get(ORDERS + query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_pages_follow_each_other(as_member: Client) -> None:
    client = as_member("A")
    for number in range(5):
        send(client, listing(f"a{number}"))
    seen, url = [], f"{ORDERS}?page_size=2"
    while url:
        page = client.get(url).json()
        assert len(page["results"]) <= 2
        seen += [order["id"] for order in page["results"]]
        url = page["next"]
    assert seen == ["a4", "a3", "a2", "a1", "a0"]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "cD1hYmM=", "cD0lMDA=", "cj0xJnA9OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
def test_a_made_up_cursor_is_no_server_error(as_member: Client, cursor: str) -> None:
    assert as_member("A").get(f"{ORDERS}?cursor={cursor}").status_code in {200, 404}


def test_nobody_sees_the_orders_of_others(as_member: Client) -> None:
    send(as_member("A"), listing())
    other = as_member("B")
    assert other.get(ORDERS).json()["results"] == []
    answer = other.get(f"{ORDERS}a1/")
    assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN_ORDER")


def test_without_a_key_nothing_is_answered(market: Market, anybody: APIClient) -> None:
    for answer in (anybody.get(ORDERS), send(anybody, listing())):
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED")
        assert answer["WWW-Authenticate"] == "Token"


def test_a_key_to_read_places_nothing(as_member: Client) -> None:
    client = as_member("A", scopes=("read",))
    assert client.get(ORDERS).status_code == 200
    answer = send(client, listing())
    assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")


def test_a_viewer_places_nothing(as_member: Client) -> None:
    answer = send(as_member("A", "viewer"), listing())
    assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_MISSING")


def test_insiders_never_trade(market: Market, as_member: Client) -> None:
    client = as_member("A")
    Organisation.objects.filter(code="A").update(kind="exchange")
    assert send(client, listing()).json()["code"] == "ROLE_MISSING"


def test_a_suspended_member_cancels_and_places_nothing(market: Market, as_member: Client) -> None:
    client = as_member("A")
    send(client, listing())
    market.drain()
    Organisation.objects.filter(code="A").update(status="suspended")
    answer = send(client, listing("a2"))
    assert (answer.status_code, answer.json()["code"]) == (403, "MEMBER_SUSPENDED")
    assert client.delete(f"{ORDERS}a1/").status_code == 202
    market.drain()
    assert client.get(f"{ORDERS}a1/").json()["status"] == "cancelled"


def test_a_cancel_is_stored_and_then_done(market: Market, as_member: Client) -> None:
    client = as_member("A")
    send(client, listing())
    market.drain()
    answer = client.delete(f"{ORDERS}a1/")
    assert (answer.status_code, answer.json()["status"]) == (202, "open")
    market.drain()
    assert client.get(f"{ORDERS}a1/").json()["status"] == "cancelled"


def test_an_unknown_order_cannot_be_cancelled(as_member: Client) -> None:
    for name in ("nobody", "two%20words", "x" * 80, "%F0%9F%8D%95"):
        answer = as_member("A").delete(f"{ORDERS}{name}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN_ORDER")


def test_an_order_may_be_called_batch(market: Market, as_member: Client) -> None:
    client = as_member("A")
    send(client, listing("batch"))
    market.drain()
    assert client.get(f"{ORDERS}batch/").json()["status"] == "open"
    assert client.delete(f"{ORDERS}batch/").status_code == 202
