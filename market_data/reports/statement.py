"""A member's settlement statement: its orders, trades, fees, and every account from opening to closing.

It covers what came into the books after the trading day before, up to its own day: a weekend's deposits and
moves stand in Monday's. The opening is what the statement before published as closing, where there is one, and
the closing comes from the account; `adds_up` says whether the moves lead from one to the other.
The other side of a trade is never named. statement_tables.py has the same as tables.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import Organisation
from exchange.matching.money import yuan
from exchange.models import Order, Trade, TradingDay
from market_data.models import Report
from market_data.reports.figures import moment, shown
from market_data.reports.publish import Content
from registry.models import LedgerDay

#: Organisations whose rows are read together: few statements, and little memory.
TOGETHER = 100

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
               sum(amount) FILTER (WHERE day > %(day)s) AS later
        FROM ends GROUP BY account_id, kind
    )
    SELECT holder_id, asset_id, purpose, balance, kind, coalesce(during, 0)::bigint, coalesce(later, 0)::bigint
    FROM mine LEFT JOIN moved ON moved.account_id = mine.id ORDER BY holder_id, asset_id, purpose, kind
"""

#: (balance now, kind of transfer, its sum in the period, its sum later), in fen or tonnes
Moved = tuple[int, str | None, int, int]


def members_with_statements() -> list[Organisation]:
    """Whoever trades and has an account in the ledger."""
    kinds = [kind.value for kind in Organisation.TRADING_KINDS]
    return list(
        Organisation.objects.filter(kind__in=kinds, ledger_accounts__isnull=False).distinct().order_by("code")
    )


def build(day: dt.date, organisations: Sequence[Organisation]) -> Iterator[tuple[Organisation, Content]]:
    """The contents of these members' statements of a closed and sealed day, in their order."""
    previous = TradingDay.objects.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
    sealed = LedgerDay.objects.filter(day=day).first()
    ids = [organisation.pk for organisation in organisations]
    accounts = _accounts(day, previous, ids)
    orders = _orders(day, ids)
    trades = _trades(day, ids)
    for organisation in organisations:
        mine = accounts[organisation.pk]
        yield (
            organisation,
            {
                "organisation": {
                    "code": organisation.code,
                    "name_zh": organisation.name_zh,
                    "name_en": organisation.name_en,
                },
                "after": previous.isoformat() if previous else None,
                "orders": orders[organisation.pk],
                "trades": [trade.shown() for trade in trades[organisation.pk]],
                "settlement": _settlement(trades[organisation.pk]),
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
            rows[holder, asset, purpose].append((moved[0], moved[1], moved[2], moved[3]))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for (holder, asset, purpose), lines in rows.items():
        # An account that the statement before does not know was opened since, with nothing in it.
        opening = published.get((holder, asset, purpose), shown(asset, 0))
        found[holder].append(_account(asset, purpose, opening, lines))
    return found


def _account(asset: str, purpose: str, opening: str | int, lines: list[Moved]) -> dict[str, Any]:
    closing = lines[0][0] - sum(later for _balance, _kind, _during, later in lines)
    during = sum(amount for _balance, _kind, amount, _later in lines)
    return {
        "asset": asset,
        "purpose": purpose,
        "opening": opening,
        "moves": [{"kind": kind, "amount": shown(asset, amount)} for _, kind, amount, _ in lines if amount],
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
        for holder, content in earlier.values_list("organisation_id", "content")
        for account in content["accounts"]
    }


def _orders(day: dt.date, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    orders = Order.objects.filter(day=day, organisation__in=ids).select_related("instrument", "command")
    for order in orders.order_by("accepted_event"):
        found[order.organisation_id].append(
            {
                "no": order.pk,
                "id": order.client_id,
                "time": moment(order.command.received_at),
                "instrument": order.instrument.code,
                "kind": order.kind,
                "side": order.side,
                "price": yuan(order.price_fen),
                "qty": order.qty_t,
                "filled": order.filled_t,
                "turnover": yuan(order.traded_fen),
                "fee": yuan(order.fee_fen),
                "status": order.status,
            }
        )
    return found


@dataclass(frozen=True, slots=True)
class OwnTrade:
    """A trade as one of its two sides sees it; money in fen."""

    no: int
    order: int
    time: str
    instrument: str
    kind: str
    side: str
    price_fen: int
    qty_t: int
    fee_fen: int

    @property
    def turnover_fen(self) -> int:
        return self.price_fen * self.qty_t

    def shown(self) -> dict[str, Any]:
        return {
            "no": self.no,
            "order": self.order,
            "time": self.time,
            "instrument": self.instrument,
            "kind": self.kind,
            "side": self.side,
            "price": yuan(self.price_fen),
            "qty": self.qty_t,
            "turnover": yuan(self.turnover_fen),
            "fee": yuan(self.fee_fen),
        }


def _trades(day: dt.date, ids: list[int]) -> dict[int, list[OwnTrade]]:
    """Each member's side of its trades, in the order of the events. A busy day has many: plain rows, no objects."""
    wanted = set(ids)
    found: dict[int, list[OwnTrade]] = defaultdict(list)
    trades = Trade.objects.filter(Q(buyer__in=ids) | Q(seller__in=ids), day=day).order_by("event")
    rows = trades.values_list(
        "no", "at", "instrument__code", "kind", "price_fen", "qty_t", "buyer_id", "seller_id", "buyer_fee_fen",
        "seller_fee_fen", "listing_id", "taker_id", "listing__organisation_id",
    )  # fmt: skip
    for (
        no,
        at,
        code,
        kind,
        price,
        qty,
        buyer,
        seller,
        buyer_fee,
        seller_fee,
        listing,
        taker,
        lister,
    ) in rows.iterator():
        time = moment(at)
        for side, member, fee in (("buy", buyer, buyer_fee), ("sell", seller, seller_fee)):
            if member in wanted:
                own = listing if lister == member else taker
                found[member].append(OwnTrade(no, own, time, code, kind, side, price, qty, fee))
    return found


def _settlement(trades: Iterable[OwnTrade]) -> list[dict[str, Any]]:
    """Per instrument what was bought and sold, paid and received, gross, and the fees."""
    sums: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("bought", "paid", "sold", "received", "fees"), 0)
    )
    for trade in trades:
        line = sums[trade.instrument]
        quantity, money = ("bought", "paid") if trade.side == "buy" else ("sold", "received")
        line[quantity] += trade.qty_t
        line[money] += trade.turnover_fen
        line["fees"] += trade.fee_fen
    return [
        {
            "instrument": code,
            "bought": line["bought"],
            "sold": line["sold"],
            "paid": yuan(line["paid"]),
            "received": yuan(line["received"]),
            "fees": yuan(line["fees"]),
            "net": yuan(line["received"] - line["paid"] - line["fees"]),
        }
        for code, line in sorted(sums.items())
    ]
