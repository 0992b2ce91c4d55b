"""Tonnes of a registry holding that can only be surrendered (trading-rules.md: One-way auction, `surrender_only`).

They are part of the balance; `Account.surrender_only_t` says how many of it. The database lets no posting take the
balance below them: whoever takes such tonnes for a surrender unties them first, in the same transaction.
"""

from collections.abc import Iterable, Mapping

from django.db.models import F

from registry.ledger.models import Account
from registry.statements import Statements

REGISTRY = Account.Purpose.REGISTRY.value


def tie_with(out: Statements, lines: Iterable[tuple[int, str, int]]) -> None:
    """Ties (holder, asset, tonnes) that the statements before have brought into the registry holdings."""
    listed = list(lines)
    if listed:
        holders, assets, tonnes = zip(*listed, strict=True)
        out.add(
            "UPDATE registry_account AS a SET surrender_only_t = a.surrender_only_t + t.tonnes"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS t (holder, asset, tonnes)"
            " WHERE a.holder_id = t.holder AND a.asset_id = t.asset AND a.purpose = 'registry'",
            [list(holders), list(assets), list(tonnes)],
        )


def untie(holder_id: int, lines: Mapping[str, int]) -> dict[str, int]:
    """Before a surrender takes the lines: tied tonnes go first. Gives how many of each asset were tied.

    The holder is held.
    """
    untied = {}
    rows = Account.objects.filter(
        holder_id=holder_id, purpose=REGISTRY, asset__in=list(lines), surrender_only_t__gt=0
    )
    for account in rows:
        untied[account.asset_id] = part = min(account.surrender_only_t, lines[account.asset_id])
        account.surrender_only_t -= part
        account.save(update_fields=["surrender_only_t"])
    return untied


def tie_again(holder_id: int, lines: Mapping[str, int]) -> None:
    """After a surrender gave the lines back: what was tied is tied again. The holder is held."""
    for asset, tonnes in lines.items():
        Account.objects.filter(holder_id=holder_id, purpose=REGISTRY, asset=asset).update(
            surrender_only_t=F("surrender_only_t") + tonnes
        )
