"""A market whose rows are committed, a real web process on it, and sockets that read JSON."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.clients import person
from tests.support.market import Market, make_market
from tests.support.processes import Site


@pytest.fixture
def market(transactional_db: None, broker: Any) -> Market:
    market = make_market(codes=("CEA", "CCER"))
    for code in ("A", "B"):
        person(market.members[code])
    return market


class Stream:
    """A socket; `until` reads messages up to the first that fits, and keeps all it has read."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []

    def next(self, timeout_s: float = 10) -> dict[str, Any]:
        """The next message that is no heartbeat."""
        deadline = time.monotonic() + timeout_s
        while True:
            message: dict[str, Any] = json.loads(self.connection.recv(timeout=deadline - time.monotonic()))
            if message["type"] != "heartbeat":
                self.heard.append(message)
                return message

    def until(self, fits: Callable[[dict[str, Any]], bool], timeout_s: float = 10) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        while True:
            message = self.next(deadline - time.monotonic())
            if fits(message):
                return message

    def kind(self, kind: str, timeout_s: float = 10) -> dict[str, Any]:
        return self.until(lambda message: message["type"] == kind, timeout_s)

    def say(self, text: str | bytes) -> None:
        self.connection.send(text)


@pytest.fixture
def listen(market: Market, site: Site) -> Iterator[Callable[..., Stream]]:
    """`listen("/ws/market/CEA/")`: a socket of the running site."""
    with ExitStack() as open_sockets:

        def start(path: str, **options: Any) -> Stream:
            return Stream(open_sockets.enter_context(connect(site.ws_url + path, **options)))

        yield start
