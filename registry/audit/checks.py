"""The ledger's own identities (registry-rules.md 1, points 1 to 3), each as one statement over all rows.

Sums are numeric in PostgreSQL, so nothing overflows and nothing is rounded. The books are cumulative: these
checks look at all days, whichever day is asked for.
"""

import datetime as dt
from collections.abc import Iterator

from registry.audit.breaks import Break, breaks

ASSETS_SUM_TO_ZERO = """
    SELECT 'asset ' || asset_id, 0, sum(balance),
           'sum of the balances of ' || count(*) || ' accounts'
    FROM registry_account GROUP BY asset_id HAVING sum(balance) <> 0 ORDER BY asset_id
"""

BALANCES_EQUAL_TRANSFERS = """
    WITH moved AS (
        SELECT account_id, sum(amount) AS amount, count(*) AS transfers
        FROM (
            SELECT credit_id AS account_id, amount::numeric FROM registry_transfer
            UNION ALL
            SELECT debit_id, -amount::numeric FROM registry_transfer
        ) AS ends GROUP BY account_id
    )
    SELECT 'account ' || account.id || ' (' || holder.code || ' ' || asset_id || ' ' || purpose || ')',
           coalesce(moved.amount, 0), account.balance,
           'sum of ' || coalesce(transfers, 0) || ' transfers against the balance'
    FROM registry_account AS account
    JOIN accounts_organisation AS holder ON holder.id = account.holder_id
    LEFT JOIN moved ON moved.account_id = account.id
    WHERE account.balance <> coalesce(moved.amount, 0) ORDER BY account.id
"""

# What came in is read from the kinds of transfers, what is there from the balances. A transfer of another
# kind that draws on a source account would bring units from nowhere; this is where it shows.
ISSUED_EQUALS_HELD = """
    WITH issued AS (
        SELECT asset_id,
               sum(amount) FILTER (WHERE kind IN ('issuance', 'deposit')) AS brought_in,
               sum(amount) FILTER (WHERE kind IN ('recall', 'withdrawal')) AS taken_out
        FROM registry_transfer GROUP BY asset_id
    ), there AS (
        SELECT asset_id,
               sum(balance) FILTER (WHERE purpose NOT IN ('surrendered', 'cancelled', 'converted')) AS held,
               sum(balance) FILTER (WHERE purpose = 'surrendered') AS surrendered,
               sum(balance) FILTER (WHERE purpose = 'cancelled') AS cancelled,
               sum(balance) FILTER (WHERE purpose = 'converted') AS converted,
               sum(balance) AS total
        FROM registry_account WHERE purpose <> 'source' GROUP BY asset_id
    )
    SELECT 'asset ' || asset.code,
           coalesce(brought_in, 0) - coalesce(taken_out, 0), coalesce(total, 0),
           'issued ' || coalesce(brought_in, 0) || ' - recalled ' || coalesce(taken_out, 0)
           || ' against held ' || coalesce(held, 0) || ' + surrendered ' || coalesce(surrendered, 0)
           || ' + cancelled ' || coalesce(cancelled, 0) || ' + converted ' || coalesce(converted, 0)
    FROM registry_asset AS asset
    LEFT JOIN issued ON issued.asset_id = asset.code
    LEFT JOIN there ON there.asset_id = asset.code
    WHERE coalesce(brought_in, 0) - coalesce(taken_out, 0) <> coalesce(total, 0) ORDER BY asset.code
"""


def assets_sum_to_zero(day: dt.date | None = None) -> Iterator[Break]:
    """Point 1: for every asset the balances of all accounts sum to zero."""
    return breaks("assets_sum_to_zero", ASSETS_SUM_TO_ZERO)


def balances_equal_transfers(day: dt.date | None = None) -> Iterator[Break]:
    """Point 2: every account's balance equals the sum of its transfers."""
    return breaks("balances_equal_transfers", BALANCES_EQUAL_TRANSFERS)


def issued_equals_held(day: dt.date | None = None) -> Iterator[Break]:
    """Point 3: issued - recalled = held + surrendered + cancelled + converted, for every vintage.

    For money the same with deposits and withdrawals.
    """
    return breaks("issued_equals_held", ISSUED_EQUALS_HELD)
