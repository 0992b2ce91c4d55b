"""Moving tonnes of one holder from one of its purposes to another, or saying in words why that cannot be.

Freeze, pledge, request and order lock the same tonne only once (registry-rules.md 7): each moves it to a
purpose of its own, under `hold`, so that of two that want it at once the second finds it gone.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.ledger.models import Account, Asset, Transfer
from registry.ledger.post import Move, hold, post
from registry.words import tonnes

Purpose = Account.Purpose
#: Where a freeze finds tonnes, in this order: what is promised to nobody comes first.
FREE = (Purpose.REGISTRY, Purpose.TRADING)

#: tonnes by asset
Lines = Mapping[str, int]


def checked(lines: Lines) -> dict[str, int]:
    """The lines in the order of their assets. Raises Refused: `NOTHING_ASKED`, `UNKNOWN_ASSET`."""
    if not lines or any(quantity <= 0 for quantity in lines.values()):
        raise Refused("NOTHING_ASKED", _("quantity: a whole number of tonnes above zero is needed."))
    known = set(
        Asset.objects.filter(code__in=lines).exclude(kind=Asset.Kind.MONEY).values_list("code", flat=True)
    )
    for asset in lines:
        if asset not in known:
            raise Refused(
                "UNKNOWN_ASSET",
                _("asset: there is no allowance or credit called %(asset)s.") % {"asset": asset},
            )
    return dict(sorted(lines.items()))


def holder(organisation: Organisation) -> Organisation:
    """One who may hold for itself. Raises Refused `NOT_A_HOLDER`: authorities and operators never do."""
    if organisation.kind not in Organisation.TRADING_KINDS:
        raise Refused(
            "NOT_A_HOLDER",
            _("%(name)s is an authority or operator: those hold no allowances and take none.")
            % {"name": organisation.name},
        )
    return organisation


def stand_still(organisations: Iterable[int]) -> dict[int, Organisation]:
    """Holds them; their rows as they are now, by id."""
    return {row.pk: row for row in hold(organisations)}


def active(organisation: Organisation) -> None:
    """Raises Refused `HOLDER_SUSPENDED`: what a suspended or frozen organisation holds stays (registry-rules.md 2)."""
    if organisation.status != Organisation.Status.ACTIVE:
        raise Refused(
            "HOLDER_SUSPENDED",
            _("%(name)s is suspended, frozen or closed: its holdings stay where they are.")
            % {"name": organisation.name},
        )


def free(holder_id: int, purposes: Iterable[str] = FREE) -> dict[str, dict[str, int]]:
    """Tonnes by asset and purpose, without money and empty places, and without what can only be surrendered."""
    rows = (
        Account.objects.filter(holder_id=holder_id, purpose__in=list(purposes))
        .annotate(free=F("balance") - F("surrender_only_t"))
        .filter(free__gt=0)
        .exclude(asset__kind=Asset.Kind.MONEY)
        .order_by("asset_id", "pk")
    )
    found: dict[str, dict[str, int]] = {}
    for asset, purpose, quantity in rows.values_list("asset_id", "purpose", "free"):
        found.setdefault(asset, {})[purpose] = quantity
    return found


def shift(
    holder_id: int, lines: Lines, source: str, target: str, *, kind: str, cause: str, at: dt.datetime
) -> None:
    """Moves the lines within one holder. Raises Refused `INSUFFICIENT_HOLDINGS`, naming asset and quantities."""
    give(holder_id, holder_id, lines, source, target, kind=kind, cause=cause, at=at)


def give(
    holder_id: int,
    receiver_id: int,
    lines: Lines,
    source: str,
    target: str,
    *,
    kind: str,
    cause: str,
    at: dt.datetime,
) -> None:
    """Moves the lines from one holder to another. Raises Refused `INSUFFICIENT_HOLDINGS`."""
    hold({holder_id, receiver_id})
    enough(holder_id, lines, source)
    moves = [
        Move(asset, quantity, (holder_id, source), (receiver_id, target), kind, cause)
        for asset, quantity in lines.items()
    ]
    assert post(moves, cause=cause, at=at), f"{cause} was posted before"


def enough(holder_id: int, lines: Lines, source: str) -> None:
    """Raises Refused `INSUFFICIENT_HOLDINGS`. The holder is held."""
    there = free(holder_id, [source])
    for asset, quantity in lines.items():
        found = there.get(asset, {}).get(source, 0)
        if found < quantity:
            place = Purpose(source).label
            raise Refused(
                "INSUFFICIENT_HOLDINGS",
                _("quantity: %(asked)s of %(asset)s asked for, %(found)s there (%(place)s). Ask for less, or move some there first.")
                % {"asked": tonnes(quantity), "asset": asset, "found": tonnes(found), "place": place},
            )  # fmt: skip


def to_pending(holder_id: int, lines: Lines, cause: str, at: dt.datetime) -> None:
    """What a request names waits in `pending` (registry-rules.md 2)."""
    shift(
        holder_id, lines, Purpose.REGISTRY, Purpose.PENDING,
        kind=Transfer.Kind.PENDING, cause=f"{cause}:pending", at=at,
    )  # fmt: skip


def back(holder_id: int, lines: Lines, cause: str, at: dt.datetime) -> None:
    """Refused, withdrawn or expired: what waited is in the registry holding again."""
    shift(
        holder_id, lines, Purpose.PENDING, Purpose.REGISTRY,
        kind=Transfer.Kind.RETURN, cause=f"{cause}:return", at=at,
    )  # fmt: skip
