"""The identity of every vintage, read anew each time: issued − recalled = held + surrendered + cancelled +
converted (registry-rules.md 1, point 3). What came in is read from the kinds of transfers, what is there from
the balances, so that a changed balance, or units from nowhere, show as a difference. Tonnes."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import get_language

from registry.models import LedgerDay

STATEMENT = """
    WITH issued AS (
        SELECT asset_id,
               sum(amount) FILTER (WHERE kind = 'issuance') AS brought_in,
               sum(amount) FILTER (WHERE kind = 'recall') AS taken_out
        FROM registry_transfer WHERE kind IN ('issuance', 'recall', 'deposit', 'withdrawal') GROUP BY asset_id
    ), there AS (
        SELECT asset_id,
               sum(balance) FILTER (WHERE purpose NOT IN ('surrendered', 'cancelled', 'converted')) AS held,
               sum(balance) FILTER (WHERE purpose = 'surrendered') AS surrendered,
               sum(balance) FILTER (WHERE purpose = 'cancelled') AS cancelled,
               sum(balance) FILTER (WHERE purpose = 'converted') AS converted
        FROM registry_account WHERE purpose <> 'source' GROUP BY asset_id
    )
    SELECT asset.code, asset.kind, asset.name_zh, asset.name_en,
           coalesce(brought_in, 0) - coalesce(taken_out, 0), coalesce(held, 0), coalesce(surrendered, 0),
           coalesce(cancelled, 0), coalesce(converted, 0)
    FROM registry_asset AS asset
    LEFT JOIN issued ON issued.asset_id = asset.code
    LEFT JOIN there ON there.asset_id = asset.code
    WHERE asset.kind <> 'money' ORDER BY asset.kind, asset.code
"""


@dataclass(frozen=True, slots=True)
class Vintage:
    """One asset's totals, in tonnes; `issued_t` is less what was recalled."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    issued_t: int
    held_t: int
    surrendered_t: int
    cancelled_t: int
    converted_t: int

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def difference_t(self) -> int:
        """0 where the identity holds."""
        there = self.held_t + self.surrendered_t + self.cancelled_t + self.converted_t
        return self.issued_t - there

    @property
    def holds(self) -> bool:
        return self.difference_t == 0


def vintages() -> list[Vintage]:
    """Every allowance vintage and kind of credit, from one statement."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT)
        return [Vintage(*row[:4], *map(int, row[4:])) for row in cursor.fetchall()]


def identity_holds(rows: list[Vintage]) -> bool:
    return all(row.holds for row in rows)


def last_seal() -> LedgerDay | None:
    """The latest sealed day, whose head proves the past."""
    return LedgerDay.objects.order_by("-day").first()
