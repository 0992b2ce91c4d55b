"""/api/v1/auctions/: everybody reads, sellers and offices ask, traders bid under seal."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from exchange import clock
from exchange.auction.models import Auction
from exchange.models import Command, Order
from tests.support.auctions import Hall, make_hall
from tests.support.clients import speak

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()


@pytest.fixture
def anybody() -> APIClient:
    return APIClient(headers={"accept-language": "en"})


def all_day(hall: Hall) -> Auction:
    """Open now, whatever the hour: announced yesterday, for the whole of today."""
    hall.now = hall.moment("23:00") - dt.timedelta(days=1)
    auction = hall.announced(opens_at=hall.moment("00:00"), closes_at=hall.moment("23:59"))
    hall.at("00:00")
    return Auction.objects.get(pk=auction.pk)


def body(hall: Hall, **changes: Any) -> dict[str, Any]:
    day = (hall.market.day + dt.timedelta(days=1)).isoformat()
    return {
        "instrument": "CEA25", "quantity": 100_000, "floor": "less_tenth", "model": "pay_as_bid", "bidders": "members",
        "opens_at": f"{day}T10:00:00+08:00", "closes_at": f"{day}T10:30:00+08:00", "reason": "to sell",
    } | changes  # fmt: skip


def test_everybody_reads_what_is_announced_and_nobody_what_is_only_asked_for(
    hall: Hall, anybody: APIClient
) -> None:
    asked = hall.ask()
    auction = hall.announced()
    listed = anybody.get("/api/v1/auctions/").json()["results"]
    assert [(row["number"], row["state"], row["quantity"], row["floor"]) for row in listed] == [
        (auction.pk, "announced", 100_000, None)
    ]
    assert anybody.get(f"/api/v1/auctions/{asked.pk}/").status_code == 404
    own = speak(hall.people["trader@A"]).get(f"/api/v1/auctions/{asked.pk}/").json()
    assert (own["state"], own["request"]) == ("asked", asked.request_id)
    assert anybody.get("/api/v1/auctions/?state=ended").json()["results"] == []
    assert anybody.get("/api/v1/auctions/?state=nothing").status_code == 400
    assert anybody.get("/api/v1/auctions/?instrument=CEA99").status_code == 400


def test_a_seller_asks_and_the_operator_approves_by_its_request(hall: Hall) -> None:
    answer = speak(hall.people["trader@A"]).post("/api/v1/auctions/", body(hall), format="json")
    assert answer.status_code == 201
    asked = answer.json()
    assert (asked["state"], asked["origin"], asked["seller"], asked["model"]) == (
        "asked",
        "application",
        "A",
        "pay_as_bid",
    )
    operator = speak(hall.people["operator@exchange"])
    path = f"/api/v1/requests/{asked['request']}/approve/"
    assert operator.post(path, {"reason": "lawful"}, format="json").status_code == 200
    assert operator.get(f"/api/v1/auctions/{asked['number']}/").json()["state"] == "announced"


def test_operators_name_the_seller_and_authorities_sell_themselves(hall: Hall) -> None:
    operator, nation = speak(hall.people["operator@exchange"]), speak(hall.people["regulator@national"])
    assert (
        operator.post("/api/v1/auctions/", body(hall, seller="B"), format="json").json()["origin"]
        == "announcement"
    )
    assert nation.post("/api/v1/auctions/", body(hall), format="json").json()["origin"] == "paid_allocation"
    for scopes in (("read",), ("read", "trade")):
        told = speak(hall.people["regulator@national"], scopes).post(
            "/api/v1/auctions/", body(hall), format="json"
        )
        assert told.status_code == 403


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"quantity": 5}, "BAD_QUANTITY", "quantity"),
        ({"quantity": "100000"}, "BAD_QUANTITY", "quantity"),
        ({"bidders": "named"}, "BAD_BIDDERS", "bidders"),
        ({"bidders": "named", "named": ["B", "NOBODY"]}, "INVALID", "named"),
        ({"opens_at": "2026-01-05T09:30:00"}, "INVALID", "opens_at"),
        ({"opens_at": "2020-01-06T09:30:00+08:00"}, "BAD_WINDOW", "opens_at"),
        ({"seller": "B"}, "BAD_SELLER", "seller"),
        ({"instrument": "CEA99"}, "INVALID", "instrument"),
        ({"floor": "1.00"}, "INVALID", "floor"),
        ({"price": "48.00"}, "INVALID", "price"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    hall: Hall, changes: dict[str, Any], code: str, field: str
) -> None:
    answer = speak(hall.people["trader@A"]).post("/api/v1/auctions/", body(hall, **changes), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == code
    assert field in answer.json()["errors"]
    assert not Auction.objects.exists()


def test_strangers_to_selling_ask_for_nothing(hall: Hall, anybody: APIClient) -> None:
    assert anybody.post("/api/v1/auctions/", body(hall), format="json").status_code == 401
    told = speak(hall.people["checker@registry"]).post("/api/v1/auctions/", body(hall), format="json")
    assert (told.status_code, told.json()["code"]) == (403, "ROLE_MISSING")


def test_a_bid_is_made_changed_and_withdrawn_by_its_own_id(hall: Hall) -> None:
    auction = all_day(hall)
    path, trader = f"/api/v1/auctions/{auction.pk}/bids/", speak(hall.people["trader@B"])
    first = trader.post(path, {"id": "b1", "price": "50.00", "qty": 1_000}, format="json")
    assert (first.status_code, first.json()["status"], first.json()["kind"]) == (202, "pending", "bid")
    hall.drain()
    again = trader.post(path, {"id": "b1", "price": "50.00", "qty": 1_000}, format="json")
    assert (again.status_code, again.json()["status"], again.json()["locked"]["amount"]) == (
        200,
        "open",
        "50000.00",
    )
    assert trader.post(path, {"id": "b1", "price": "51.00", "qty": 1_000}, format="json").status_code == 409
    trader.post(path, {"id": "b2", "price": "51.00", "qty": 1_000, "replaces": "b1"}, format="json")
    hall.drain()
    assert [(bid["id"], bid["status"]) for bid in trader.get(path).json()["results"]] == [
        ("b2", "open"), ("b1", "cancelled"),
    ]  # fmt: skip
    assert trader.delete(f"{path}b2/").status_code == 202
    hall.drain()
    assert {bid["status"] for bid in trader.get(path).json()["results"]} == {"cancelled"}
    assert trader.delete(f"{path}unknown/").status_code == 404


def test_a_bid_that_the_engine_refuses_says_why(hall: Hall) -> None:
    auction = all_day(hall)
    path, trader = f"/api/v1/auctions/{auction.pk}/bids/", speak(hall.people["trader@B"])
    trader.post(path, {"id": "b1", "price": "53.00", "qty": 1}, format="json")
    hall.drain()
    told = trader.get(path).json()["results"][0]
    assert (told["status"], told["reason"]) == ("rejected", "PRICE_BAND")
    for wrong in ({"price": 50, "qty": 1}, {"price": "50.00", "qty": "1"}, {"price": "50.001", "qty": 1}):
        assert trader.post(path, {"id": "b2", **wrong}, format="json").status_code == 400


def test_after_the_window_no_bid_is_made_changed_or_withdrawn_by_any_address(db: None) -> None:
    """The window has been over since yesterday, and beat has not closed it."""
    hall = make_hall(day=clock.today() - dt.timedelta(days=1))
    auction = hall.announced()
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "50.00", 10)
    path, trader = f"/api/v1/auctions/{auction.pk}/bids/", speak(hall.people["trader@B"])
    for answer in (
        trader.post(path, {"id": "b2", "price": "50.00", "qty": 1}, format="json"),
        trader.delete(f"{path}b1/"),
        trader.delete("/api/v1/orders/b1/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "WINDOW_CLOSED")
    batch = trader.post("/api/v1/orders/batch/", [{"kind": "cancel", "id": "b1"}], format="json")
    assert batch.json()[0]["code"] == "WINDOW_CLOSED"
    again = trader.post(path, {"id": "b1", "price": "50.00", "qty": 10}, format="json")
    assert (again.status_code, again.json()["status"]) == (200, "open"), (
        "a bid sent again answers the first one's state"
    )
    assert Order.objects.get(client_id="b1").status == "open"
    assert Command.objects.filter(kind="cancel").count() == 0


def test_whom_the_announcement_does_not_name_is_told_so(hall: Hall) -> None:
    hall.now = hall.moment("23:00") - dt.timedelta(days=1)
    auction = hall.announced(
        opens_at=hall.moment("00:00"),
        closes_at=hall.moment("23:59"),
        bidders="named",
        named=(hall.market.members["C"],),
    )
    hall.at("00:00")
    path = f"/api/v1/auctions/{auction.pk}/bids/"
    told = speak(hall.people["trader@B"]).post(path, {"id": "b1", "price": "50.00", "qty": 1}, format="json")
    assert (told.status_code, told.json()["code"]) == (403, "NOT_INVITED")


def test_the_result_comes_with_its_curve_when_the_engine_has_closed_it(
    hall: Hall, anybody: APIClient
) -> None:
    auction = hall.announced()
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "48.00", 30_000)
    hall.bid(auction, "C", "c1", "49.00", 20_000)
    path = f"/api/v1/auctions/{auction.pk}/"
    assert anybody.get(path).json()["result"] is None
    hall.at("13:00")
    told = anybody.get(path).json()
    assert (told["state"], told["floor"], told["cap"]) == ("ended", "48.00", "52.80")
    assert told["certificate"].startswith("JJ-")
    result = told["result"]
    assert (result["sold"], result["unsold"], result["clearing_price"], result["turnover"]) == (
        50_000, 50_000, "48.00", "2400000.00",
    )  # fmt: skip
    assert result["curve"] == [
        {"price": "49.00", "qty": 20_000, "cumulative": 20_000, "filled": 20_000},
        {"price": "48.00", "qty": 30_000, "cumulative": 50_000, "filled": 30_000},
    ]
    assert "B Power" not in str(told), "who bid is nobody's to read"
