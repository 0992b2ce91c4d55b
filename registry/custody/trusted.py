"""Whom an organisation may send to without a trade (registry-rules.md 2).

Adding takes a second person and becomes effective four working days later, so that a stolen sign-in shows before
anything can leave; removing holds at once and takes one person.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from registry.custody import locks
from registry.custody.models import TrustedEntry
from registry.ledger.post import BEIJING
from registry.market_port import market

TRUST = "trusted_entry"
WORKING_DAYS = 4
MANAGERS = (User.Role.INITIATOR.value, User.Role.ADMINISTRATOR.value)
State = TrustedEntry.State


@transaction.atomic
def add(*, trusted: Organisation, by: User, reason: str, at: dt.datetime) -> TrustedEntry:
    """Asks for an organisation to be put on one's own list.

    Raises Refused: `NOT_A_HOLDER`, `SAME_ORGANISATION`, `HOLDER_SUSPENDED`, `LISTED_ALREADY`, and what asking raises.
    """
    organisation = locks.holder(by.organisation)
    locks.holder(trusted)
    if trusted.pk == organisation.pk:
        raise Refused("SAME_ORGANISATION", _("organisation: name another one than your own."))
    locks.active(trusted)
    request = verbs.submit(TRUST, by=by, reason=reason, at=at, payload={"trusted": trusted.pk})
    try:
        with transaction.atomic():
            return TrustedEntry.objects.create(organisation=organisation, trusted=trusted, request=request)
    except IntegrityError as error:
        raise Refused(
            "LISTED_ALREADY", _("This organisation is on your list, or waits for your second person.")
        ) from error


@transaction.atomic
def remove(entry_id: int, *, by: User, at: dt.datetime) -> TrustedEntry:
    """Takes an organisation off one's own list, at once. Raises Refused: `ROLE_MISSING`, `NOT_YOURS`, `NOT_LISTED`."""
    entry = TrustedEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    if entry.organisation_id != by.organisation_id:
        raise Refused("NOT_YOURS", _("This is another organisation's list."))
    if not by.is_active or not by.has_role(*MANAGERS):
        raise Refused("ROLE_MISSING", _("Only a compliance initiator or administrator changes the list."))
    if entry.state != State.LISTED:
        raise Refused("NOT_LISTED", _("It is not on the list. A request that waits can be withdrawn."))
    entry.state, entry.removed_at = State.REMOVED, at
    entry.save(update_fields=["state", "removed_at"])
    return entry


def trusts(organisation_id: int, other_id: int, at: dt.datetime) -> bool:
    """Whether `other` is on the list, and has been for four working days."""
    return TrustedEntry.objects.filter(
        organisation=organisation_id,
        trusted=other_id,
        state=State.LISTED,
        effective_on__lte=at.astimezone(BEIJING).date(),
    ).exists()


def list_now(request: Request, at: dt.datetime) -> None:
    """Approved: effective on the fourth working day after."""
    day = market().working_days_after(at.astimezone(BEIJING).date(), WORKING_DAYS)
    TrustedEntry.objects.filter(request=request).update(state=State.LISTED, effective_on=day)


def refused(request: Request) -> None:
    TrustedEntry.objects.filter(request=request).update(state=State.REFUSED)
