"""/ws/account/, against a real web process."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from websockets.exceptions import ConnectionClosed

from accounts.api.keys import make_key
from accounts.models import User
from market_data.feed import cursor
from tests.feed.conftest import Stream
from tests.support.clients import person
from tests.support.market import Market
from tests.support.processes import Site

Listen = Callable[..., Stream]
ACCOUNT = "/ws/account/"


def header(market: Market, member: str, *scopes: str) -> dict[str, str]:
    _key, plain = make_key(person(market.members[member]), "test", scopes or ("read",))
    return {"Authorization": f"Token {plain}"}


def trade(market: Market, name: str, code: str = "CEA") -> None:
    market.submit("A", "list", f"s{name}", side="sell", price="48.00", qty=2, instrument=code)
    market.submit("B", "take", f"t{name}", side="buy", price="48.00", qty=1, instrument=code)
    market.drain()


def test_own_events_come_with_order_trade_and_balances(market: Market, listen: Listen) -> None:
    seller = listen(ACCOUNT, additional_headers=header(market, "A"))
    stranger = listen(ACCOUNT, additional_headers=header(market, "C"))
    ready = seller.next()
    assert (ready["type"], stranger.next()["type"]) == ("ready", "ready")
    assert {"asset": "CEA", "purpose": "trading", "amount": 10_000_000} in ready["balances"]
    trade(market, "1")
    accepted, filled = seller.next(), seller.next()
    assert [accepted["type"], filled["type"]] == ["accepted", "trade"]
    assert (filled["id"], filled["trade"]["side"], filled["trade"]["qty"]) == ("s1", "sell", 1)
    assert (filled["order"]["leaves"], filled["request"]) == (1, None)
    assert {"asset": "CEA", "purpose": "order", "amount": 1} in filled["balances"]
    with pytest.raises(TimeoutError):
        stranger.next(timeout_s=0.5)


def test_a_cursor_goes_on_where_it_stopped_over_a_restart(market: Market, listen: Listen, site: Site) -> None:
    keys = header(market, "A")
    first = listen(ACCOUNT, additional_headers=keys)
    first.next()
    trade(market, "1")
    stopped = first.next()
    site.kill()
    trade(market, "2", "CCER")
    trade(market, "3")
    site.start()
    again = listen(f"{ACCOUNT}?after={stopped['cursor']}", additional_headers=keys)
    assert again.next()["type"] == "ready"
    said = [(message["type"], message["id"]) for message in (again.next() for _ in range(5))]
    assert said == [("trade", "s1"), ("accepted", "s2"), ("trade", "s2"), ("accepted", "s3"), ("trade", "s1")]
    with pytest.raises(TimeoutError):
        again.next(timeout_s=1.5)


def test_a_refusal_is_an_event_too(market: Market, listen: Listen) -> None:
    stream = listen(ACCOUNT, additional_headers={**header(market, "A"), "Accept-Language": "en"})
    stream.next()
    market.submit("A", "list", "high", side="sell", price="99.00", qty=2)
    market.drain()
    refused = stream.next()
    assert (refused["type"], refused["reason"], refused["id"]) == ("rejected", "PRICE_BAND", "high")
    assert refused["reason_text"]


def test_it_listens_to_a_key_in_the_first_message_and_never_in_the_address(
    market: Market, listen: Listen
) -> None:
    token = header(market, "A")["Authorization"].split()[1]
    silent = listen(f"{ACCOUNT}?token={token}")
    with pytest.raises(TimeoutError):
        silent.next(timeout_s=1)
    silent.say("{")
    assert silent.next()["code"] == "MALFORMED_MESSAGE"
    silent.say(json.dumps({"type": "auth", "token": token}))
    assert silent.next()["type"] == "ready"


def test_a_browser_listens_with_its_session(market: Market, listen: Listen) -> None:
    browser = Client()
    browser.force_login(
        User.objects.get(email="trader@a.example"), "django.contrib.auth.backends.ModelBackend"
    )
    cookie = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}
    assert listen(ACCOUNT, additional_headers=cookie).next()["type"] == "ready"


def test_what_opens_nothing_is_told_so(market: Market, listen: Listen) -> None:
    wrong = [
        ({"Authorization": "Token nonsense"}, "", 4001),
        ({"Authorization": "Token"}, "", 4001),
        (header(market, "A", "trade"), "", 4001),
        (header(market, "A"), "?after=nonsense", 4000),
        (header(market, "A"), "?after=" + "x" * 4_000, 4000),
        (header(market, "A"), "?after=%00%FF", 4000),
    ]
    for headers, query, code in wrong:
        with pytest.raises(ConnectionClosed) as closed:
            listen(ACCOUNT + query, additional_headers=headers).next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code, query
    silent = listen(ACCOUNT)
    silent.say('{"type": "auth", "token": "nonsense"}')
    with pytest.raises(ConnectionClosed):
        silent.next()


def test_a_cursor_says_again_what_it_was_made_of() -> None:
    vector = {1: 10, 22: 0, 3: 2**63 - 1}
    assert cursor.read(cursor.written(vector)) == vector
    assert cursor.read(cursor.written({})) == {}
