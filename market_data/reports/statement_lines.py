"""Orders and trades of members' statements, written by the database as canonical JSON.

A line is a row with its columns in the order of their names, which `row_to_json` writes without spaces: that is
the canonical form already (publish.py), so a busy day's lines go into hash and table without being parsed.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import connection
from msgspec import Raw

from exchange.matching.money import yuan

#: Lines of one kind, by organisation.
Lines = dict[int, Raw]


def _yuan(fen: str) -> str:
    """SQL for what `yuan` gives; for amounts that are never negative."""
    return f"({fen}) / 100 || '.' || lpad((({fen}) %% 100)::text, 2, '0')"


def _moment(at: str) -> str:
    """SQL for what `figures.moment` gives."""
    return f"""to_char({at} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+08:00"')"""


ORDERS = f"""
    SELECT own.organisation_id, string_agg(row_to_json(line)::text, ',' ORDER BY own.accepted_event)
    FROM exchange_order own
    JOIN exchange_instrument instrument ON instrument.id = own.instrument_id
    JOIN exchange_command command ON command.id = own.command_id
    CROSS JOIN LATERAL (
        SELECT {_yuan("own.fee_fen")} AS fee, own.filled_t AS filled, own.client_id AS id, instrument.code AS instrument,
               own.kind AS kind, own.command_id AS no, {_yuan("own.price_fen")} AS price, own.qty_t AS qty,
               own.side AS side, own.status AS status, {_moment("command.received_at")} AS time,
               {_yuan("own.traded_fen")} AS turnover
    ) line
    WHERE own.day = %(day)s AND own.organisation_id = ANY(%(members)s)
    GROUP BY own.organisation_id
"""  # noqa: S608 - made of constants

# Each trade as one of its two sides sees it; the other side is never named.
SIDES = """
    FROM exchange_trade trade
    JOIN exchange_instrument instrument ON instrument.id = trade.instrument_id
    CROSS JOIN LATERAL (
        VALUES ('buy', trade.buyer_id, trade.buyer_fee_fen), ('sell', trade.seller_id, trade.seller_fee_fen)
    ) own (side, member, fee_fen)
"""
TRADES = f"""
    SELECT own.member, string_agg(row_to_json(line)::text, ',' ORDER BY trade.event)
    {SIDES}
    JOIN exchange_order listing ON listing.command_id = trade.listing_id
    CROSS JOIN LATERAL (
        SELECT {_yuan("own.fee_fen")} AS fee, instrument.code AS instrument, trade.kind AS kind, trade.no AS no,
               CASE WHEN listing.organisation_id = own.member THEN trade.listing_id ELSE trade.taker_id END AS "order",
               {_yuan("trade.price_fen")} AS price, trade.qty_t AS qty, own.side AS side,
               {_moment("trade.at")} AS time, {_yuan("trade.price_fen * trade.qty_t")} AS turnover
    ) line
    WHERE trade.day = %(day)s AND own.member = ANY(%(members)s)
    GROUP BY own.member
"""

SETTLEMENTS = f"""
    SELECT own.member, instrument.code,
           coalesce(sum(trade.qty_t) FILTER (WHERE side = 'buy'), 0)::bigint,
           coalesce(sum(trade.qty_t) FILTER (WHERE side = 'sell'), 0)::bigint,
           coalesce(sum(trade.price_fen * trade.qty_t) FILTER (WHERE side = 'buy'), 0)::bigint,
           coalesce(sum(trade.price_fen * trade.qty_t) FILTER (WHERE side = 'sell'), 0)::bigint,
           sum(own.fee_fen)::bigint
    {SIDES}
    WHERE trade.day = %(day)s AND own.member = ANY(%(members)s)
    GROUP BY own.member, instrument.code ORDER BY own.member, instrument.code COLLATE "C"
"""

COUNTS = """
    SELECT member, sum(lines)::bigint FROM (
        SELECT organisation_id AS member, count(*) AS lines FROM exchange_order WHERE day = %(day)s GROUP BY 1
        UNION ALL SELECT buyer_id, count(*) FROM exchange_trade WHERE day = %(day)s GROUP BY 1
        UNION ALL SELECT seller_id, count(*) FROM exchange_trade WHERE day = %(day)s GROUP BY 1
    ) counted GROUP BY member
"""


def counts(day: dt.date) -> dict[int, int]:
    """How many lines each organisation's statement of a day has."""
    return dict(_rows(COUNTS, day, []))


def orders(day: dt.date, members: list[int]) -> Lines:
    """The orders of a day, by organisation, in the order of their acceptance."""
    return {member: Raw(f"[{lines}]".encode()) for member, lines in _rows(ORDERS, day, members)}


def trades(day: dt.date, members: list[int]) -> Lines:
    """Each member's side of its trades, in the order of the events."""
    return {member: Raw(f"[{lines}]".encode()) for member, lines in _rows(TRADES, day, members)}


def settlements(day: dt.date, members: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Per instrument what was bought and sold, paid and received, gross, and the fees."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for member, code, bought, sold, paid, received, fees in _rows(SETTLEMENTS, day, members):
        found[member].append(
            {
                "instrument": code,
                "bought": bought,
                "sold": sold,
                "paid": yuan(paid),
                "received": yuan(received),
                "fees": yuan(fees),
                "net": yuan(received - paid - fees),
            }
        )
    return found


def _rows(statement: str, day: dt.date, members: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": day, "members": members})
        return list(cursor.fetchall())
