"""The exchange's part of the independent checks (registry-rules.md 1, points 4 and 5), in SQL of its own.

The lock of a buy is worked out here a second time, with PostgreSQL's numerics; `exchange.matching` has the
first. Rounding half-up of n/d is div(2n + d, 2d) there too, because that is what half-up means.
"""

import datetime as dt
from collections.abc import Iterator

from registry.audit.breaks import Break, breaks

# Money and tonnes an open order must hold locked (trading-rules.md: Money and holdings). The fee is the one of
# the order's day.
LOCKS = """
    WITH open_orders AS (
        SELECT orders.organisation_id AS holder_id, orders.side, orders.leaves_t, orders.fee_fen,
               orders.price_fen::numeric * orders.leaves_t AS rest_fen,
               orders.traded_fen::numeric AS traded_fen, instrument.asset_id,
               (SELECT parameters.fee_bps::numeric FROM exchange_instrumentparameters AS parameters
                WHERE parameters.instrument_id = orders.instrument_id AND parameters.valid_from <= orders.day
                ORDER BY parameters.valid_from DESC LIMIT 1) AS fee_bps
        FROM exchange_order AS orders JOIN exchange_instrument AS instrument ON instrument.id = orders.instrument_id
        WHERE orders.status = 'open'
    ), needed AS (
        SELECT holder_id, CASE side WHEN 'buy' THEN 'CNY' ELSE asset_id END AS asset_id, count(*) AS orders,
               sum(CASE side
                   WHEN 'buy' THEN rest_fen - fee_fen
                        + div(2 * (traded_fen + rest_fen) * coalesce(fee_bps, 0) + 10000, 20000)
                   ELSE leaves_t END) AS amount
        FROM open_orders GROUP BY 1, 2
    ), locked AS (
        SELECT holder_id, asset_id, balance FROM registry_account WHERE purpose = 'order'
    )
    SELECT 'account (' || holder.code || ' ' || asset_id || ' order)', coalesce(needed.amount, 0),
           coalesce(locked.balance, 0), 'locks of ' || coalesce(needed.orders, 0) || ' open orders'
    FROM needed FULL JOIN locked USING (holder_id, asset_id)
    JOIN accounts_organisation AS holder ON holder.id = holder_id
    WHERE coalesce(needed.amount, 0) <> coalesce(locked.balance, 0) ORDER BY holder.code, asset_id
"""

# Trades and transfers side by side, per day and instrument: count, tonnes and money.
DAY_TOTALS = """
    WITH traded AS (
        SELECT trade.day, instrument.code, count(*) AS trades, sum(qty_t) AS qty_t,
               sum(price_fen::numeric * qty_t) AS money_fen
        FROM exchange_trade AS trade JOIN exchange_instrument AS instrument ON instrument.id = trade.instrument_id
        WHERE %(day)s::date IS NULL OR trade.day = %(day)s GROUP BY 1, 2
    ), moved AS (
        SELECT day, split_part(cause, ':', 2) AS code, count(*) FILTER (WHERE kind = 'trade') AS trades,
               coalesce(sum(amount) FILTER (WHERE kind = 'trade'), 0) AS qty_t,
               coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS money_fen
        FROM registry_transfer
        WHERE kind IN ('trade', 'payment') AND (%(day)s::date IS NULL OR day = %(day)s) GROUP BY 1, 2
    )
    SELECT 'day ' || day || ' ' || code,
           coalesce(traded.trades, 0) || ' trades, ' || coalesce(traded.qty_t, 0) || ' t, '
           || coalesce(traded.money_fen, 0) || ' fen',
           coalesce(moved.trades, 0) || ' trades, ' || coalesce(moved.qty_t, 0) || ' t, '
           || coalesce(moved.money_fen, 0) || ' fen',
           'trades against trade transfers'
    FROM traded FULL JOIN moved USING (day, code)
    WHERE (traded.trades, traded.qty_t, traded.money_fen) IS DISTINCT FROM (moved.trades, moved.qty_t, moved.money_fen)
    ORDER BY day, code
"""

# The same trade by trade, with who gave and who received, so that a break names the row that is off.
EACH_TRADE = """
    WITH traded AS (
        SELECT trade.day, 'trade:' || instrument.code || ':' || trade.no AS cause, instrument.asset_id,
               trade.qty_t, trade.price_fen::numeric * trade.qty_t AS money_fen, trade.buyer_id, trade.seller_id,
               trade.buyer_fee_fen + trade.seller_fee_fen AS fee_fen
        FROM exchange_trade AS trade JOIN exchange_instrument AS instrument ON instrument.id = trade.instrument_id
        WHERE %(day)s::date IS NULL OR trade.day = %(day)s
    ), moved AS (
        SELECT transfer.day, transfer.cause,
               min(transfer.asset_id) FILTER (WHERE transfer.kind = 'trade') AS asset_id,
               sum(transfer.amount) FILTER (WHERE transfer.kind = 'trade') AS qty_t,
               sum(transfer.amount) FILTER (WHERE transfer.kind = 'payment') AS money_fen,
               min(credit.holder_id) FILTER (WHERE transfer.kind = 'trade') AS buyer_id,
               min(debit.holder_id) FILTER (WHERE transfer.kind = 'trade') AS seller_id,
               min(debit.holder_id) FILTER (WHERE transfer.kind = 'payment') AS payer_id,
               min(credit.holder_id) FILTER (WHERE transfer.kind = 'payment') AS payee_id,
               coalesce(sum(transfer.amount) FILTER (WHERE transfer.kind = 'fee'), 0) AS fee_fen
        FROM registry_transfer AS transfer
        JOIN registry_account AS debit ON debit.id = transfer.debit_id
        JOIN registry_account AS credit ON credit.id = transfer.credit_id
        WHERE transfer.kind IN ('trade', 'payment', 'fee') AND (%(day)s::date IS NULL OR transfer.day = %(day)s)
        GROUP BY 1, 2
    )
    SELECT cause, coalesce(traded.qty_t || ' t, ' || traded.money_fen || ' fen, fees ' || traded.fee_fen, 'no trade'),
           coalesce(coalesce(moved.qty_t, 0) || ' t, ' || coalesce(moved.money_fen, 0) || ' fen, fees ' || moved.fee_fen,
                    'no transfers'),
           CASE WHEN traded.cause IS NULL OR moved.cause IS NULL
                     OR (traded.asset_id, traded.buyer_id, traded.seller_id, traded.buyer_id, traded.seller_id)
                     IS NOT DISTINCT FROM (moved.asset_id, moved.buyer_id, moved.seller_id, moved.payer_id, moved.payee_id)
                THEN 'of ' || day ELSE 'of ' || day || '; other asset or parties than the trade''s' END
    FROM traded FULL JOIN moved USING (day, cause)
    WHERE (traded.asset_id, traded.qty_t, traded.money_fen, traded.fee_fen,
           traded.buyer_id, traded.seller_id, traded.buyer_id, traded.seller_id)
          IS DISTINCT FROM
          (moved.asset_id, moved.qty_t, moved.money_fen, moved.fee_fen,
           moved.buyer_id, moved.seller_id, moved.payer_id, moved.payee_id)
    ORDER BY day, cause
"""


def locks_equal_open_orders(day: dt.date | None = None) -> Iterator[Break]:
    """Point 4: `order` balances equal what the open orders' locks should be, per holder and asset; as of now."""
    return breaks("locks_equal_open_orders", LOCKS)


def trades_equal_transfers(day: dt.date | None = None) -> Iterator[Break]:
    """Point 5: the day's trades and trade transfers agree, per instrument and then trade by trade."""
    yield from breaks("trades_equal_transfers", DAY_TOTALS, {"day": day})
    yield from breaks("trades_equal_transfers", EACH_TRADE, {"day": day})
