"""Moving holdings between the registry and the trading account (registry-rules.md 1: purposes)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from registry.ledger.post import InsufficientBalance, Move, hold, post
from registry.models import Account, Asset, Batch, Transfer
from registry.words import tonnes


class NoSuchMove(Exception):
    """A field that names nothing that can be moved."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


class OtherMove(Exception):
    """The organisation has used this id for a move of other content."""


class NotActive(Exception):
    """The organisation is suspended, frozen or closed: what it holds stays where it is (registry-rules.md 2)."""


class SurrenderOnly(Exception):
    """Part of the holding can only be surrendered; `free_t` is what may be moved (trading-rules.md: One-way auction)."""

    def __init__(self, free_t: int) -> None:
        super().__init__(free_t)
        self.free_t = free_t

    @property
    def words(self) -> str:
        return _(
            "quantity: part of this holding was bought for surrender alone and cannot be moved to trading."
            " Move at most %(free)s."
        ) % {"free": tonnes(self.free_t)}


def move(
    *, organisation: Organisation, client_id: str, asset: str, quantity_t: int, source: str, target: str
) -> bool:
    """Moves tonnes at once; False where this move had been made before.

    Raises NoSuchMove, OtherMove, NotActive, SurrenderOnly, InsufficientBalance; then nothing was posted.
    """
    if source == target:
        raise NoSuchMove("to", _("Another place than `from`."))
    if not Asset.objects.filter(code=asset).exclude(kind=Asset.Kind.MONEY).exists():
        raise NoSuchMove("asset", _("There is no such allowance or credit."))
    cause = f"move:{organisation.pk}:{client_id}"
    line = Move(
        asset,
        quantity_t,
        (organisation.pk, source),
        (organisation.pk, target),
        Transfer.Kind.MOVE.value,
        cause,
    )
    with transaction.atomic():
        # Whom somebody suspended a moment ago moves nothing more: the row is read as it is held.
        (holder,) = hold([organisation.pk])
        if _posted(line):
            return False
        if holder.status != Organisation.Status.ACTIVE:
            raise NotActive(cause)
        if not _covered(line):
            raise InsufficientBalance(cause)
        return post([line], cause=cause, at=timezone.now())


def _posted(line: Move) -> bool:
    """Whether exactly this move was made before. Raises OtherMove where it was another under the same id."""
    batch = Batch.objects.filter(cause=line.cause).first()
    if batch is None:
        return False
    made = Transfer.objects.select_related("debit", "credit").get(batch=batch, day=batch.day)
    places = (made.debit.purpose, made.credit.purpose)
    if (made.asset_id, made.amount, *places) != (line.asset, line.amount, line.debit[1], line.credit[1]):
        raise OtherMove(line.cause)
    return True


def _covered(line: Move) -> bool:
    """The holder is held, so nobody spends this balance until the transaction ends. Raises SurrenderOnly."""
    holder, purpose = line.debit
    there = Account.objects.filter(holder_id=holder, asset_id=line.asset, purpose=purpose).first()
    if there is None or there.balance < line.amount:
        return False
    if there.balance - there.surrender_only_t < line.amount:
        raise SurrenderOnly(there.balance - there.surrender_only_t)
    return True
