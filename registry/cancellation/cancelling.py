"""Voluntary cancellation (自愿注销): tonnes that leave the total for a named beneficiary (registry-rules.md 6).

submit       names them; they wait in `pending`
cancel_now   the organisation's second person approved: they are `cancelled` and never come back, and a public
             certificate states for whom and for what
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry import certificates
from registry.cancellation.footprint import Footprint
from registry.cancellation.models import Cancellation
from registry.compliance.models import Certificate
from registry.custody import locks
from registry.ledger.models import Account, Transfer
from registry.words import tonnes

CANCELLATION = "cancellation"
LONGEST_BENEFICIARY, LONGEST_PURPOSE = 200, 500
State = Cancellation.State
Purpose = Account.Purpose


@transaction.atomic
def submit(
    *,
    asset: str,
    quantity_t: int,
    beneficiary: str,
    purpose: str,
    by: User,
    reason: str,
    at: dt.datetime,
    footprint: Footprint | None = None,
    documents: Sequence[Document] = (),
) -> Cancellation:
    """Names tonnes of one's own registry holding to be cancelled. With an event's footprint, at least its tonnes.

    Raises Refused: `NOT_A_HOLDER`, `UNKNOWN_ASSET`, `NOTHING_ASKED`, `BENEFICIARY_MISSING`, `PURPOSE_MISSING`,
    `LESS_THAN_FOOTPRINT`, `HOLDER_SUSPENDED`, `INSUFFICIENT_HOLDINGS`, and what asking raises.
    """
    organisation = locks.holder(by.organisation)
    lines = locks.checked({asset: quantity_t})
    beneficiary, purpose = beneficiary.strip(), purpose.strip()
    _check_words(beneficiary, purpose)
    if footprint is not None and quantity_t < footprint.tonnes:
        raise Refused(
            "LESS_THAN_FOOTPRINT",
            _("quantity: the event's footprint is %(footprint)s; cancel at least as much, or leave it out.")
            % {"footprint": tonnes(footprint.tonnes)},
        )
    request = verbs.submit(
        CANCELLATION, by=by, reason=reason, at=at,
        payload={"lines": lines, "beneficiary": beneficiary, "purpose": purpose}, documents=documents,
    )  # fmt: skip
    locks.active(locks.stand_still([organisation.pk])[organisation.pk])
    made = Cancellation.objects.create(
        organisation=organisation,
        asset_id=asset,
        quantity_t=quantity_t,
        beneficiary=beneficiary,
        purpose=purpose,
        footprint=[row.as_dict() for row in footprint.rows] if footprint else [],
        request=request,
        submitted_at=at,
    )
    locks.to_pending(organisation.pk, lines, f"cancellation:{made.pk}", at)
    return made


def cancel_now(request: Request, at: dt.datetime) -> None:
    """pending → cancelled, for good, with the certificate in the same transaction."""
    made = Cancellation.objects.select_related("organisation", "asset").get(request=request)
    locks.shift(
        made.organisation_id, {made.asset_id: made.quantity_t}, Purpose.PENDING, Purpose.CANCELLED,
        kind=Transfer.Kind.CANCELLATION, cause=f"cancellation:{made.pk}", at=at,
    )  # fmt: skip
    made.certificate = certificates.issue(
        Certificate.Kind.CANCELLATION.value, made.organisation, stated(made), at
    )
    made.state, made.decided_at = State.CANCELLED, at
    made.save(update_fields=["certificate", "state", "decided_at"])


def stated(made: Cancellation) -> dict[str, object]:
    """What the certificate makes public; nothing of the holder's other holdings, people or documents."""
    return {
        "asset": made.asset_id,
        "asset_zh": made.asset.name_zh,
        "asset_en": made.asset.name_en,
        "quantity_t": made.quantity_t,
        "beneficiary": made.beneficiary,
        "purpose": made.purpose,
        "footprint": made.footprint,
        "cancellation": made.pk,
    }


def give_back(request: Request, at: dt.datetime) -> None:
    """Refused, withdrawn or expired: pending → registry."""
    made = Cancellation.objects.get(request=request)
    locks.back(made.organisation_id, {made.asset_id: made.quantity_t}, f"cancellation:{made.pk}", at)
    made.state, made.decided_at = State.REFUSED, at
    made.save(update_fields=["state", "decided_at"])


def _check_words(beneficiary: str, purpose: str) -> None:
    if not beneficiary or len(beneficiary) > LONGEST_BENEFICIARY:
        raise Refused("BENEFICIARY_MISSING", _("beneficiary: name it, in at most 200 characters."))
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise Refused("PURPOSE_MISSING", _("purpose: say for what, in at most 500 characters."))
