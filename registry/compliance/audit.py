"""Do the sums of compliance agree with the surrenders, and these with the ledger? Part of `reconcile`."""

import datetime as dt
from collections.abc import Iterator

from registry.audit.breaks import Break, breaks

YEARS = """
    SELECT 'compliance year ' || row.year || ' of ' || house.code,
           coalesce(sums.gone, 0) || ' surrendered, ' || coalesce(sums.credits, 0) || ' credits, '
           || coalesce(sums.waiting, 0) || ' pending',
           row.surrendered_t || ' surrendered, ' || row.credits_t || ' credits, ' || row.pending_t || ' pending',
           'sums of the surrenders against the row'
    FROM registry_complianceyear AS row
    JOIN accounts_organisation AS house ON house.id = row.emitter_id
    LEFT JOIN (
        SELECT compliance_year_id,
               sum(quantity_t) FILTER (WHERE state = 'approved') AS gone,
               sum(credits_t) FILTER (WHERE state = 'approved') AS credits,
               sum(quantity_t) FILTER (WHERE state = 'pending') AS waiting
        FROM registry_surrender GROUP BY compliance_year_id
    ) AS sums ON sums.compliance_year_id = row.id
    WHERE (coalesce(sums.gone, 0), coalesce(sums.credits, 0), coalesce(sums.waiting, 0))
          IS DISTINCT FROM (row.surrendered_t, row.credits_t, row.pending_t)
    ORDER BY row.id
"""

LINES = """
    SELECT 'surrender ' || surrender.id, surrender.quantity_t, coalesce(sum(line.quantity_t), 0),
           'the surrender against its lines'
    FROM registry_surrender AS surrender
    LEFT JOIN registry_surrenderline AS line ON line.surrender_id = surrender.id
    GROUP BY surrender.id HAVING coalesce(sum(line.quantity_t), 0) <> surrender.quantity_t
    ORDER BY surrender.id
"""

# Each transfer of a surrender names it as its cause. An approved line has left for good; one that waits lies in
# `pending`; one that was refused is back: of each asset, from the giver's accounts and no other's.
LEDGER = """
    WITH moved AS (
        SELECT transfer.cause, transfer.asset_id, debited.holder_id,
               sum(amount) FILTER (WHERE transfer.kind = 'surrender') AS gone,
               coalesce(sum(amount) FILTER (WHERE transfer.kind = 'pending'), 0)
               - coalesce(sum(amount) FILTER (WHERE transfer.kind = 'return'), 0)
               - coalesce(sum(amount) FILTER (
                   WHERE transfer.kind = 'surrender' AND debited.purpose = 'pending'), 0) AS waiting
        FROM registry_transfer AS transfer JOIN registry_account AS debited ON debited.id = transfer.debit_id
        WHERE transfer.cause LIKE 'surrender:%%' OR transfer.kind = 'surrender'
        GROUP BY transfer.cause, transfer.asset_id, debited.holder_id
    ), named AS (
        SELECT 'surrender:' || surrender.id AS cause, line.asset_id, surrender.giver_id AS holder_id,
               CASE WHEN surrender.state = 'approved' THEN line.quantity_t ELSE 0 END AS gone,
               CASE WHEN surrender.state = 'pending' THEN line.quantity_t ELSE 0 END AS waiting
        FROM registry_surrenderline AS line JOIN registry_surrender AS surrender ON surrender.id = line.surrender_id
    )
    SELECT coalesce(named.cause, moved.cause) || ' ' || coalesce(named.asset_id, moved.asset_id),
           coalesce(named.gone, 0) || ' surrendered, ' || coalesce(named.waiting, 0) || ' pending',
           coalesce(moved.gone, 0) || ' surrendered, ' || coalesce(moved.waiting, 0) || ' pending',
           'line of the surrender against the transfers that it caused'
    FROM named FULL JOIN moved USING (cause, asset_id, holder_id)
    WHERE coalesce(named.gone, 0) <> coalesce(moved.gone, 0)
       OR coalesce(named.waiting, 0) <> coalesce(moved.waiting, 0)
    ORDER BY 1
"""


def surrendered_equals_ledger(day: dt.date | None = None) -> Iterator[Break]:
    """Sums of the compliance years = surrenders = their lines = transfers of the ledger, gone and pending alike."""
    for statement in (YEARS, LINES, LEDGER):
        yield from breaks("surrendered_equals_ledger", statement)
