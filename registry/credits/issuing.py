"""Issuing a monitoring period's verified reductions to the project's owner, by two people (registry-rules.md 6)."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.kinds import registry_operator
from accounts.approvals.models import Document, Request
from accounts.models import Organisation, User
from registry.credits.projects import WrongFields, asset_of, require_issuer
from registry.ledger.post import Move, hold, post
from registry.models import Account, Asset, CreditIssue, Project, Transfer
from registry.spreadsheets import BEIJING

KIND = "credit_issue"
#: Beyond any monitoring period, and far below what a bigint holds in sum.
LARGEST_T = 10**12


@transaction.atomic
def submit(
    project: Project,
    *,
    period_from: dt.date,
    period_to: dt.date,
    verified_t: int,
    quantity_t: int,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
    counted: bool = False,
) -> CreditIssue:
    """Asks for `quantity_t` tonnes of credits out of a period's `verified_t`; a checker decides.

    `counted`: from records of a scene of carbon inclusion (`registry.inclusion.converting`); whatever such a scene
    reduces is asked for there alone.

    Raises Refused `ROLE_MISSING`, and what `verbs.submit` refuses; WrongFields.
    """
    require_issuer(by)
    if hasattr(project, "scene") and not counted:
        words = _("The reductions of this scene are counted from its records: ask on the page of the scene.")
        raise WrongFields({"period_from": words})
    _check(project, period_from, period_to, verified_t, quantity_t, at)
    asset = asset_of(project)
    payload = {
        "project": project.code,
        "period_from": period_from.isoformat(),
        "period_to": period_to.isoformat(),
        "verified_t": verified_t,
        "quantity_t": quantity_t,
        "asset": asset.pk,
    }
    request = verbs.submit(
        KIND, by=by, reason=reason, at=at, about=project.owner, payload=payload, documents=documents
    )
    try:
        with transaction.atomic():
            return CreditIssue.objects.create(
                project=project, period_from=period_from, period_to=period_to, verified_t=verified_t,
                quantity_t=quantity_t, asset=asset, request=request,
            )  # fmt: skip
    except IntegrityError as error:
        if "credit_period_never_twice" in str(error):
            raise WrongFields(
                {"period_from": _("Part of this period was issued, or is asked for, already.")}
            ) from None
        raise


def _check(
    project: Project,
    period_from: dt.date,
    period_to: dt.date,
    verified_t: int,
    quantity_t: int,
    at: dt.datetime,
) -> None:
    errors = {}
    if period_to < period_from:
        errors["period_to"] = _("The period ends before it begins.")
    elif period_to >= at.astimezone(BEIJING).date():
        errors["period_to"] = _("The period is not over yet: only past reductions are issued.")
    if not 0 < verified_t <= LARGEST_T:
        errors["verified_t"] = _("Whole tonnes above zero.")
    if not 0 < quantity_t <= verified_t:
        errors["quantity_t"] = _("Whole tonnes above zero, and not more than were verified.")
    if errors:
        raise WrongFields(errors)


def issue(request: Request, at: dt.datetime) -> CreditIssue:
    """The effect of the approval: serials, and the units in the owner's registry holding.

    Runs in the decision's transaction. Raises Refused `OWNER_CLOSED`.
    """
    found = CreditIssue.objects.select_related("project__owner").get(request=request)
    owner = found.project.owner
    source = registry_operator(request)
    # Serials of one asset are given one after the other; whoever comes second reads them after this one.
    Asset.objects.select_for_update(no_key=True).get(pk=found.asset_id)
    held = {row.pk: row for row in hold([owner.pk, source.pk])}
    if held[owner.pk].status == Organisation.Status.CLOSED:
        raise Refused("OWNER_CLOSED", _("The owner's account was closed: nothing can be issued to it."))
    last = CreditIssue.objects.filter(asset=found.asset_id).aggregate(last=Max("serial_last"))["last"] or 0
    found.serial_first, found.serial_last = last + 1, last + found.quantity_t
    found.state, found.issued_at = CreditIssue.State.ISSUED, at
    found.save(update_fields=["serial_first", "serial_last", "state", "issued_at"])
    cause = f"credit_issue:{found.pk}"
    places = (source.pk, Account.Purpose.SOURCE.value), (owner.pk, Account.Purpose.REGISTRY.value)
    move = Move(found.asset_id, found.quantity_t, *places, Transfer.Kind.ISSUANCE.value, cause)
    post([move], cause=cause, at=at)
    return found


def drop(request: Request) -> None:
    """Refused, withdrawn or expired: the period is free again."""
    CreditIssue.objects.filter(request=request).update(state=CreditIssue.State.REFUSED)
