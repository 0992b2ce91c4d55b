"""Whatever is sent to a POST endpoint: a problem with a code, never a server error, and nothing stored."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from exchange.models import Command
from registry.models import Batch
from tests.support.market import Market, make_market

Client = Callable[..., APIClient]

ENDPOINTS = {
    "/api/v1/orders/": b'{"kind":"list","id":"a","instrument":"CEA","side":"sell","price":"48.00","qty":%s}',
    "/api/v1/orders/?wait=1": b'{"kind":"list","id":"a","instrument":"CEA","side":"sell","price":"48.00","qty":%s}',
    "/api/v1/positions/move/": b'{"id":"a","asset":"CEA","from":"trading","to":"registry","quantity":%s}',
}
BATCH = "/api/v1/orders/batch/"

TEXTS = {
    "nothing": b"",
    "half an object": b'{"kind": ',
    "no JSON": b"kind=list&id=a",
    "trailing words": b"{} {}",
    "NaN": b'{"qty": NaN}',
    "Infinity": b'{"qty": -Infinity}',
    "a member twice": b'{"id": "a", "id": "b"}',
    "no UTF-8": b'{"id": "\xff"}',
    "UTF-16": '{"id": "a"}'.encode("utf-16"),
    "a lone surrogate": b'{"id": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "NUL": b'{"id": "\\u0000"}',
    "deep arrays": b"[" * 100_000,
    "deep arrays that end": b"[" * 500 + b"]" * 500,
    "deep objects": b'{"a":' * 400 + b"1" + b"}" * 400,
    "a text": b'"order"',
    "a number": b"1e400",
    "null": b"null",
    "a long number": b'{"qty": ' + b"9" * 10_000 + b"}",
    "an exponent without end": b'{"qty": 1e99999999999999999999}',
    "ten megabytes": b'{"id": "' + b"x" * 10_000_000 + b'"}',
    "a wrong type everywhere": b'{"kind": {}, "id": [], "instrument": 1, "side": null, "price": 1.5, "qty": "x"}',
    "unknown fields": b'{"__proto__": 1, "": 2}',
}
NUMBERS = [b"1" + b"0" * 30, b"1e30", b"1e3", b"1.0", b"-1e-400", b'"7"', b"true", b"[7]", b"{}", b"null"]


@pytest.fixture
def market(db: None) -> Market:
    """As small as can be: nothing here reaches the engine."""
    return make_market(members=1, phase="closed")


def refused(client: APIClient, url: str, body: bytes, **headers: str) -> None:
    before = (Command.objects.count(), Batch.objects.count())
    answer = client.post(url, body, content_type=headers.pop("content_type", "application/json"))
    assert 400 <= answer.status_code < 500, answer.content
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert set(problem) >= {"type", "title", "status", "detail", "code"}
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert before == (Command.objects.count(), Batch.objects.count())


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("url", ENDPOINTS)
def test_a_text_that_is_no_request_is_refused(market: Market, as_member: Client, url: str, name: str) -> None:
    refused(as_member("A"), url, TEXTS[name])


@pytest.mark.parametrize("name", [name for name in TEXTS if "arrays" not in name])
def test_a_text_that_is_no_batch_is_refused(market: Market, as_member: Client, name: str) -> None:
    refused(as_member("A"), BATCH, TEXTS[name])


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("url", ENDPOINTS)
def test_a_quantity_that_is_no_whole_number_is_refused(
    market: Market, as_member: Client, url: str, number: bytes
) -> None:
    refused(as_member("A"), url, ENDPOINTS[url] % number)


@pytest.mark.parametrize("url", [*ENDPOINTS, BATCH])
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "nonsense"])
def test_what_is_not_json_is_refused(market: Market, as_member: Client, url: str, kind: str) -> None:
    refused(as_member("A"), url, b"<order/>", content_type=kind)


@pytest.mark.parametrize("url", [*ENDPOINTS, BATCH])
def test_a_key_that_is_none_is_refused(market: Market, url: str) -> None:
    for header in ("Token", "Token a b", "Token " + "x" * 10_000, "Token \xe9\xff", "Bearer x", "Token \x01"):
        refused(APIClient(headers={"authorization": header}), url, b"{}")


@pytest.mark.parametrize("url", ["/api/", "/api/v1/nothing/", "/api/v1/orders/a/b/"])
def test_an_address_without_anything_is_a_problem(market: Market, anybody: APIClient, url: str) -> None:
    answer = anybody.post(url, b"{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "There is nothing here"


def test_a_post_without_the_last_slash_is_not_turned_into_a_get(market: Market, anybody: APIClient) -> None:
    answer = anybody.post("/api/v1/orders", b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "SLASH_MISSING")


def test_a_method_that_does_not_exist_is_a_problem(market: Market, as_member: Client) -> None:
    answer = as_member("A").put("/api/v1/orders/", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer["Allow"]


def test_an_answer_that_is_no_json_is_not_offered(market: Market, as_member: Client) -> None:
    answer = as_member("A").get("/api/v1/orders/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")


def test_problems_speak_the_readers_language(market: Market, anybody: APIClient) -> None:
    english = anybody.get("/api/v1/nothing/").json()
    chinese = anybody.get("/api/v1/nothing/", headers={"accept-language": "zh-Hans"}).json()
    assert english["code"] == chinese["code"]
    assert not chinese["title"].isascii()
