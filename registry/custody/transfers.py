"""Transfer without a trade (非交易过户): succession, merger, court enforcement (registry-rules.md 2, domain.md 4.2).

Only tonnes of the registry holding, never money; only between holders, never from or to an insider; only to whom
the sender's trusted list names effectively, when it is asked for and when it is done; both sides active. The
sender's second person decides, then the registry's checker reviews the documents.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import Organisation, User
from registry.custody import locks, trusted
from registry.custody.models import NonTradeTransfer
from registry.ledger.models import Account, Transfer

TRANSFER = "non_trade_transfer"
State = NonTradeTransfer.State
Purpose = Account.Purpose


@transaction.atomic
def submit(
    *,
    receiver: Organisation,
    asset: str,
    quantity_t: int,
    ground: str,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> NonTradeTransfer:
    """Names the tonnes and to whom; they wait in `pending`.

    Raises Refused: `NOT_A_HOLDER`, `SAME_ORGANISATION`, `HOLDER_SUSPENDED`, `NOT_TRUSTED`, `DOCUMENT_MISSING`,
    `UNKNOWN_ASSET`, `INSUFFICIENT_HOLDINGS`, and what asking raises.
    """
    sender = locks.holder(by.organisation)
    locks.holder(receiver)
    if receiver.pk == sender.pk:
        raise Refused("SAME_ORGANISATION", _("receiver: name another organisation than your own."))
    lines = locks.checked({asset: quantity_t})
    if not documents:
        raise Refused("DOCUMENT_MISSING", _("documents: attach the proof of the transfer's ground."))
    request = verbs.submit(
        TRANSFER,
        by=by,
        reason=reason,
        at=at,
        payload={"receiver": receiver.pk, "lines": lines, "ground": ground},
        documents=documents,
    )
    _check_sides(sender.pk, receiver.pk, at)
    transfer = NonTradeTransfer.objects.create(
        sender=sender,
        receiver=receiver,
        asset_id=asset,
        quantity_t=quantity_t,
        ground=NonTradeTransfer.Ground(ground),
        request=request,
        submitted_at=at,
    )
    locks.to_pending(sender.pk, lines, f"transfer:{transfer.pk}", at)
    return transfer


def transfer_now(request: Request, at: dt.datetime) -> None:
    """Reviewed: the sender's pending → the receiver's registry holding. Raises as `submit` does."""
    transfer = NonTradeTransfer.objects.get(request=request)
    _check_sides(transfer.sender_id, transfer.receiver_id, at)
    locks.give(
        transfer.sender_id, transfer.receiver_id, {transfer.asset_id: transfer.quantity_t},
        Purpose.PENDING, Purpose.REGISTRY,
        kind=Transfer.Kind.TRANSFER, cause=f"transfer:{transfer.pk}", at=at,
    )  # fmt: skip
    _decided(transfer, State.DONE, at)


def transfer_back(request: Request, at: dt.datetime) -> None:
    """Refused, withdrawn or expired: pending → registry."""
    transfer = NonTradeTransfer.objects.get(request=request)
    lines = {transfer.asset_id: transfer.quantity_t}
    locks.back(transfer.sender_id, lines, f"transfer:{transfer.pk}", at)
    _decided(transfer, State.REFUSED, at)


def _decided(transfer: NonTradeTransfer, state: NonTradeTransfer.State, at: dt.datetime) -> None:
    transfer.state, transfer.decided_at = state, at
    transfer.save(update_fields=["state", "decided_at"])


def _check_sides(sender_id: int, receiver_id: int, at: dt.datetime) -> None:
    """Both active, and the receiver on the list now. Both are held from here on."""
    for organisation in locks.stand_still([sender_id, receiver_id]).values():
        locks.active(organisation)
    if not trusted.trusts(sender_id, receiver_id, at):
        raise Refused(
            "NOT_TRUSTED",
            _("receiver: not on your trusted list, or not for four working days yet. Put it there first."),
        )
