"""Other roles and leaving: what one alone may do, what takes two, and that it holds at once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client

from accounts import clock
from accounts.api.keys import make_key
from accounts.approvals.errors import Refused
from accounts.approvals.models import Notice, Request
from accounts.models import ApiKey, User
from accounts.people import changing
from accounts.people.models import Change
from accounts.sign_in import access
from tests.people.conftest import Cast

NOW = clock.now


def code_of(verb: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        verb()
    return refused.value.code


def change(cast: Cast, whom: str, *wanted: str, by: str = "boss") -> Request | None:
    return changing.change_roles(cast[whom].pk, wanted=wanted, by=cast[by], reason="new duties", at=NOW())


def test_a_role_that_decides_nothing_is_given_at_once(cast: Cast) -> None:
    assert change(cast, "trader", "trader", "initiator") is None
    assert cast["trader"].roles == ["trader", "initiator"]
    row = Change.objects.get()
    assert (row.what, row.before, row.after, row.reason) == (
        "roles", {"roles": ["trader"]}, {"roles": ["trader", "initiator"]}, "new duties",
    )  # fmt: skip
    assert (row.by, row.person) == (cast["boss"], cast["trader"])
    assert Notice.objects.get(to=cast["trader"]).kind == changing.ROLES_TOLD


def test_a_role_that_decides_waits_and_holds_with_the_approval(cast: Cast) -> None:
    request = change(cast, "trader", "trader", "approver")
    assert cast["trader"].roles == ["trader"]
    assert request is not None
    cast.approve(request, "checker")
    assert cast["trader"].roles == ["trader", "approver"]
    assert Change.objects.get().request == request


def test_nobody_adds_to_his_own_roles_alone(cast: Cast) -> None:
    request = change(cast, "boss", "trader", "administrator")
    assert request is not None
    assert cast["boss"].roles == ["administrator"]
    assert code_of(lambda: cast.approve(request, "boss")) in {"SAME_PERSON", "NOT_YOURS"}


def test_two_administrators_may_not_approve_their_own(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    request = change(cast, "boss", "approver", "administrator")
    assert code_of(lambda: cast.approve(request, "boss")) == "SAME_PERSON"
    cast.approve(request, "second")
    assert cast["boss"].roles == ["approver", "administrator"]


def test_whoever_loses_a_role_is_signed_out_and_keeps_no_key(cast: Cast) -> None:
    browser = signed_in(cast["trader"])
    make_key(cast["trader"], "robot", ["read", "trade"])
    change(cast, "trader", "viewer")
    assert not ApiKey.objects.filter(user=cast["trader"]).exists()
    assert browser.get("/people/").status_code == 302
    assert cast["trader"].is_active


def test_whoever_only_gains_goes_on(cast: Cast) -> None:
    browser = signed_in(cast["trader"])
    make_key(cast["trader"], "robot", ["read"])
    change(cast, "trader", "trader", "viewer")
    assert ApiKey.objects.filter(user=cast["trader"]).exists()
    assert browser.get("/people/").status_code == 200


def test_whoever_is_removed_is_out_at_once(
    cast: Cast, django_capture_on_commit_callbacks: Any, broker: Any
) -> None:
    browser = signed_in(cast["trader"])
    make_key(cast["trader"], "robot", ["read"])
    heard = broker.pubsub(ignore_subscribe_messages=True)
    heard.subscribe(access.REVOKED_CHANNEL)
    assert heard.get_message(timeout=5) is None
    with django_capture_on_commit_callbacks(execute=True):
        changing.remove(cast["trader"].pk, by=cast["boss"], reason="left", at=NOW())
    message = heard.get_message(timeout=5)
    assert json.loads(message["data"]) == {"organisation": cast.houses["plant"].pk}
    assert browser.get("/people/").status_code == 302
    assert not ApiKey.objects.filter(user=cast["trader"]).exists()
    assert not UserSession.objects.filter(user=cast["trader"]).exists()
    assert not cast["trader"].is_active
    row = Change.objects.get()
    assert (row.what, row.before, row.reason) == (
        "removed", {"email": "trader@plant.example", "roles": ["trader"]}, "left",
    )  # fmt: skip


def test_the_last_administrator_stays(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    changing.remove(cast["second"].pk, by=cast["boss"], reason="left", at=NOW())
    assert code_of(lambda: change(cast, "boss", "viewer")) == "LAST_ADMINISTRATOR"
    remove_self = lambda: changing.remove(cast["boss"].pk, by=cast["boss"], reason="x", at=NOW())  # noqa: E731
    assert code_of(remove_self) == "YOURSELF"
    ask = lambda: changing.ask_removal(cast["boss"].pk, by=cast["issuer"], reason="x", at=NOW())  # noqa: E731
    assert code_of(ask) == "LAST_ADMINISTRATOR"


def test_who_was_removed_a_moment_ago_removes_nobody(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    stale = cast["second"]
    changing.remove(stale.pk, by=cast["boss"], reason="left", at=NOW())
    late = User.objects.get(pk=cast["boss"].pk)
    assert code_of(lambda: changing.remove(late.pk, by=stale, reason="x", at=NOW())) == "ROLE_MISSING"


def test_another_organisations_person_does_not_exist(cast: Cast) -> None:
    with pytest.raises(User.DoesNotExist):
        change(cast, "trader", "viewer", by="stranger")
    with pytest.raises(User.DoesNotExist):
        changing.remove(cast["trader"].pk, by=cast["stranger"], reason="x", at=NOW())
    assert cast["trader"].roles == ["trader"]


@pytest.mark.parametrize("who", ["trader", "approver"])
def test_only_an_administrator_changes_roles(cast: Cast, who: str) -> None:
    assert code_of(lambda: change(cast, who, "administrator", by=who)) == "ROLE_MISSING"


@pytest.mark.parametrize("wanted", [("checker",), ("issuer", "trader"), ("superuser",), ()])
def test_roles_of_another_kind_of_organisation_are_not_given(cast: Cast, wanted: tuple[str, ...]) -> None:
    assert code_of(lambda: change(cast, "trader", *wanted)) == "WRONG_ROLES"


def test_an_approval_that_no_longer_fits_changes_nothing(cast: Cast) -> None:
    request = change(cast, "trader", "trader", "approver")
    assert code_of(lambda: change(cast, "trader", "approver")) == "ASKED_ALREADY"
    change(cast, "trader", "viewer")
    assert code_of(lambda: cast.approve(request, "checker")) == "CHANGED_MEANWHILE"
    assert cast["trader"].roles == ["viewer"]


def test_the_registry_removes_a_representative_with_two_people(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    request = changing.ask_removal(cast["second"].pk, by=cast["issuer"], reason="convicted", at=NOW())
    assert User.objects.filter(pk=request.payload["person"], is_active=True).exists()
    cast.approve(request, "checker")
    assert not cast["second"].is_active
    assert Change.objects.get().organisation.code == "plant"
    assert Notice.objects.filter(to=cast["boss"], kind=changing.REMOVED_TOLD).exists()


def test_a_suspended_organisation_changes_no_roles_but_may_shut_somebody_out(cast: Cast) -> None:
    cast.houses["plant"].status = "suspended"
    cast.houses["plant"].save()
    assert code_of(lambda: change(cast, "trader", "viewer")) == "SUSPENDED"
    changing.remove(cast["trader"].pk, by=cast["boss"], reason="stole a key", at=NOW())
    assert not cast["trader"].is_active


def signed_in(user: User) -> Client:
    """By the sign-in page, as sessions are listed that way."""
    user.set_password("lantern quarry mosaic thirteen")
    user.save()
    client = Client()
    answer = client.post(
        "/accounts/login/", {"login": user.email, "password": "lantern quarry mosaic thirteen"}
    )
    assert answer.status_code == 302
    assert client.get("/people/").status_code == 200
    return client
