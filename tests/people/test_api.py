"""People in the API: the same verbs, the same rights; a key changes nobody."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.people.models import Change, Invitation
from tests.people.conftest import Cast, accepted
from tests.support.clients import speak
from tests.support.people import resident_number, typed


def session(user: User) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: APIClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/people/{path}", body, format="json")


def test_an_administrator_invites_changes_and_removes(cast: Cast) -> None:
    client = session(cast["boss"])
    made = send(client, "invitations/", **typed(1, roles=["trader"]))
    assert (made.status_code, made.json()["state"], made.json()["request"]) == (201, "open", None)
    assert resident_number(1) not in made.content.decode()
    user = accepted("guest1@plant.example")
    listed = client.get("/api/v1/people/?page_size=1").json()
    assert listed["results"][0]["email"] == "guest1@plant.example"
    assert listed["next"]
    changed = send(client, f"{user.pk}/roles/", roles=["viewer"], reason="rests").json()
    assert (changed["roles"], changed["request"]) == (["viewer"], None)
    waits = send(client, f"{user.pk}/roles/", roles=["approver"], reason="decides").json()
    assert waits["roles"] == ["viewer"]
    assert client.get(f"/api/v1/requests/{waits['request']}/").json()["kind"] == "people.roles_by_registry"
    assert send(client, f"{user.pk}/remove/", reason="left").json()["active"] is False
    changes = client.get("/api/v1/people/changes/").json()["results"]
    assert [row["what"] for row in changes] == ["removed", "roles", "joined", "invited"]
    assert changes[1]["before"] == {"roles": ["trader"]}


def test_a_key_changes_nobody_whatever_its_scopes(cast: Cast) -> None:
    client = speak(cast["boss"])
    for path, body in (
        ("invitations/", typed(1, roles=["trader"])),
        (f"{cast['trader'].pk}/roles/", {"roles": ["administrator"], "reason": "x"}),
        (f"{cast['trader'].pk}/remove/", {"reason": "x"}),
    ):
        answer = send(client, path, **body)
        assert (answer.status_code, answer.json()["code"]) == (403, "SESSION_NEEDED")
    assert client.get("/api/v1/people/").status_code == 200
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("who", ["trader", "approver", "stranger"])
def test_roles_are_not_to_be_had_by_asking(cast: Cast, who: str) -> None:
    client, target = session(cast[who]), cast["trader"]
    answer = send(client, f"{target.pk}/roles/", roles=["administrator"], reason="me")
    assert answer.status_code == (404 if who == "stranger" else 403)
    assert send(client, f"{cast['boss'].pk}/remove/", reason="me").status_code in {403, 404}
    assert cast["trader"].roles == ["trader"]
    if who != "stranger":
        assert send(client, "invitations/", **typed(1, roles=["trader"])).status_code == 403


def test_ids_of_another_organisation_are_not_found(cast: Cast) -> None:
    made = cast.invite(1, "viewer")
    client = session(cast["stranger"])
    assert client.get(f"/api/v1/people/{cast['boss'].pk}/").status_code == 404
    for verb in ("resend", "withdraw"):
        assert send(client, f"invitations/{made.pk}/{verb}/", reason="x").status_code == 404
    assert client.get("/api/v1/people/invitations/").json()["results"] == []
    assert {row["email"] for row in client.get("/api/v1/people/").json()["results"]} == {
        "stranger@other.example"
    }
    made.refresh_from_db()
    assert made.state == "open"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"identity_number": "1"}, "identity_number", "WRONG_IDENTITY"),
        ({"roles": ["issuer"]}, "roles", "WRONG_ROLES"),
        ({"roles": ["god"]}, "roles", "INVALID"),
        ({"email": "trader@plant.example"}, "email", "EMAIL_TAKEN"),
        ({"name": "=1+1"}, "name", "WRONG_NAME"),
        ({"is_active": True}, "is_active", "INVALID"),
        ({"organisation": "other"}, "organisation", "INVALID"),
        ({"reason": " "}, "reason", "REASON_MISSING"),
    ],
)
def test_a_wrong_field_is_named_with_its_rule(
    cast: Cast, body: dict[str, Any], field: str, code: str
) -> None:
    answer = send(session(cast["boss"]), "invitations/", **typed(1, **{"roles": ["viewer"], **body}))
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert answer.json()["code"] == code
    assert Invitation.objects.count() == 0
    assert Change.objects.count() == 0


def test_the_second_factor_is_shown_again_before_somebody_is_let_in(cast: Cast, settings: Any) -> None:
    """A browser that somebody left open lets nobody in, and gives no role."""
    settings.SECOND_FACTOR_REQUIRED = True
    client = session(cast["boss"])
    answer = send(client, "invitations/", **typed(1, roles=["viewer"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "SECOND_FACTOR_MISSING")
    assert Invitation.objects.count() == 0
