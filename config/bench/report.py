"""`bench report`: the reports of one large day, from closed books to published versions, in this process.

Composite, market report and every member's statement. The day is written by SQL, with balanced books; closing,
checking and sealing them are other steps with figures of their own.
"""

import resource
import time
from typing import Any

from django.db import connection

from config.bench.setting import make_market
from exchange import clock
from exchange.models import Bar, CompositeWeights, Instrument, TradingDay
from market_data import end_of_day
from market_data.models import Report
from market_data.reports.publish import is_intact
from registry.models import Account

#: Half as many listings as trades; every trade is a take of its own.
COMMANDS = """
    INSERT INTO exchange_command (id, instrument_id, kind, organisation_id, client_id, body, digest, received_at,
                                  decided_event, decided_at, reason)
    SELECT %(base)s + n, %(instrument)s, CASE WHEN n <= %(half)s THEN 'list' ELSE 'take' END, {member}, 'o' || n,
           '{{}}'::jsonb, '', %(at)s, n, %(at)s, ''
    FROM generate_series(1, %(half)s + %(trades)s) n
"""
ORDERS = """
    INSERT INTO exchange_order (command_id, instrument_id, organisation_id, client_id, kind, side, price_fen, qty_t,
                                leaves_t, filled_t, traded_fen, fee_fen, status, day, accepted_event, changed_event, model)
    SELECT %(base)s + n, %(instrument)s, {member}, 'o' || n, CASE WHEN n <= %(half)s THEN 'list' ELSE 'take' END,
           CASE WHEN n <= %(half)s THEN 'sell' ELSE 'buy' END, 5000, 100, 0, 100, 500000, 0, 'filled', %(day)s, n, n, ''
    FROM generate_series(1, %(half)s + %(trades)s) n
"""
TRADES = """
    INSERT INTO exchange_trade (instrument_id, no, day, kind, price_fen, qty_t, buyer_id, seller_id, listing_id,
                                taker_id, buyer_fee_fen, seller_fee_fen, event, at)
    SELECT %(instrument)s, i, %(day)s, 'listed', 4900 + i %% 200, 1 + i %% 50, {buyer}, {seller},
           %(base)s + (i + 1) / 2, %(base)s + %(half)s + i, 0, 0, %(trades)s * 10 + i, %(at)s
    FROM generate_series(1, %(trades)s) i
"""
SELLER = "(%(members)s)[1 + ((i + 1) / 2) %% %(count)s]"
BUYER = "(%(members)s)[1 + (({trade} + 1) / 2 + 1 + {trade} %% (%(count)s - 1)) %% %(count)s]"
# The listing of trades i and i + 1 is number (i + 1) / 2; the take of trade i is number half + i.
MEMBER = (
    "CASE WHEN n <= %(half)s THEN (%(members)s)[1 + n %% %(count)s] ELSE "
    + BUYER.format(trade="(n - %(half)s)")
    + " END"
)
MONEY = ("CNY", "trade.price_fen * trade.qty_t", "payment", "buyer_id", "seller_id")
TONNES = ("CEA", "trade.qty_t", "trade", "seller_id", "buyer_id")
TRANSFERS = """
    INSERT INTO registry_transfer (day, asset_id, debit_id, credit_id, amount, kind, cause, batch_id, at)
    SELECT trade.day, '{asset}', debit.id, credit.id, {amount}, '{kind}', 'bench', 1, trade.at
    FROM exchange_trade trade
    JOIN registry_account debit ON debit.holder_id = trade.{debit} AND debit.asset_id = '{asset}' AND debit.purpose = 'trading'
    JOIN registry_account credit ON credit.holder_id = trade.{credit} AND credit.asset_id = '{asset}' AND credit.purpose = 'trading'
"""
BALANCES = """
    UPDATE registry_account account SET balance = moved.balance FROM (
        SELECT id, sum(amount) AS balance FROM (
            SELECT credit_id AS id, amount::numeric FROM registry_transfer
            UNION ALL SELECT debit_id, -amount::numeric FROM registry_transfer
        ) ends GROUP BY id
    ) moved WHERE moved.id = account.id
"""


def run(trades: int = 1_000_000, members: int = 50) -> dict[str, Any]:
    """Writes the day, then makes its reports; asserts that every statement adds up and that a hash is right."""
    instrument, organisations = make_market(members)
    fill(instrument, [each.pk for each in organisations], trades)
    day = clock.today()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    for name in ("composite", "report", "statements"):
        begun = time.perf_counter()
        said = end_of_day.STEPS[name](day)
        seconds[name] = time.perf_counter() - begun
        assert "DO NOT ADD UP" not in said, said
    whole = time.perf_counter() - started
    statements = Report.objects.filter(kind=Report.Kind.MEMBER)
    assert statements.count() == members, "everybody has a statement"
    first = statements.order_by("pk")[0]
    assert is_intact(first), "the stored statement gives its hash"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "bench": "report",
        "value": round(whole, 1),
        "unit": "s to make every report of the day",
        "baselines": {},
        "ratios": {},
        "details": {
            "trades": trades,
            "orders": trades + trades // 2,
            "members": members,
            **{f"{name}_s": round(each, 1) for name, each in seconds.items()},
            "trades_in_a_statement": len(first.content["trades"]),
            "peak_mb": round(peak / 1024),
            "of_it_before_mb": round(before / 1024),
        },
    }


def fill(instrument: Instrument, members: list[int], trades: int) -> None:
    """The day: orders, trades and their transfers, the final bar, the closed day."""
    day, at = clock.today(), clock.now()
    CompositeWeights.objects.create(valid_from=day, weights={instrument.code: 1})
    values: dict[str, Any] = {
        "base": 1_000_000_000, "instrument": instrument.pk, "half": trades // 2, "trades": trades, "day": day,
        "at": at, "members": members, "count": len(members),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COMMANDS.format(member=MEMBER), values)
        cursor.execute(ORDERS.format(member=MEMBER), values)
        cursor.execute(TRADES.format(buyer=BUYER.format(trade="i"), seller=SELLER), values)
        for asset, amount, kind, debit, credit in (MONEY, TONNES):
            cursor.execute(
                TRANSFERS.format(asset=asset, amount=amount, kind=kind, debit=debit, credit=credit)
            )
        cursor.execute(BALANCES)
        cursor.execute("ANALYZE")
        cursor.execute("SELECT sum(qty_t), sum(price_fen * qty_t) FROM exchange_trade WHERE day = %s", [day])
        volume, turnover = cursor.fetchone()
    assert not Account.objects.filter(balance__lt=0).exclude(purpose="source").exists()
    Bar.objects.update_or_create(
        instrument=instrument,
        day=day,
        defaults={
            "final": True, "prev_close_fen": 5_000, "open_fen": 4_901, "high_fen": 5_099, "low_fen": 4_900,
            "close_fen": 5_000, "volume_t": volume, "turnover_fen": turnover, "trades": trades,
        },
    )  # fmt: skip
    TradingDay.objects.filter(day=day).update(status="closed", closed_at=at)
