"""A member's settlement statement: its orders, trades, fees, and every account from opening to closing.

Orders and trades come from the database as lines of canonical JSON (statement_lines.py): a day may have a million.

It covers what came into the books after the trading day before, up to its own day: a weekend's deposits and
moves stand in Monday's. The opening is what the statement before published as closing, where there is one, and
the closing comes from the account; `adds_up` says whether the moves lead from one to the other.
The other side of a trade is never named. statement_tables.py has the same as tables.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from accounts.models import Organisation
from exchange.models import TradingDay
from market_data.models import Report
from market_data.reports import statement_lines
from market_data.reports.figures import shown
from market_data.reports.publish import Content
from registry.models import LedgerDay

#: What a content is made of; raised when a field changes its meaning (docs/reports.md).
SCHEMA = 2
#: Organisations, and lines of theirs, that are read together: few statements, and little memory.
TOGETHER = 100
LINES_TOGETHER = 300_000

# Each account with what moved it in the period, by kind, and what came later (to know what it held then).
ACCOUNTS = """
    WITH mine AS (
        SELECT id, holder_id, asset_id, purpose, balance FROM registry_account
        WHERE holder_id = ANY(%(holders)s) AND purpose <> 'source'
    ), ends AS (
        SELECT credit_id AS account_id, kind, day, amount::numeric FROM registry_transfer
        WHERE day > %(after)s AND credit_id IN (SELECT id FROM mine)
        UNION ALL
        SELECT debit_id, kind, day, -amount::numeric FROM registry_transfer
        WHERE day > %(after)s AND debit_id IN (SELECT id FROM mine)
    ), moved AS (
        SELECT account_id, kind, sum(amount) FILTER (WHERE day <= %(day)s) AS during,
               sum(amount) FILTER (WHERE day > %(day)s) AS later,
               sum(amount) FILTER (WHERE day <= %(day)s AND amount > 0) AS came
        FROM ends GROUP BY account_id, kind
    )
    SELECT holder_id, asset_id, purpose, balance, kind, coalesce(during, 0)::bigint, coalesce(later, 0)::bigint,
           coalesce(came, 0)::bigint
    FROM mine LEFT JOIN moved ON moved.account_id = mine.id ORDER BY holder_id, asset_id, purpose, kind
"""

#: (balance now, kind of transfer, its sum in the period, its sum later, what came in the period), fen or tonnes
Moved = tuple[int, str | None, int, int, int]


def members_with_statements() -> list[Organisation]:
    """Whoever trades and has an account in the ledger."""
    kinds = [kind.value for kind in Organisation.TRADING_KINDS]
    return list(
        Organisation.objects.filter(kind__in=kinds, ledger_accounts__isnull=False).distinct().order_by("code")
    )


def portions(day: dt.date, organisations: Sequence[Organisation]) -> Iterator[list[Organisation]]:
    """The organisations in groups small enough to be read together."""
    lines = statement_lines.counts(day)
    portion: list[Organisation] = []
    room = LINES_TOGETHER
    for organisation in organisations:
        wanted = lines.get(organisation.pk, 0)
        if portion and (len(portion) >= TOGETHER or wanted > room):
            yield portion
            portion, room = [], LINES_TOGETHER
        portion.append(organisation)
        room -= wanted
    if portion:
        yield portion


def build(day: dt.date, organisations: Sequence[Organisation]) -> Iterator[tuple[Organisation, Content]]:
    """The contents of these members' statements of a closed and sealed day, in their order."""
    previous = TradingDay.objects.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
    sealed = LedgerDay.objects.filter(day=day).first()
    ids = [organisation.pk for organisation in organisations]
    accounts = _accounts(day, previous, ids)
    orders = statement_lines.orders(day, ids)
    trades = statement_lines.trades(day, ids)
    settlements = statement_lines.settlements(day, ids)
    for organisation in organisations:
        mine = accounts[organisation.pk]
        yield (
            organisation,
            {
                "schema": SCHEMA,
                "organisation": {
                    "code": organisation.code,
                    "name_zh": organisation.name_zh,
                    "name_en": organisation.name_en,
                },
                "after": previous.isoformat() if previous else None,
                "orders": orders.get(organisation.pk, []),
                "trades": trades.get(organisation.pk, []),
                "settlement": settlements.get(organisation.pk, []),
                "accounts": mine,
                "adds_up": all(account["adds_up"] for account in mine),
                "ledger": {"transfers": sealed.transfers, "head": sealed.head} if sealed else None,
            },
        )


def _accounts(day: dt.date, previous: dt.date | None, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    published = _published_closings(previous, ids)
    rows: dict[tuple[int, str, str], list[Moved]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, {"holders": ids, "day": day, "after": previous or dt.date.min})
        for holder, asset, purpose, *moved in cursor.fetchall():
            rows[holder, asset, purpose].append((moved[0], moved[1], moved[2], moved[3], moved[4]))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for (holder, asset, purpose), lines in rows.items():
        # An account that the statement before does not know was opened since, with nothing in it.
        opening = published.get((holder, asset, purpose), shown(asset, 0))
        found[holder].append(_account(asset, purpose, opening, lines))
    return found


def _account(asset: str, purpose: str, opening: str | int, lines: list[Moved]) -> dict[str, Any]:
    """Opening, each kind of move with what came and what went, closing."""
    closing = lines[0][0] - sum(line[3] for line in lines)
    during = sum(line[2] for line in lines)
    return {
        "asset": asset,
        "purpose": purpose,
        "opening": opening,
        "moves": [
            {
                "kind": kind,
                "in": shown(asset, came),
                "out": shown(asset, came - amount),
                "amount": shown(asset, amount),
            }
            for _, kind, amount, _, came in lines
            if amount or came
        ],
        "closing": shown(asset, closing),
        "adds_up": opening == shown(asset, closing - during),
    }


def _published_closings(previous: dt.date | None, ids: list[int]) -> dict[tuple[int, str, str], str | int]:
    """What the statements of the trading day before said at their end, in their latest versions."""
    if previous is None:
        return {}
    earlier = Report.objects.filter(kind=Report.Kind.MEMBER, day=previous, organisation__in=ids).order_by(
        "version"
    )
    return {
        (holder, account["asset"], account["purpose"]): account["closing"]
        for holder, accounts in earlier.values_list("organisation_id", "content__accounts")
        for account in accounts
    }
