"""Adjustments: tonnes that are deducted when allocation is issued, ordered by one person and approved by another."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.allocation.models import Adjustment
from registry.allocation.rights import check_may_make
from registry.emitters.models import Emitter

EARLIEST, LATEST = 2019, 2100
LARGEST_T = 10**12


@transaction.atomic
def order(
    emitter: Emitter,
    *,
    year: int,
    ground: str,
    tonnes: int,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> Adjustment:
    """Asks for `tonnes` to be deducted from what is issued for `year` or later, until nothing is left of it.

    In force once the registry operator's checker approves it. Raises Refused: `NOT_YOURS`, `YEAR`, `GROUND`, `TONNES`,
    and those of `approvals.verbs.submit`.
    """
    organisation = emitter.organisation
    check_may_make(by, organisation.province)
    if not EARLIEST <= year <= LATEST:
        raise Refused("YEAR", _("year: a compliance year from %(first)s on.") % {"first": EARLIEST})
    if ground not in Adjustment.Ground.values:
        raise Refused("GROUND", _("ground: borrowed, enforcement or arrears."))
    if not 0 < tonnes <= LARGEST_T:
        raise Refused("TONNES", _("tonnes: a whole number above 0."))
    adjustment = Adjustment.objects.create(
        emitter=emitter, year=year, ground=ground, ordered_t=tonnes, remaining_t=tonnes,
        reason=reason.strip(), at=at,
    )  # fmt: skip
    adjustment.request = verbs.submit(
        "adjustment", by=by, reason=reason, at=at, about=organisation, documents=documents,
        payload={"adjustment": adjustment.pk, "year": year, "ground": ground, "tonnes": tonnes},
    )  # fmt: skip
    adjustment.save(update_fields=["request"])
    return adjustment


def approve(request: Request, *, at: dt.datetime) -> Adjustment:
    """The effect of the approval, in its transaction: it is deducted from now on."""
    return _end(request, Adjustment.State.IN_FORCE)


def refuse(request: Request, *, at: dt.datetime) -> Adjustment:
    """Refused or withdrawn: nothing will be deducted."""
    return _end(request, Adjustment.State.REFUSED)


def _end(request: Request, state: str) -> Adjustment:
    adjustment = Adjustment.objects.select_for_update().get(pk=request.payload["adjustment"])
    assert adjustment.state == Adjustment.State.PENDING, "a request ends once"
    adjustment.state = state
    adjustment.save(update_fields=["state"])
    return adjustment
