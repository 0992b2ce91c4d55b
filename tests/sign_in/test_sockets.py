"""Open WebSockets end when what opened them is revoked; and no socket leads round the second factor."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.api.keys import make_key, revoke_key
from accounts.models import User
from accounts.sign_in import access
from tests.sign_in.conftest import add_app, browser, person, signed_in
from tests.support.market import Market, make_market
from tests.support.processes import Site

ACCOUNT = "/ws/account/"
SIGNED_OUT = 4001
#: Far less than the five seconds after which a socket would ask by itself.
AT_ONCE_S = 3.0


@pytest.fixture
def market(transactional_db: None, broker: Any) -> Market:
    return make_market(codes=("CEA",))


@pytest.fixture
def site(market: Market, tmp_path: Path) -> Iterator[Site]:
    """A web process that demands the second factor."""
    site = Site(tmp_path / "web.log", env={"SECOND_FACTOR_REQUIRED": "1"}).start()
    yield site
    site.kill()


@pytest.fixture
def trader(market: Market) -> User:
    return person(market.members["A"], "trader@a.example", "trader")


@pytest.fixture
def listen(site: Site) -> Iterator[Callable[..., ClientConnection]]:
    with ExitStack() as sockets:
        yield lambda **headers: sockets.enter_context(
            connect(site.ws_url + ACCOUNT, additional_headers=headers)
        )


def first(socket: ClientConnection) -> str:
    return str(json.loads(socket.recv(timeout=10))["type"])


def end_of(socket: ClientConnection, timeout_s: float) -> int:
    """Reads up to the close, and returns its code."""
    return heard_to_the_end(socket, timeout_s)[1]


def heard_to_the_end(socket: ClientConnection, timeout_s: float) -> tuple[set[str], int]:
    """Kinds of messages up to the close, and its code; TimeoutError where it stays open."""
    heard, deadline = set(), time.monotonic() + timeout_s
    try:
        while True:
            heard.add(str(json.loads(socket.recv(timeout=deadline - time.monotonic()))["type"]))
    except ConnectionClosed as closed:
        return heard, closed.rcvd.code if closed.rcvd else 0


def cookie(client: Client) -> dict[str, str]:
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


def test_revoking_closes_what_is_open_and_nothing_else(
    trader: User, listen: Callable[..., ClientConnection], broker: Any
) -> None:
    add_app(trader)
    key, plain = make_key(trader, "robot", ["read"])
    _other, other_plain = make_key(trader, "other", ["read"])
    here = signed_in(trader)
    there = signed_in(trader, browser(agent="Other/1"), steps=1)
    by_key = listen(Authorization=f"Token {plain}")
    by_other = listen(Authorization=f"Token {other_plain}")
    by_session, by_second = listen(**cookie(here)), listen(**cookie(there))
    assert {first(socket) for socket in (by_key, by_other, by_session, by_second)} == {"ready"}

    revoke_key(key)
    assert end_of(by_key, AT_ONCE_S) == SIGNED_OUT
    access.end_session(UserSession.objects.get(session_key=there.session.session_key))
    assert end_of(by_second, AT_ONCE_S) == SIGNED_OUT
    # The others of this person go on: a heartbeat each second says so.
    assert first(by_session) == first(by_other) == "heartbeat"
    access.shut_out(trader)
    assert end_of(by_session, AT_ONCE_S) == end_of(by_other, AT_ONCE_S) == SIGNED_OUT


def test_a_revocation_that_was_not_heard_stops_the_news(
    trader: User, market: Market, listen: Callable[..., ClientConnection]
) -> None:
    """Valkey may be away: then no news is told after the revocation, and the socket ends by itself."""
    key, plain = make_key(trader, "robot", ["read"])
    socket = listen(Authorization=f"Token {plain}")
    assert first(socket) == "ready"
    key.delete()
    market.submit("A", "list", "secret", side="sell", price="48.00", qty=2)
    market.drain()
    heard, closed = heard_to_the_end(socket, 10)
    assert heard <= {"heartbeat"}
    assert closed == SIGNED_OUT


def test_no_socket_leads_round_the_second_factor(
    trader: User, listen: Callable[..., ClientConnection]
) -> None:
    before = signed_in(trader)
    assert end_of(listen(**cookie(before)), 10) == SIGNED_OUT
    add_app(trader)
    assert end_of(listen(**cookie(before)), 10) == SIGNED_OUT
    assert first(listen(**cookie(signed_in(trader)))) == "ready"


def test_a_changed_password_closes_the_other_browsers_sockets(
    trader: User, listen: Callable[..., ClientConnection]
) -> None:
    add_app(trader)
    socket = listen(**cookie(signed_in(trader)))
    assert first(socket) == "ready"
    trader.set_password("copper meadow violin ninety")
    trader.save()
    access.tell_sockets(trader.organisation_id)
    assert end_of(socket, AT_ONCE_S) == SIGNED_OUT
