"""Two at once: real transactions in real threads, and exactly one of them comes through."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts import clock
from accounts.approvals.errors import Refused
from accounts.models import User
from accounts.people import changing, invitations
from tests.people.conftest import Cast, cast
from tests.support.people import PASSWORD, guest, token_mailed_to

__all__ = ["cast"]
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], Any]) -> list[str]:
    """What each said: "" where it came through, else the refusal's code."""
    start = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=30)
            verb()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_an_organisation_never_loses_its_last_administrator_and_a_link_opens_once(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    boss, second = cast["boss"], cast["second"]
    said = at_once(
        lambda: changing.remove(second.pk, by=boss, reason="out", at=clock.now()),
        lambda: changing.remove(boss.pk, by=second, reason="out", at=clock.now()),
    )
    assert sorted(said) == ["", "ROLE_MISSING"]
    left = User.objects.get(
        organisation=cast.houses["plant"], is_active=True, roles__contains=["administrator"]
    )
    invitations.invite(guest(1), wanted=["viewer"], by=left, reason="joins", at=clock.now())
    token = token_mailed_to("guest1@plant.example")
    accept = lambda: invitations.accept(token, password=PASSWORD, at=clock.now())  # noqa: E731
    assert sorted(at_once(accept, accept)) == ["", "LINK_DEAD"]
    assert User.objects.filter(email="guest1@plant.example").count() == 1
