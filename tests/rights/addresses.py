"""Every address of the platform as Django knows it, and a real one for each with the world's own things in it."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

from tests.rights.world import NOW, World

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
#: What `pk`, `code` and their like name, by the first words of the route.
THINGS = {
    "operator/": "instrument", "desk/": "instrument", "api/v1/instruments/": "instrument",
    "registry/credits/projects/": "project", "public/projects/": "project", "api/v1/credits/projects/": "project",
    "api/v1/credits/issues/": "credit_issue", "registry/allocation/": "plan", "api/v1/allocations/": "plan",
    "registry/adjustments/": "adjustment", "api/v1/adjustments/": "adjustment", "registry/surrenders/": "surrender",
    "api/v1/surrenders/": "surrender", "registry/shortfalls/": "shortfall", "api/v1/shortfalls/": "shortfall", "registry/freezes/": "freeze",
    "api/v1/freezes/": "freeze", "registry/pledges/": "pledge", "api/v1/pledges/": "pledge",
    "registry/trusted/": "trusted", "api/v1/trusted/": "trusted", "registry/transfers/": "transfer",
    "api/v1/transfers/": "transfer", "registry/carry-over/": "carry_over", "api/v1/carryovers/": "carry_over",
    "registry/cancellations/": "cancellation", "api/v1/cancellations/": "cancellation", "inbox/": "request",
    "people/": "somebody", "people/invitations/": "invitation", "api/v1/people/": "somebody",
    "api/v1/people/invitations/": "invitation",
    "api/v1/requests/": "request", "documents/": "document", "api/v1/documents/": "document",
    "registry/emitters/<str:code>/objections/": "objection", "api/v1/objections/": "objection",
    "auctions/": "auction", "api/v1/auctions/": "auction",
    "blocks/": "block", "api/v1/blocks/": "block", "blocks/groups/": "block_group", "api/v1/blocks/groups/": "block_group",
    "surveillance/": "alert", "surveillance/replay/": "instrument", "api/v1/surveillance/alerts/": "alert",
    "api/v1/surveillance/replay/": "instrument",
    "registry/emitters/<str:code>/figures/": "figures", "registry/emissions/": "unit",
    "registry/inclusion/scenes/": "scene", "api/v1/inclusion/scenes/": "scene",
    "registry/inclusion/imports/": "activity_import", "api/v1/inclusion/imports/": "activity_import",
}  # fmt: skip


def routes() -> Iterator[str]:
    """As `request.resolver_match.route` gives them; Django's admin has tests of its own."""
    yield from (route for route in _under(get_resolver().url_patterns, "") if not route.startswith("admin/"))


def _under(patterns: list[Any], before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _under(each.url_patterns, route)
        else:
            yield route


def address(route: str, world: World) -> str:
    """The route with Jianghai's own things in it."""
    if "^" in route:
        return "/accounts/password/reset/key/1-abc/"
    return "/" + PARAMETER.sub(lambda found: str(_value(route, found["name"], world)), route)


def _value(route: str, name: str, world: World) -> object:
    if name == "code" and ("emitters/" in route or "emissions/" in route or "/rows/" in route):
        return "jianghai"
    if name == "year":
        return world.parts["year"]
    if name == "day":
        return NOW.date().isoformat()
    fixed = {
        "client_id": world.parts["client_id"], "key": world.parts["key"], "number": "TS-2026-0001", "sha256": "0" * 64,
        "download": "00000000-0000-4000-8000-000000000000", "kind": "units", "form": "csv",
    }  # fmt: skip
    if name in fixed:
        return fixed[name]
    longest = max((start for start in THINGS if route.startswith(start)), key=len, default="")
    thing = THINGS.get(longest, "")
    return "CEA25" if thing == "instrument" else world.parts.get(thing, 1)
