"""Custody, carry-over and cancellation through the API: what is asked, who sees it, who may decide."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from registry.api.custody import RESOURCES
from registry.custody.models import TrustedEntry
from registry.ledger.post import Move, post
from tests.custody.conftest import Attach, assert_clean, carry_over_days
from tests.support.clients import speak
from tests.support.market import office
from tests.support.registry import Registry, beijing

pytestmark = pytest.mark.django_db
NOW = carry_over_days()
NAMES = [resource.name for resource in RESOURCES]
WHY = {"reason": "agreed"}
Client = Callable[[str], APIClient]


@pytest.fixture(autouse=True)
def platform_time(settings: Settings) -> None:
    """The platform's clock stands in the days in which carry-over is asked for."""
    settings.PLATFORM_CLOCK = "tests.custody.conftest.carry_over_days"


@pytest.fixture
def client(registry: Registry) -> Client:
    return lambda person: speak(registry.people[person])


@pytest.fixture
def bodies(registry: Registry, attach: Attach) -> dict[str, tuple[str, dict[str, Any]]]:
    """For each resource somebody who may ask, and what."""
    registry.give("jianghai", "CEA24", 1_000)
    registry.people["initiator@jianghai"].refresh_from_db()

    def file(person: str) -> list[int]:
        return [document.pk for document in attach(registry.people[person])]

    asks = "initiator@jianghai"
    return {
        "freezes": ("issuer@registry", {
            "organisation": "jianghai", "document_number": "7", "ordered_by": "court",
            "lines": [{"asset": "CEA24", "quantity": 5}], "documents": file("issuer@registry"), **WHY,
        }),
        "pledges": (asks, {
            "pledgee": "yunling", "asset": "CEA24", "quantity": 5, "loan": "1250.00",
            "starts_on": "2026-03-09", "ends_on": "2026-09-09", **WHY,
        }),
        "trusted": (asks, {"organisation": "yunling", **WHY}),
        "transfers": (asks, {
            "receiver": "minjiang", "asset": "CEA24", "quantity": 5, "ground": "merger", "documents": file(asks), **WHY,
        }),
        "carryovers": (asks, {"lines": [{"asset": "CEA24", "quantity": 5}], **WHY}),
        "cancellations": (asks, {
            "asset": "CEA24", "quantity": 5, "beneficiary": "Forum", "purpose": "conference",
            "footprint": [{"item": "rail", "amount": "48000"}], **WHY,
        }),
    }  # fmt: skip


def prepare(registry: Registry, client: Client, name: str) -> None:
    """Transfers need a trusted receiver, carry-over a holding at the cut-off."""
    if name == "transfers":
        entry = client("initiator@jianghai").post(
            "/api/v1/trusted/", {"organisation": "minjiang", **WHY}, format="json"
        )
        client("approver@jianghai").post(f"/api/v1/trusted/{entry.json()['id']}/approve/", WHY, format="json")
        TrustedEntry.objects.update(effective_on=NOW.date())
    if name == "carryovers":
        holder = registry.organisations["jianghai"].pk
        move = Move("CEA23", 9, (office("registry").pk, "source"), (holder, "registry"), "issuance", "old")
        assert post([move], cause="old", at=beijing(2025, 6, 2))


def ask(client: Client, bodies: dict[str, Any], name: str) -> dict[str, Any]:
    person, body = bodies[name]
    answer = client(person).post(f"/api/v1/{name}/", body, format="json")
    assert answer.status_code == 201, answer.json()
    shown: dict[str, Any] = answer.json()
    return shown


DECIDERS = {
    "freezes": ["checker@registry"],
    "pledges": ["approver@jianghai", "approver@yunling"],
    "trusted": ["approver@jianghai"],
    "transfers": ["approver@jianghai", "checker@registry"],
    "carryovers": ["approver@jianghai", "approver@shanghai"],
    "cancellations": ["approver@jianghai"],
}
ENDS = {
    "freezes": "frozen", "pledges": "pledged", "trusted": "listed", "transfers": "done", "carryovers": "done",
    "cancellations": "cancelled",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_asked_and_approved_by_those_whom_it_waits_for(
    registry: Registry, client: Client, bodies: dict[str, Any], name: str
) -> None:
    prepare(registry, client, name)
    shown = ask(client, bodies, name)
    assert shown["state"] == "pending"
    for person in DECIDERS[name]:
        answer = client(person).post(f"/api/v1/{name}/{shown['id']}/approve/", WHY, format="json")
        assert answer.status_code == 200, answer.json()
    assert answer.json()["state"] == ENDS[name]
    assert_clean()


@pytest.mark.parametrize("name", NAMES)
def test_refused_with_a_reason_nothing_has_changed(
    registry: Registry, client: Client, bodies: dict[str, Any], name: str
) -> None:
    prepare(registry, client, name)
    before = registry.balance("jianghai", "CEA24")
    shown = ask(client, bodies, name)
    address = f"/api/v1/{name}/{shown['id']}/refuse/"
    decider = client(DECIDERS[name][0])
    assert decider.post(address, {}, format="json").status_code == 400, "a reason is needed"
    assert decider.post(address, WHY, format="json").json()["state"] == "refused"
    assert registry.balance("jianghai", "CEA24") == before
    again = decider.post(address, WHY, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "NOT_PENDING")
    assert_clean()


@pytest.mark.parametrize("name", NAMES)
def test_another_organisation_finds_nothing(
    registry: Registry, client: Client, bodies: dict[str, Any], name: str
) -> None:
    prepare(registry, client, name)
    shown = ask(client, bodies, name)
    one = f"/api/v1/{name}/{shown['id']}/"
    for person in ("initiator@yunling", "approver@yunling", "regulator@yunnan"):
        stranger = client(person)
        listed = stranger.get(f"/api/v1/{name}/").json()["results"]
        assert listed == [], person
        assert stranger.get(one).status_code == 404
        for verdict in ("approve", "refuse", "withdraw"):
            assert stranger.post(f"{one}{verdict}/", WHY, format="json").status_code == 404, (person, verdict)
    for person in ("regulator@shanghai", "regulator@mee"):
        assert client(person).get(one).status_code == 200, person


@pytest.mark.parametrize("name", NAMES)
def test_a_key_without_the_scope_only_reads(
    registry: Registry, client: Client, bodies: dict[str, Any], name: str
) -> None:
    person, body = bodies[name]
    reader = speak(registry.people[person], scopes=("read",))
    assert reader.get(f"/api/v1/{name}/").status_code == 200
    answer = reader.post(f"/api/v1/{name}/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")
    assert APIClient().get(f"/api/v1/{name}/").status_code == 401


@pytest.mark.parametrize("name", NAMES)
def test_the_asker_does_not_decide(
    registry: Registry, client: Client, bodies: dict[str, Any], name: str
) -> None:
    prepare(registry, client, name)
    shown = ask(client, bodies, name)
    asker = client(bodies[name][0])
    answer = asker.post(f"/api/v1/{name}/{shown['id']}/approve/", WHY, format="json")
    assert answer.status_code == 403
    assert (
        asker.post(f"/api/v1/{name}/{shown['id']}/withdraw/", WHY, format="json").json()["state"] == "refused"
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_body_names_its_fields(client: Client, bodies: dict[str, Any], name: str) -> None:
    person, body = bodies[name]
    answer = client(person).post(f"/api/v1/{name}/", {**body, "reason": 5, "extra": 1}, format="json")
    assert answer.status_code == 400
    assert {"reason", "extra"} <= set(answer.json()["errors"])
    assert client(person).get(f"/api/v1/{name}/?state=nowhere").status_code == 400


@pytest.mark.parametrize(
    ("name", "changes", "status", "code"),
    [
        ("freezes", {"organisation": "nobody"}, 400, "INVALID"),
        ("freezes", {"documents": [999_999]}, 400, "INVALID"),
        ("freezes", {"documents": []}, 409, "DOCUMENT_MISSING"),
        ("pledges", {"quantity": 0}, 400, "INVALID"),
        ("pledges", {"loan": "12.5"}, 400, "INVALID"),
        ("pledges", {"asset": "CEA99"}, 409, "UNKNOWN_ASSET"),
        ("transfers", {}, 409, "NOT_TRUSTED"),
        ("carryovers", {"lines": [{"asset": "CEA24", "quantity": 1}] * 2}, 400, "INVALID"),
        ("carryovers", {}, 409, "OVER_HOLDING"),
        ("cancellations", {"footprint": [{"item": "rail", "amount": "1e9"}]}, 400, "INVALID"),
        ("cancellations", {"quantity": 1, "footprint": [{"item": "rail", "amount": "48000"}]}, 409, "LESS_THAN_FOOTPRINT"),
        ("cancellations", {"quantity": 1_001, "footprint": []}, 409, "INSUFFICIENT_HOLDINGS"),
    ],
)  # fmt: skip
def test_refusals_have_codes_and_change_nothing(
    registry: Registry, client: Client, bodies: dict[str, Any], name: str, changes: dict[str, Any],
    status: int, code: str,
) -> None:  # fmt: skip
    person, body = bodies[name]
    answer = client(person).post(f"/api/v1/{name}/", {**body, **changes}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert registry.balance("jianghai", "CEA24") == 1_000
    assert client(person).get(f"/api/v1/{name}/").json()["results"] == []


def test_a_whole_freeze_stops_everything_its_organisation_could_do(
    registry: Registry, client: Client, bodies: dict[str, Any]
) -> None:
    registry.give("jianghai", "CEA23", 70)
    person, body = bodies["freezes"]
    whole = {key: value for key, value in body.items() if key != "lines"}
    shown = client(person).post("/api/v1/freezes/", whole, format="json").json()
    client("checker@registry").post(f"/api/v1/freezes/{shown['id']}/approve/", WHY, format="json")
    seen = client("initiator@jianghai").get(f"/api/v1/freezes/{shown['id']}/").json()
    assert seen["lines"] == [{"asset": "CEA23", "quantity": 70}, {"asset": "CEA24", "quantity": 1_000}]
    registry.give("jianghai", "CEA22", 30)
    move = {"id": "m1", "asset": "CEA22", "quantity": 30, "from": "registry", "to": "trading"}
    answer = client("trader@jianghai").post("/api/v1/positions/move/", move, format="json")
    assert answer.status_code == 403, "what comes in later stays where it is"
    for name in ("pledges", "trusted", "transfers", "carryovers", "cancellations"):
        person, body = bodies[name]
        answer = client(person).post(f"/api/v1/{name}/", body, format="json")
        assert (answer.status_code, answer.json()["code"]) == (403, "SUSPENDED"), name
    assert_clean()


def test_the_end_of_a_freeze_and_of_a_pledge(
    registry: Registry, client: Client, bodies: dict[str, Any], attach: Attach
) -> None:
    freeze, pledge = ask(client, bodies, "freezes"), ask(client, bodies, "pledges")
    for name, shown in (("freezes", freeze), ("pledges", pledge)):
        for person in DECIDERS[name]:
            client(person).post(f"/api/v1/{name}/{shown['id']}/approve/", WHY, format="json")
    file = [document.pk for document in attach(registry.people["issuer@registry"])]
    lift = client("issuer@registry").post(
        f"/api/v1/freezes/{freeze['id']}/lift/", {"documents": file, **WHY}, format="json"
    )
    assert (lift.status_code, lift.json()["state"]) == (201, "frozen")
    client("checker@registry").post(f"/api/v1/freezes/{freeze['id']}/approve/", WHY, format="json")
    release = client("initiator@yunling").post(f"/api/v1/pledges/{pledge['id']}/release/", WHY, format="json")
    assert release.status_code == 201
    client("approver@yunling").post(f"/api/v1/pledges/{pledge['id']}/approve/", WHY, format="json")
    assert registry.balance("jianghai", "CEA24") == 1_000
    assert client("initiator@yunling").get(f"/api/v1/pledges/{pledge['id']}/").json()["state"] == "released"
    early = client("initiator@yunling").post(f"/api/v1/pledges/{pledge['id']}/dispose/", WHY, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "NOT_PLEDGED")
    stranger = client("initiator@minjiang").post(
        f"/api/v1/pledges/{pledge['id']}/release/", WHY, format="json"
    )
    assert stranger.status_code == 404
    assert_clean()


def test_removal_from_the_trusted_list(client: Client, bodies: dict[str, Any]) -> None:
    shown = ask(client, bodies, "trusted")
    early = client("initiator@jianghai").post(f"/api/v1/trusted/{shown['id']}/remove/")
    assert (early.status_code, early.json()["code"]) == (409, "NOT_LISTED")
    client("approver@jianghai").post(f"/api/v1/trusted/{shown['id']}/approve/", WHY, format="json")
    assert client("initiator@yunling").post(f"/api/v1/trusted/{shown['id']}/remove/").status_code == 404
    removed = client("initiator@jianghai").post(f"/api/v1/trusted/{shown['id']}/remove/")
    assert (removed.status_code, removed.json()["state"]) == (200, "removed")
