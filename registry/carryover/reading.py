"""What the ledger says of an emitter's old vintages: sales and purchases, and the holding at the cut-off.

Both are sums over transfers, so they can be read at any later time and by anybody who has the ledger.
"""

from dataclasses import dataclass

from django.db.models import Q, Sum

from registry.carryover.ceiling import Rule, Working
from registry.carryover.models import CarryOver, HoldingReading
from registry.emitters.models import Emitter
from registry.ledger.models import Account, Asset, Transfer


@dataclass(frozen=True, slots=True)
class Reading:
    """Tonnes of one vintage at the cut-off, in all held purposes, and those that were pending among them."""

    asset: str
    held_t: int
    pending_t: int


def old_vintages(rule: Rule) -> list[str]:
    """The assets that the rule takes, in the order of their vintages."""
    codes = Asset.objects.filter(kind=Asset.Kind.ALLOWANCE).values_list("code", flat=True)
    return sorted(code for code in codes if rule.takes(code))


def net_sales(emitter: Emitter, rule: Rule) -> tuple[int, int]:
    """Sold and bought tonnes of the rule's vintages in its days, whatever the method of the trade."""
    trades = Transfer.objects.filter(
        kind=Transfer.Kind.TRADE,
        asset__in=old_vintages(rule),
        day__gte=rule.traded_from,
        day__lte=rule.traded_to,
    )
    sold = trades.filter(debit__holder=emitter.pk).aggregate(sum=Sum("amount"))["sum"] or 0
    bought = trades.filter(credit__holder=emitter.pk).aggregate(sum=Sum("amount"))["sum"] or 0
    return sold, bought


def at_cut_off(emitter: Emitter, rule: Rule) -> list[Reading]:
    """The stored reading, or what the transfers up to the cut-off give."""
    stored = HoldingReading.objects.filter(emitter=emitter, cut_off=rule.cut_off).order_by("asset")
    kept = [Reading(row.asset_id, row.held_t, row.pending_t) for row in stored]
    return kept or _from_transfers(emitter, rule)


def keep(emitter: Emitter, rule: Rule) -> None:
    """Stores the reading, once; an emitter that held nothing is read anew each time, with the same result."""
    rows = [
        HoldingReading(
            emitter=emitter,
            asset_id=reading.asset,
            cut_off=rule.cut_off,
            held_t=reading.held_t,
            pending_t=reading.pending_t,
        )
        for reading in _from_transfers(emitter, rule)
    ]
    HoldingReading.objects.bulk_create(rows, ignore_conflicts=True)


def _from_transfers(emitter: Emitter, rule: Rule) -> list[Reading]:
    assets = old_vintages(rule)
    held: dict[str, int] = dict.fromkeys(assets, 0)
    pending: dict[str, int] = dict.fromkeys(assets, 0)
    for side, sign in (("credit", 1), ("debit", -1)):
        place = f"{side}__purpose"
        rows = (
            Transfer.objects.filter(
                Q(**{f"{side}__holder": emitter.pk, f"{place}__in": list(Account.HELD)}),
                asset__in=assets,
                at__lte=rule.cut_off,
            )
            .values_list("asset_id", place)
            .annotate(sum=Sum("amount"))
        )
        for asset, purpose, amount in rows:
            held[asset] += sign * amount
            if purpose == Account.Purpose.PENDING:
                pending[asset] += sign * amount
    return [Reading(asset, held[asset], pending[asset]) for asset in assets if held[asset]]


def working(emitter: Emitter, rule: Rule) -> Working:
    """T of this emitter with its working, and what is left of it after its applications."""
    sold, bought = net_sales(emitter, rule)
    readings = at_cut_off(emitter, rule)
    asked = (
        CarryOver.objects.filter(emitter=emitter, target=rule.target)
        .exclude(state=CarryOver.State.REFUSED)
        .aggregate(sum=Sum("quantity_t"))["sum"]
    )
    return Working(
        rule=rule,
        sector=emitter.sector,
        sold_t=sold,
        bought_t=bought,
        held_t=sum(reading.held_t for reading in readings),
        pending_t=sum(reading.pending_t for reading in readings),
        asked_t=asked or 0,
    )
