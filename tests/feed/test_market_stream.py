"""/ws/market/{code}/, against a real web process."""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from market_data.feed.socket import SEND_SECONDS, SLOW
from tests.feed.conftest import Stream
from tests.support.market import Market
from tests.support.processes import Site

Listen = Callable[..., Stream]
CEA = "/ws/market/CEA/"


def trade(market: Market, number: int, qty: int = 1) -> None:
    """A sells and B takes, each in a batch of its own."""
    market.submit("A", "list", f"s{number}", side="sell", price="48.00", qty=qty)
    market.drain()
    market.submit("B", "take", f"t{number}", side="buy", price="48.00", qty=qty)
    market.drain()


def numbers(stream: Stream) -> list[int]:
    return [trade["no"] for message in stream.heard for trade in message.get("trades", ())]


def test_a_snapshot_then_every_change_with_a_dense_seq(market: Market, listen: Listen) -> None:
    stream = listen(CEA)
    first = stream.next()
    assert (first["type"], first["phase"], first["quote"]["last"]) == ("snapshot", "afternoon", None)
    assert first["next_at"]
    for number in range(3):
        trade(market, number)
    stream.until(lambda message: message["type"] == "quote" and message["quote"]["volume"] == 3)
    assert numbers(stream) == [1, 2, 3]
    seqs = [message["seq"] for message in stream.heard]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


def test_two_clients_hear_the_same_and_other_instruments_stay_out(market: Market, listen: Listen) -> None:
    streams = [listen(CEA), listen(CEA)]
    other = listen("/ws/market/CCER/")
    for stream in [*streams, other]:
        stream.next()
    trade(market, 1)
    told = [stream.kind("trade") for stream in streams]
    assert told[0] == told[1]
    with pytest.raises(TimeoutError):
        other.next(timeout_s=0.5)


def test_a_lost_push_is_read_from_the_database(market: Market, listen: Listen, broker: redis.Redis) -> None:
    stream = listen(CEA)
    stream.next()
    trade(market, 1)
    stream.kind("trade")
    broker.client_kill_filter(_type="pubsub")
    broker.flushall()
    for number in (2, 3, 4):
        trade(market, number)
    stream.until(lambda message: 4 in [trade["no"] for trade in message.get("trades", ())])
    assert numbers(stream) == [1, 2, 3, 4]


def test_who_comes_back_is_told_the_trades_in_between(market: Market, listen: Listen, site: Site) -> None:
    stream = listen(CEA)
    stream.next()
    trade(market, 1)
    stream.kind("trade")
    site.kill()
    trade(market, 2)
    trade(market, 3)
    site.start()
    again = listen(f"{CEA}?after_trade=1")
    assert [trade["no"] for trade in again.next()["trades"]] == [2, 3]
    trade(market, 4)
    again.kind("trade")
    assert numbers(again) == [2, 3, 4]


def test_the_book_is_told_at_most_ten_times_a_second_and_trades_all(market: Market, listen: Listen) -> None:
    stream = listen(CEA)
    stream.next()
    began = time.monotonic()
    for number in range(60):
        trade(market, number)
    took = time.monotonic() - began
    stream.until(lambda message: message["type"] == "quote" and message["quote"]["volume"] == 60)
    books = [message for message in stream.heard if message["type"] == "book"]
    assert len(books) <= 10 * (took + 1)
    assert numbers(stream) == list(range(1, 61))


def test_whatever_a_client_says_the_stream_goes_on(market: Market, listen: Listen) -> None:
    stream = listen(CEA)
    stream.next()
    for text in (
        "",
        "{",
        "[]",
        "null",
        '"snapshot"',
        '{"type": 7}',
        "[" * 100_000,
        '{"type": "buy"}',
        b"\xff\x00",
    ):
        stream.say(text)
        assert stream.kind("error")["code"] == "MALFORMED_MESSAGE"
    stream.say('{"type": "snapshot"}')
    assert stream.kind("snapshot")["quote"]["prev_close"] == "48.00"
    trade(market, 1)
    stream.kind("trade")


def test_sockets_that_cannot_be_are_closed_with_a_word(market: Market, listen: Listen) -> None:
    for path, code in (
        ("/ws/market/NONE/", 4004),
        (f"{CEA}?after_trade=-1", 4000),
        (f"{CEA}?after_trade=9e9", 4000),
    ):
        stream = listen(path)
        with pytest.raises(ConnectionClosed) as closed:
            stream.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
    for origin in ("https://evil.example", "null", "http://"):
        with pytest.raises(InvalidStatus):
            listen(CEA, origin=origin)
    assert listen(CEA, origin="http://localhost:8000").next()["type"] == "snapshot"


def test_heartbeats_tell_that_the_database_is_there(market: Market, listen: Listen) -> None:
    connection = listen(CEA).connection
    beats: list[Any] = []
    while len(beats) < 2:
        if '"heartbeat"' in (text := str(connection.recv(timeout=5))):
            beats.append(text)


def test_the_stream_goes_on_when_every_database_connection_is_cut(market: Market, listen: Listen) -> None:
    stream = listen(CEA)
    stream.next()
    for number in (1, 2):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        trade(market, number)
        stream.kind("trade")
    # A snapshot needs the database; who comes now, or asks now, gets one.
    stream.say('{"type": "snapshot"}')
    assert stream.kind("snapshot")["quote"]["volume"] == 2
    assert listen(CEA).next()["quote"]["volume"] == 2
    assert numbers(stream) == [1, 2]


def test_who_reads_nothing_is_dropped_and_told_why_while_others_go_on(
    market: Market, listen: Listen, broker: redis.Redis, site: Site
) -> None:
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 200_000)
    narrow.connect(("127.0.0.1", site.port))
    quick = listen(CEA, max_size=None, ping_interval=None)
    slow = listen(CEA, max_size=None, max_queue=1, sock=narrow, ping_interval=None, compression=None)
    first = quick.next()
    # Pushes as an engine in a hurry would send them, ten times larger than sockets and queues hold.
    board = {"day": first["day"], "phase": "afternoon", "quote": first["quote"], "book": first["book"]}
    for batch in range(400):
        told = [
            {"no": 1 + batch * 500 + n, "time": first["day"], "price": "48.00", "qty": 1, "kind": "listed"}
            for n in range(500)
        ]
        event = first["event"] + batch
        push = {"instrument": "CEA", "from": event, "event": event + 1, "board": board, "trades": told}
        broker.publish("tanshi:market", json.dumps(push))
        assert quick.kind("trade")["trades"][-1]["no"] == told[-1]["no"]
    assert numbers(quick) == list(range(1, 200_001))
    time.sleep(SEND_SECONDS)
    slow.kind("snapshot")
    with pytest.raises(ConnectionClosed) as closed:
        slow.kind("never", timeout_s=30)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == SLOW
