"""What is locked is what somebody asked for (registry-rules.md 1 and 7), per holder and asset.

    pending  what waiting surrenders, carry-overs, cancellations, pledges and transfers name
    frozen   the lines of the freezes in force
    pledged  the pledges in force

What the apps above set aside, `settings.AUDIT_SET_ASIDE` names: each a SELECT of holder, asset, purpose, quantity.

Money in `pending` is a withdrawal's and not looked at here.
"""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from registry.audit.breaks import Break, breaks

LOCKS = """
    WITH asked (holder_id, asset_id, purpose, quantity) AS (
        SELECT s.giver_id, l.asset_id, 'pending', l.quantity_t
        FROM registry_surrender s JOIN registry_surrenderline l ON l.surrender_id = s.id WHERE s.state = 'pending'
        UNION ALL
        SELECT c.emitter_id, l.asset_id, 'pending', l.quantity_t
        FROM registry_carryover c JOIN registry_carryoverline l ON l.carry_over_id = c.id WHERE c.state = 'pending'
        UNION ALL
        SELECT organisation_id, asset_id, 'pending', quantity_t FROM registry_cancellation WHERE state = 'pending'
        UNION ALL
        SELECT pledgor_id, asset_id, state, quantity_t FROM registry_pledge WHERE state IN ('pending', 'pledged')
        UNION ALL
        SELECT sender_id, asset_id, 'pending', quantity_t FROM registry_nontradetransfer WHERE state = 'pending'
        UNION ALL
        SELECT f.organisation_id, l.asset_id, 'frozen', l.quantity_t
        FROM registry_freeze f JOIN registry_freezeline l ON l.freeze_id = f.id WHERE f.state = 'frozen'
        {more}
    ), should AS (
        SELECT holder_id, asset_id, purpose, sum(quantity) AS quantity FROM asked GROUP BY 1, 2, 3
    ), there AS (
        SELECT holder_id, asset_id, purpose, balance FROM registry_account
        WHERE purpose IN ('pending', 'frozen', 'pledged') AND balance <> 0
          AND asset_id IN (SELECT code FROM registry_asset WHERE kind <> 'money')
    )
    SELECT 'holder ' || holder.code || ' ' || asset_id || ' ' || purpose,
           coalesce(should.quantity, 0), coalesce(there.balance, 0),
           'what requests, freezes and pledges in force name'
    FROM should FULL JOIN there USING (holder_id, asset_id, purpose)
    JOIN accounts_organisation AS holder ON holder.id = holder_id
    WHERE coalesce(should.quantity, 0) <> coalesce(there.balance, 0)
    ORDER BY holder.code, asset_id, purpose
"""


def locks_equal_requests(day: dt.date | None = None) -> Iterator[Break]:
    """`pending`, `frozen` and `pledged` balances equal what open requests, freezes and pledges say; as of now."""
    more = " ".join(f"UNION ALL {import_string(path)}" for path in settings.AUDIT_SET_ASIDE)
    return breaks("locks_equal_requests", LOCKS.format(more=more))
