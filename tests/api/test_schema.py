"""The OpenAPI schema and the page to try it."""

import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLResolver, get_resolver
from rest_framework.test import APIClient

from tests.support.market import Market

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def schema(db: None) -> dict[str, Any]:
    found: dict[str, Any] = APIClient().get("/api/schema/", headers={"accept": "application/json"}).json()
    return found


def test_the_schema_is_made_without_a_warning(db: None) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_it_is_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")


def test_every_address_of_the_api_is_in_it(schema: dict[str, Any]) -> None:
    """Templates compared: `<str:code>` of Django is `{code}` here, and a `pk` is called `id`."""
    addresses = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address).replace("{pk}", "{id}")
        for address in addresses_under("api/v1/")
    }
    assert len(addresses) > 10
    assert {f"/{address}" for address in addresses} <= set(schema["paths"])


def addresses_under(prefix: str) -> set[str]:
    found = set()
    waiting = [("", get_resolver())]
    while waiting:
        before, part = waiting.pop()
        for child in part.url_patterns:
            address = before + str(child.pattern)
            if isinstance(child, URLResolver):
                waiting.append((address, child))
            elif address.startswith(prefix):
                found.add(address)
    return found


def test_every_operation_tells_of_its_refusals(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/api/v1/") and method in METHODS:
                assert "429" in operation["responses"], path
                if "requestBody" in operation:
                    assert {"400", "401", "403", "413", "415"} <= set(operation["responses"]), path


def test_the_page_has_no_inline_script_or_style(market: Market, anybody: APIClient) -> None:
    page = anybody.get("/api/docs/", headers={"accept": "text/html"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert "<script>" not in text
    assert "script-src 'self'" in page["Content-Security-Policy"]
    script = anybody.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
