"""Were reductions issued once and only once, and do points follow from records? Part of `reconcile`.

SQL of its own, from the records and the transfers alone: it shares no code with what wrote them.
"""

import datetime as dt
from collections.abc import Iterator

from registry.audit.breaks import Break, breaks

# Of every period that was issued or waits: what its records add up to, and what the conversion says.
COUNTED = """
    SELECT 'conversion of ' || project.code || ' ' || issue.period_from || ' to ' || issue.period_to,
           coalesce(conversion.records::text, 'no conversion') || ' records, '
           || coalesce(conversion.reductions_g, 0) || ' g',
           coalesce(counted.records, 0) || ' records, ' || coalesce(counted.grams, 0) || ' g',
           'the conversion against the records of its days'
    FROM registry_creditissue AS issue
    JOIN registry_project AS project ON project.id = issue.project_id
    JOIN registry_scene AS scene ON scene.project_id = project.id
    LEFT JOIN registry_conversion AS conversion ON conversion.issue_id = issue.id
    LEFT JOIN LATERAL (
        SELECT count(*) AS records, sum(floor(amount * (baseline - scene_factor) * 1000)) AS grams
        FROM registry_activityrecord AS record
        WHERE record.scene_id = scene.id AND record.day BETWEEN issue.period_from AND issue.period_to
    ) AS counted ON true
    WHERE issue.state <> 'refused'
      AND (conversion.records, conversion.reductions_g::numeric) IS DISTINCT FROM (counted.records, counted.grams)
    ORDER BY issue.id
"""

# Scene by scene: all grams of issued periods are in issued tonnes or in the last remainder.
ISSUED = """
    WITH issued AS (
        SELECT issue.project_id, sum(conversion.reductions_g)::numeric AS grams,
               sum(issue.quantity_t)::numeric AS tonnes,
               (array_agg(conversion.carried_out_g ORDER BY issue.period_to DESC))[1] AS left_over
        FROM registry_creditissue AS issue
        LEFT JOIN registry_conversion AS conversion ON conversion.issue_id = issue.id
        WHERE issue.state = 'issued' GROUP BY issue.project_id
    ), posted AS (
        SELECT issue.project_id, sum(transfer.amount) AS tonnes
        FROM registry_transfer AS transfer
        JOIN registry_creditissue AS issue ON 'credit_issue:' || issue.id = transfer.cause
        WHERE transfer.kind = 'issuance' AND transfer.asset_id = 'SHCER' GROUP BY issue.project_id
    )
    SELECT 'scene ' || project.code, coalesce(issued.grams, 0) || ' g reduced',
           coalesce(posted.tonnes, 0) || ' t SHCER issued, ' || coalesce(issued.left_over, 0) || ' g left over',
           'reductions of issued periods against transfers of the ledger'
    FROM registry_scene AS scene
    JOIN registry_project AS project ON project.id = scene.project_id
    LEFT JOIN issued ON issued.project_id = project.id
    LEFT JOIN posted ON posted.project_id = project.id
    WHERE coalesce(issued.grams, 0) <> coalesce(posted.tonnes, 0) * 1000000 + coalesce(issued.left_over, 0)
       OR coalesce(issued.tonnes, 0) <> coalesce(posted.tonnes, 0)
    ORDER BY project.code
"""

# No SHCER from elsewhere: each transfer that brings some in is an issue's, once and in its quantity.
FROM_NOWHERE = """
    SELECT 'transfer ' || transfer.id, coalesce(issue.quantity_t, 0), transfer.amount,
           'SHCER brought in by ' || transfer.cause
    FROM registry_transfer AS transfer
    LEFT JOIN registry_creditissue AS issue
           ON 'credit_issue:' || issue.id = transfer.cause AND issue.asset_id = 'SHCER' AND issue.state = 'issued'
    WHERE transfer.kind = 'issuance' AND transfer.asset_id = 'SHCER'
      AND issue.quantity_t IS DISTINCT FROM transfer.amount
    ORDER BY transfer.id
"""

EARNED = """
    WITH due AS (
        SELECT account_id, source_id,
               sum(floor(floor(amount * (baseline - scene_factor) * 1000) * points_a_kg / 1000)) AS points
        FROM registry_activityrecord GROUP BY account_id, source_id
    ), entered AS (
        SELECT account_id, source_id, sum(points) AS points FROM registry_pointentry WHERE kind = 'earned'
        GROUP BY account_id, source_id
    )
    SELECT 'points of account ' || account_id || ' by file ' || source_id,
           coalesce(due.points, 0), coalesce(entered.points, 0), 'records of the file against the entry'
    FROM due FULL JOIN entered USING (account_id, source_id)
    WHERE coalesce(due.points, 0) <> coalesce(entered.points, 0) ORDER BY account_id, source_id
"""

BALANCES = """
    SELECT 'points of account ' || account_id || ', entry ' || number, added, balance,
           'sum of the entries against the balance'
    FROM (
        SELECT account_id, number, balance, sum(points) OVER (PARTITION BY account_id ORDER BY number) AS added
        FROM registry_pointentry
    ) AS entry
    WHERE added <> balance OR balance < 0 ORDER BY account_id, number
"""


def reductions_issued_once(day: dt.date | None = None) -> Iterator[Break]:
    """SHCER issued = reductions converted: records = conversions = issues = transfers of the ledger."""
    for statement in (COUNTED, ISSUED, FROM_NOWHERE):
        yield from breaks("reductions_issued_once", statement)


def points_equal_records(day: dt.date | None = None) -> Iterator[Break]:
    """Points earned are what the records give, and every balance is the sum of its entries, never below zero."""
    for statement in (EARNED, BALANCES):
        yield from breaks("points_equal_records", statement)
