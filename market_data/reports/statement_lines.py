"""Orders and trades of members' statements, written by the database as canonical JSON.

A line is put together with its fields in the order of their names and without spaces: that is the canonical form
already (publish.py), so a busy day's lines go into hash and table without being parsed.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import connection, transaction
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


def _line(**fields: str) -> str:
    """SQL for one JSON object of SQL expressions: `text_` in quotes, `json_` as it stands, `number_` as a number."""
    parts = []
    for kind, _, name, sql in sorted((*field.partition("_"), sql) for field, sql in fields.items()):
        quote = '"' if kind == "text" else ""
        parts.append((name, f"""'{quote}' || ({sql}) || '{quote}'""" if quote else f"({sql})"))
    written = " || ',' || ".join(f"""'"{name}":' || {sql}""" for name, sql in sorted(parts))
    return f"'{{' || {written} || '}}'"


# Kinds, sides and states are words of our own; an id is the member's, and is escaped.
ORDER_LINE = _line(
    text_fee=_yuan("own.fee_fen"),
    number_filled="own.filled_t",
    json_id="to_json(own.client_id)::text",
    json_instrument="to_json(instrument.code)::text",
    text_kind="own.kind",
    number_no="own.command_id",
    text_price=_yuan("own.price_fen"),
    number_qty="own.qty_t",
    text_side="own.side",
    text_status="own.status",
    text_time=_moment("command.received_at"),
    text_turnover=_yuan("own.traded_fen"),
)
ORDERS = f"""
    SELECT own.organisation_id, string_agg({ORDER_LINE}, ',' ORDER BY own.accepted_event)
    FROM exchange_order own
    JOIN exchange_instrument instrument ON instrument.id = own.instrument_id
    JOIN exchange_command command ON command.id = own.command_id
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
TRADE_LINE = _line(
    text_fee=_yuan("own.fee_fen"),
    json_instrument="to_json(instrument.code)::text",
    text_kind="trade.kind",
    number_no="trade.no",
    number_order="CASE WHEN listing.organisation_id = own.member THEN trade.listing_id ELSE trade.taker_id END",
    text_price=_yuan("trade.price_fen"),
    number_qty="trade.qty_t",
    text_side="own.side",
    text_time=_moment("trade.at"),
    text_turnover=_yuan("trade.price_fen * trade.qty_t"),
)
TRADES = f"""
    SELECT own.member, string_agg({TRADE_LINE}, ',' ORDER BY trade.event)
    {SIDES}
    JOIN exchange_order listing ON listing.command_id = trade.listing_id
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
    with transaction.atomic(), connection.cursor() as cursor:
        # A portion's lines are put in order in memory: on disk that takes longer than all the rest.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(statement, {"day": day, "members": members})
        return list(cursor.fetchall())
