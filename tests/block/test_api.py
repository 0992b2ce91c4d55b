"""/api/v1/blocks/ as programs use it: the same rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Organisation, User
from exchange.block.api.serializers import (
    GroupSerializer,
    NegotiationSerializer,
    NegotiationWithTurnsSerializer,
)
from exchange.models import Trade
from tests.block.conftest import Talk
from tests.support.clients import EVERYTHING, speak
from tests.support.market import office

BLOCKS = "/api/v1/blocks/"
OFFER = {
    "id": "o-1", "instrument": "CEA", "side": "sell", "price": "40.00", "qty": 100_000, "firm": True,
    "audience": "directed", "member": "B", "words": "for this year",
}  # fmt: skip
Client = Callable[[str], APIClient]


@pytest.fixture
def as_(talk: Talk) -> Client:
    """`as_("A")`: A's trader with a key of every scope; the same one each time."""
    made: dict[str, APIClient] = {}

    def speaker(code: str) -> APIClient:
        return made.setdefault(code, speak(talk.person(code), EVERYTHING, "en"))

    return speaker


def overseer(kind: str, role: str, **more: str) -> APIClient:
    house = office(kind)
    Organisation.objects.filter(pk=house.pk).update(**more)
    user = User.objects.create(email=f"{role}@{kind}.example", organisation=house, roles=[role], password="!")
    return speak(user, EVERYTHING, "en")


def send(client: APIClient, path: str, body: dict[str, Any]) -> Any:
    return client.post(BLOCKS + path, body, format="json")


def test_two_programs_negotiate_to_a_trade(talk: Talk, as_: Client) -> None:
    answer = send(as_("A"), "", OFFER)
    assert answer.status_code == 202
    talk.market.drain()
    (waiting,) = as_("B").get(f"{BLOCKS}?which=waiting").json()["results"]
    assert set(waiting) == set(NegotiationSerializer().fields)
    assert (waiting["state"], waiting["my_turn"], waiting["side"], waiting["firm"]) == (
        "open",
        True,
        "buy",
        True,
    )
    assert (waiting["opener"]["code"], waiting["price"], waiting["amount"]) == ("A", "40.00", "4000000.00")
    number = waiting["number"]
    words = {"id": "b-1", "answering": 1, "price": "39.00", "qty": 120_000, "firm": False}
    answer = send(as_("B"), f"{number}/counter/", words)
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    talk.market.drain()
    answer = send(as_("A"), f"{number}/accept/", {"id": "a-2", "answering": 2})
    talk.market.drain()
    answer = send(as_("B"), f"{number}/accept/", {"id": "b-2", "answering": 3})
    talk.market.drain()
    shown = as_("B").get(f"{BLOCKS}{number}/").json()
    assert set(shown) == set(NegotiationWithTurnsSerializer().fields)
    assert (shown["state"], shown["first_price"], shown["first_qty"], shown["price"], shown["qty"]) == (
        "traded", "40.00", 100_000, "39.00", 120_000,
    )  # fmt: skip
    said = [(turn["kind"], turn["by"]["code"], turn["own"], turn["status"]) for turn in shown["turns"]]
    assert said == [
        ("open", "A", False, "done"), ("counter", "B", True, "done"), ("agree", "A", False, "done"),
        ("accept", "B", True, "done"),
    ]  # fmt: skip
    assert Trade.objects.get().price_fen == 3_900


def test_the_same_request_again_answers_the_first_one_and_another_under_its_id_is_refused(
    as_: Client,
) -> None:
    first = send(as_("A"), "", {**OFFER, "firm": False})
    again = send(as_("A"), "", {**OFFER, "firm": False})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    other = send(as_("A"), "", {**OFFER, "firm": False, "price": "41.00"})
    assert (other.status_code, other.json()["code"]) == (409, "DUPLICATE_ID")


def test_what_the_exchange_refuses_is_a_problem_with_its_field(talk: Talk, as_: Client) -> None:
    number = talk.open("A", sell=100_000, at="40.00")
    talk.accept("B", number)
    late = talk.open("A", sell=100_000, at="40.00")
    wrong: list[tuple[str, dict[str, Any], int, str, str]] = [
        ("", {**OFFER, "price": "10.00"}, 400, "PRICE_BAND", "price"),
        ("", {**OFFER, "qty": 5}, 400, "BAD_QUANTITY", "qty"),
        ("", {**OFFER, "member": "A"}, 400, "BAD_COUNTERPARTY", "member"),
        ("", {**OFFER, "member": "nobody"}, 400, "BAD_COUNTERPARTY", "member"),
        ("", {**OFFER, "instrument": "X"}, 400, "UNKNOWN_INSTRUMENT", "instrument"),
        ("", {**OFFER, "audience": "public"}, 400, "INVALID", "member"),
        ("", {**OFFER, "audience": "group", "group": 1}, 400, "INVALID", "member"),
        ("", {**OFFER, "firm": "yes please"}, 400, "INVALID", "firm"),
        ("", {**OFFER, "words": "x" * 501}, 400, "INVALID", "words"),
        (f"{number}/accept/", {"id": "x", "answering": 1}, 409, "NEGOTIATION_OVER", ""),
        (f"{late}/accept/", {"id": "x", "answering": 7}, 409, "MOVED_ON", ""),
        (f"{late}/refuse/", {"answering": 1}, 409, "NOT_YOUR_TURN", ""),
        ("999999/accept/", {"id": "x", "answering": 1}, 404, "UNKNOWN_NEGOTIATION", ""),
    ]  # fmt: skip
    for path, body, status, code, field in wrong:
        answer = send(as_("A" if not path else "B"), path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (path, body, answer.json())
        assert answer["Content-Type"] == "application/problem+json"
        if field:
            assert field in answer.json()["errors"], answer.json()


def test_a_stranger_finds_nothing(talk: Talk, as_: Client) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    assert as_("C").get(f"{BLOCKS}{number}/").status_code == 404
    assert as_("C").get(BLOCKS).json()["results"] == []
    assert send(as_("C"), f"{number}/accept/", {"id": "x", "answering": 1}).status_code == 404


def test_an_offer_to_all_tells_no_name_until_it_is_answered(talk: Talk, as_: Client) -> None:
    number = talk.open("A", sell=100_000, at="40.00")
    (offer,) = as_("B").get(f"{BLOCKS}?which=offers").json()["results"]
    assert (offer["number"], offer["opener"], offer["my_turn"]) == (number, None, True)
    shown = as_("B").get(f"{BLOCKS}{number}/")
    assert [turn["by"] for turn in shown.json()["turns"]] == [None]
    assert "A Power" not in shown.content.decode()
    words = {"id": "b-1", "answering": 1, "price": "39.00", "qty": 120_000, "firm": False}
    answer = send(as_("B"), f"{number}/counter/", words).json()
    assert (answer["posting"], answer["opener"]["code"]) == (number, "A")


def test_authorities_and_the_exchange_read_and_do_nothing(talk: Talk) -> None:
    Organisation.objects.filter(code="A").update(province="310000")
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    for client, sees in (
        (overseer("national", "regulator"), True), (overseer("exchange", "operator"), True),
        (overseer("province", "regulator", province="310000"), True),
    ):  # fmt: skip
        assert (client.get(f"{BLOCKS}{number}/").status_code == 200) is sees
        refused = send(client, f"{number}/accept/", {"id": "x", "answering": 1})
        assert (refused.status_code, refused.json()["code"]) == (403, "ROLE_MISSING")
    Organisation.objects.filter(code="A").update(province="530000")
    province = User.objects.get(email="regulator@province.example")
    assert speak(province, EVERYTHING, "en").get(f"{BLOCKS}{number}/").status_code == 404
    assert overseer("analyst", "analyst").get(BLOCKS).status_code == 403


def test_reading_needs_the_scope_read_and_acting_trade(talk: Talk) -> None:
    reader = speak(talk.person("A"), ("read",), "en")
    assert reader.get(BLOCKS).status_code == 200
    assert send(reader, "", OFFER).json()["code"] == "SCOPE_MISSING"


def test_groups_are_made_filled_and_offered_to(talk: Talk, as_: Client) -> None:
    group = send(as_("A"), "groups/", {"name": "朋友"}).json()
    assert set(group) == set(GroupSerializer().fields)
    path = f"{BLOCKS}groups/{group['number']}/"
    for member in ("B", "C Power"):
        added = as_("A").post(f"{path}members/", {"member": member}, format="json")
    assert [member["code"] for member in added.json()["members"]] == ["B", "C"]
    removed = as_("A").delete(f"{path}members/", {"member": "C"}, format="json").json()
    assert [member["code"] for member in removed["members"]] == ["B"]
    assert as_("A").put(path, {"name": "friends"}, format="json").json()["name"] == "friends"
    assert as_("B").get(path).status_code == 404
    to_group = {key: value for key, value in OFFER.items() if key != "member"} | {"audience": "group"}
    answer = send(as_("A"), "", {**to_group, "group": group["number"]})
    talk.market.drain()
    assert answer.json()["group"] == group["number"]
    (offer,) = as_("B").get(f"{BLOCKS}?which=offers").json()["results"]
    assert (offer["audience"], offer["group"], offer["opener"]["code"]) == ("group", None, "A")
    assert as_("A").delete(path).status_code == 204
    assert as_("A").get(path).json()["code"] == "UNKNOWN_GROUP"


def test_lists_are_chosen_by_what_they_are_and_say_what_may_be_chosen(talk: Talk, as_: Client) -> None:
    numbers = [talk.open("A", sell=100_000, at="40.00", firm=False, to="B") for _ in range(3)]
    talk.refuse("B", numbers[0])
    page = as_("A").get(f"{BLOCKS}?which=sent&page_size=1").json()
    assert [each["number"] for each in page["results"]] == [numbers[2]]
    assert [each["number"] for each in as_("A").get(page["next"]).json()["results"]] == [numbers[1]]
    assert len(as_("A").get(f"{BLOCKS}?state=refused&instrument=CEA").json()["results"]) == 1
    assert as_("A").get(f"{BLOCKS}?date=2021-07-16").json()["results"] == []
    for query in ("which=all", "state=lost", "instrument=X", "date=today"):
        assert as_("A").get(f"{BLOCKS}?{query}").status_code == 400
