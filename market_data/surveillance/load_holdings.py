"""Holdings at the end of a day and of the day before: the balances of now, less what has been posted since.

So a day that is looked through again later gives the same.
"""

import datetime as dt

from exchange.models import Instrument
from market_data.surveillance.load import rows
from market_data.surveillance.rows import Held
from registry.models import Account, Asset

#: What counts against the position limit (trading-rules.md: Money and holdings); at the close nothing is locked.
POSITION = [Account.Purpose.TRADING.value, Account.Purpose.ORDER.value, Account.Purpose.UNSETTLED.value]
HELD = [purpose.value for purpose in Account.HELD]

HOLDINGS = """
    WITH held AS (
        SELECT id, holder_id, balance FROM registry_account
        WHERE asset_id = ANY(%(assets)s) AND purpose = ANY(%(purposes)s)
    ), later AS (
        SELECT account, coalesce(sum(amount) FILTER (WHERE day > %(day)s), 0) AS after, sum(amount) AS since
        FROM (
            SELECT credit_id AS account, amount, day FROM registry_transfer
            WHERE day >= %(day)s AND asset_id = ANY(%(assets)s)
            UNION ALL
            SELECT debit_id, -amount, day FROM registry_transfer
            WHERE day >= %(day)s AND asset_id = ANY(%(assets)s)
        ) moved
        GROUP BY account
    ), sums AS (
        SELECT holder_id, sum(balance - coalesce(after, 0))::bigint AS now,
               sum(balance - coalesce(since, 0))::bigint AS before
        FROM held LEFT JOIN later ON later.account = held.id
        GROUP BY holder_id
    )
    SELECT holder.code, sums.now, sums.before, coalesce(latest.allocated_t, 0)
    FROM sums
    JOIN accounts_organisation holder ON holder.id = sums.holder_id
    LEFT JOIN LATERAL (
        SELECT allocated_t FROM registry_complianceyear year
        WHERE year.emitter_id = holder.id AND year.year <= %(year)s AND year.allocated_t IS NOT NULL
        ORDER BY year.year DESC LIMIT 1
    ) latest ON true
    WHERE holder.kind IN ('emitter', 'institution', 'individual') AND sums.now <> sums.before
    ORDER BY holder.code
"""


def positions(instrument: Instrument, day: dt.date) -> list[Held]:
    """What each member whose position changed can trade of an instrument."""
    return _held([instrument.asset_id], POSITION, day)


def totals(day: dt.date) -> list[Held]:
    """The allowances of all vintages of each member whose holding changed, wherever they lie."""
    assets = Asset.objects.filter(kind=Asset.Kind.ALLOWANCE).values_list("code", flat=True)
    return _held(list(assets), HELD, day)


def _held(assets: list[str], purposes: list[str], day: dt.date) -> list[Held]:
    found = rows(HOLDINGS, assets=assets, purposes=purposes, day=day, year=day.year)
    return [Held(*row) for row in found]
