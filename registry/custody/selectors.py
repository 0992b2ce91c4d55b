"""Who sees what of custody; holdings as a table; one's own movements in the ledger.

What takes two people is seen by whoever sees its request (accounts/approvals/selectors.py): its organisation, the
other side once it is asked, the province of it, the nation and the registry operator. Nobody else, and nobody
learns of a freeze before it is in force.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet, Sum

from accounts.approvals.selectors import visible_to
from accounts.models import Organisation, User
from registry.cancellation.models import Cancellation
from registry.carryover.models import CarryOver
from registry.custody.models import Freeze, NonTradeTransfer, Pledge, TrustedEntry
from registry.ledger.models import Account, Asset, Transfer

M = TypeVar("M", bound=Model)
ALL_SEEING = frozenset({Organisation.Kind.NATIONAL, Organisation.Kind.REGISTRY})


def _seen(found: QuerySet[M], user: User, own: Q) -> QuerySet[M]:
    """`own` counts where a row came without a request, or was decided."""
    if user.organisation.kind in ALL_SEEING:
        return found.order_by("-pk")
    return found.filter(Q(request__in=visible_to(user).order_by().values("pk")) | own).order_by("-pk")


def freezes(user: User) -> QuerySet[Freeze]:
    """An organisation sees its own once they are in force."""
    house = user.organisation_id
    found = Freeze.objects.select_related("organisation", "request", "release_request")
    own = Q(organisation=house, state__in=[Freeze.State.FROZEN, Freeze.State.RELEASED])
    return _seen(found.prefetch_related("lines"), user, own)


def pledges(user: User) -> QuerySet[Pledge]:
    """The pledgor's from the beginning; the pledgee's once it is asked, and as long as it is in force."""
    house = user.organisation_id
    found = Pledge.objects.select_related("pledgor", "pledgee", "request", "release_request")
    return _seen(found, user, Q(pledgor=house) | Q(pledgee=house, pledged_at__isnull=False))


def trusted_entries(user: User) -> QuerySet[TrustedEntry]:
    found = TrustedEntry.objects.select_related("organisation", "trusted", "request")
    return _seen(found, user, Q(organisation=user.organisation_id))


def transfers(user: User) -> QuerySet[NonTradeTransfer]:
    """The receiver sees what has arrived."""
    house = user.organisation_id
    found = NonTradeTransfer.objects.select_related("sender", "receiver", "request")
    return _seen(found, user, Q(sender=house) | Q(receiver=house, state=NonTradeTransfer.State.DONE))


def carry_overs(user: User) -> QuerySet[CarryOver]:
    found = CarryOver.objects.select_related("emitter__organisation", "target", "request")
    return _seen(found.prefetch_related("lines"), user, Q(emitter=user.organisation_id))


def cancellations(user: User) -> QuerySet[Cancellation]:
    found = Cancellation.objects.select_related("organisation", "asset", "request", "certificate")
    return _seen(found, user, Q(organisation=user.organisation_id))


@dataclass(frozen=True, slots=True)
class VintageRow:
    """One asset: tonnes by held purpose, in the order of Account.HELD."""

    asset: Asset
    places: tuple[tuple[str, int], ...]

    @property
    def total_t(self) -> int:
        return sum(quantity for _purpose, quantity in self.places)


def matrix(holder_id: int) -> list[VintageRow]:
    """Everything a holder has by asset and purpose; money and what is empty left out."""
    rows = Account.objects.filter(holder=holder_id, purpose__in=Account.HELD, balance__gt=0)
    found: dict[str, dict[str, int]] = {}
    for asset, purpose, balance in rows.values_list("asset_id", "purpose", "balance"):
        found.setdefault(asset, {})[purpose] = balance
    assets = Asset.objects.filter(code__in=found).exclude(kind=Asset.Kind.MONEY).order_by("kind", "code")
    return [
        VintageRow(
            asset, tuple((str(place.value), found[asset.code].get(place, 0)) for place in Account.HELD)
        )
        for asset in assets
    ]


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer as one of its sides sees it: places of one's own, with what was there afterwards.

    The other side of a trade is never named; only of a transfer without a trade it is.
    """

    transfer: Transfer
    source: str
    source_after: int | None
    target: str
    target_after: int | None
    #: tonnes or fen, by which one's holding became more or less; 0 between places of one's own
    change: int
    other: Organisation | None


def movements(holder_id: int, *, asset: str = "", kind: str = "", purpose: str = "") -> QuerySet[Transfer]:
    """A holder's own transfers, the newest first."""
    places = Account.objects.filter(holder=holder_id).exclude(purpose=Account.Purpose.SOURCE)
    if purpose:
        places = places.filter(purpose=purpose)
    if asset:
        places = places.filter(asset=asset)
    ids = list(places.values_list("pk", flat=True))
    found = Transfer.objects.filter(Q(debit__in=ids) | Q(credit__in=ids))
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("debit__holder", "credit__holder", "asset").order_by("-id")


def seen_by(holder_id: int, rows: list[Transfer], *, running: bool = True) -> list[Movement]:
    """The rows, newest first, as this holder sees them; with `running`, the balances after each."""
    after = _balances_after(holder_id, rows) if running else {}
    return [_movement(holder_id, row, after) for row in rows]


def _movement(holder_id: int, row: Transfer, after: dict[tuple[int, int], int]) -> Movement:
    out, into = row.debit.holder_id == holder_id, row.credit.holder_id == holder_id
    named = row.kind == Transfer.Kind.TRANSFER and not (out and into)
    return Movement(
        transfer=row,
        source=row.debit.purpose if out else "",
        source_after=after.get((row.pk, row.debit_id)) if out else None,
        target=row.credit.purpose if into else "",
        target_after=after.get((row.pk, row.credit_id)) if into else None,
        change=(row.amount if into else 0) - (row.amount if out else 0),
        other=(row.credit.holder if out else row.debit.holder) if named else None,
    )


def _balances_after(holder_id: int, rows: list[Transfer]) -> dict[tuple[int, int], int]:
    """(transfer, account) → balance after it: from today's balance back over what came later."""
    accounts = {
        place.pk: place.balance
        for row in rows for place in (row.debit, row.credit) if place.holder_id == holder_id
    }  # fmt: skip
    if not rows:
        return {}
    newest, oldest = rows[0].pk, rows[-1].pk
    for side, sign in (("debit", 1), ("credit", -1)):
        later = Transfer.objects.filter(id__gt=newest, **{f"{side}__in": list(accounts)})
        for account, amount in later.values_list(side).annotate(sum=Sum("amount")).order_by(side):
            accounts[account] += sign * amount
    after: dict[tuple[int, int], int] = {}
    between = Transfer.objects.filter(
        Q(debit__in=list(accounts)) | Q(credit__in=list(accounts)), id__gte=oldest, id__lte=newest
    )
    for pk, debit, credit, amount in between.order_by("-id").values_list(
        "id", "debit_id", "credit_id", "amount"
    ):
        for account, change in ((debit, amount), (credit, -amount)):
            if account in accounts:
                after[pk, account] = accounts[account]
                accounts[account] += change
    return after
