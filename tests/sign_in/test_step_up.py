"""A decision waits until the second factor was shown again, in the inbox and in the API."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.api.keys import make_key
from accounts.approvals.models import Request
from tests.approvals.conftest import Cast, make_cast
from tests.sign_in.conftest import PASSWORD, add_app, code, signed_in
from tests.sign_in.test_second_factor import SHOW_AGAIN, grow_old
from tests.support.approvals import Parking, registered


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with registered(Parking()):
        yield make_cast()


@pytest.fixture
def decider(cast: Cast) -> Client:
    """Signed in with both factors, an hour ago."""
    user = cast["approves"]
    user.set_password(PASSWORD)
    user.save()
    add_app(user)
    client = signed_in(user)
    grow_old(client)
    return client


def state(request: Request) -> str:
    request.refresh_from_db()
    return request.state


@pytest.mark.parametrize("verdict", ["approve", "refuse"])
def test_a_decision_in_the_inbox_goes_on_after_the_code(cast: Cast, decider: Client, verdict: str) -> None:
    request = cast.ask()
    path = f"/inbox/{request.pk}/"
    assert decider.get(path).status_code == 200
    asked = decider.post(path, {"verdict": verdict, "reason": "looked at it"})
    assert asked.headers["Location"].startswith(SHOW_AGAIN)
    assert state(request) == "pending"
    assert decider.post(asked.headers["Location"], {"code": "000000"}).status_code == 200
    assert state(request) == "pending"
    done = decider.post(asked.headers["Location"], {"code": code(1)})
    assert done.headers["Location"] == path
    assert state(request) == {"approve": "approved", "refuse": "refused"}[verdict]
    assert request.decisions.get().reason == "looked at it"
    # For ten minutes it is enough.
    second = cast.ask()
    decider.post(f"/inbox/{second.pk}/", {"verdict": verdict, "reason": "this too"})
    assert state(second) != "pending"


def test_what_was_kept_is_not_decided_by_going_somewhere_else(cast: Cast, decider: Client) -> None:
    first, second = cast.ask(), cast.ask()
    decider.post(f"/inbox/{first.pk}/", {"verdict": "approve", "reason": "looked at it"})
    decider.post(f"{SHOW_AGAIN}?next=/inbox/{second.pk}/", {"code": code(1)})
    assert state(first) == state(second) == "pending"


def test_a_session_in_the_api_is_told_to_show_it(cast: Cast, decider: Client) -> None:
    request = cast.ask()
    api = APIClient()
    api.cookies = decider.cookies
    path = f"/api/v1/requests/{request.pk}/approve/"
    answer = api.post(path, {"reason": "looked at it"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_NEEDED")
    assert state(request) == "pending"
    decider.post(SHOW_AGAIN, {"code": code(1)})
    assert api.post(path, {"reason": "looked at it"}, format="json").status_code == 200
    assert state(request) == "approved"


def test_a_key_was_made_by_somebody_who_had_shown_it(cast: Cast) -> None:
    request = cast.ask()
    _key, plain = make_key(cast["approves"], "robot", ["read", "registry"])
    api = APIClient(headers={"authorization": f"Token {plain}"})
    path = f"/api/v1/requests/{request.pk}/approve/"
    assert api.post(path, {"reason": "looked at it"}, format="json").status_code == 200


def test_the_demo_asks_only_who_set_one_up(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    request, user = cast.ask(), cast["second"]
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/inbox/{request.pk}/", {"verdict": "approve", "reason": "looked at it"})
    assert state(request) == "approved"
    add_app(user)
    request = cast.ask()
    answer = client.post(f"/inbox/{request.pk}/", {"verdict": "approve", "reason": "looked at it"})
    assert answer.headers["Location"].startswith(SHOW_AGAIN)
