"""What one person asks for and another decides (registry-rules.md 2). Nothing else writes these tables.

Each verb is one transaction. Those that end a stage lock the request first, and only then what its effect
needs, so that of two people who decide at once exactly one does.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import notices
from accounts.approvals.errors import Refused
from accounts.approvals.kinds import Kind, kind_of
from accounts.approvals.models import Decision, Document, Request
from accounts.models import Organisation, User

__all__ = ["Refused", "approve", "expire_due", "refuse", "submit", "withdraw"]

LONGEST_REASON = 2_000
State = Request.State
Verdict = Decision.Verdict


@transaction.atomic
def submit(
    kind: str,
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    about: Organisation | None = None,
    payload: Mapping[str, Any] | None = None,
    documents: Sequence[Document] = (),
    expires_at: dt.datetime | None = None,
) -> Request:
    """Asks for something, and tells those who can decide. What it names as pending the caller moves there.

    Raises Refused: `ROLE_MISSING`, `SUSPENDED`, `REASON_MISSING`, `NO_DECIDER`, `DOCUMENT_TAKEN`; LookupError
    for an unknown kind.
    """
    wanted = kind_of(kind)
    _check_acts(by)
    if not by.has_role(*wanted.initiator_roles):
        raise Refused("ROLE_MISSING", _("Your roles do not allow asking for this."))
    if expires_at is None and wanted.lifetime is not None:
        expires_at = at + wanted.lifetime
    request = Request(
        kind=kind,
        organisation=by.organisation,
        about=about,
        requested_by=by,
        requested_at=at,
        reason=_reason(reason),
        payload=dict(payload or {}),
        stages=len(wanted.stages),
        expires_at=expires_at,
    )
    # Every stage must have somebody who decides it, or the request would hang half way.
    deciders = [stage.decider(request) for stage in wanted.stages]
    request.decider, request.decider_role = deciders[0], str(wanted.stages[0].role)
    request.save(force_insert=True)
    _attach(documents, request, by)
    notices.tell_deciders(request, at)
    return request


@transaction.atomic
def approve(request_id: int, *, by: User, reason: str, at: dt.datetime) -> Request:
    """Approves the present stage; the last one brings the effect, in this transaction.

    Raises Refused: `NOT_PENDING`, `NOT_YOURS`, `ROLE_MISSING`, `SAME_PERSON`, `SUSPENDED`, `REASON_MISSING`;
    Request.DoesNotExist; and whatever the effect refuses, in which case nothing changed.
    """
    request, kind = _pending(request_id, at)
    _check_decides(request, by)
    decision = _decide(request, Verdict.APPROVED, by=by, reason=_reason(reason), at=at)
    if request.stage + 1 < request.stages:
        request.stage += 1
        stage = kind.stages[request.stage]
        request.decider, request.decider_role = stage.decider(request), str(stage.role)
        request.save(update_fields=["stage", "decider", "decider_role"])
        kind.stage_approved(request, decision)
        notices.tell_deciders(request, at)
        notices.tell_requester(request, notices.STAGE_APPROVED, at)
        return request
    _end(request, State.APPROVED, at)
    kind.approved(request, decision)
    notices.tell_requester(request, notices.APPROVED, at)
    return request


@transaction.atomic
def refuse(request_id: int, *, by: User, reason: str, at: dt.datetime) -> Request:
    """Refuses it, at whatever stage; what was pending goes back. Raises as `approve` does."""
    request, kind = _pending(request_id, at)
    _check_decides(request, by)
    _decide(request, Verdict.REFUSED, by=by, reason=_reason(reason), at=at)
    _end(request, State.REFUSED, at)
    kind.released(request, at)
    notices.tell_requester(request, notices.REFUSED, at)
    return request


@transaction.atomic
def withdraw(request_id: int, *, by: User, reason: str, at: dt.datetime) -> Request:
    """The requester takes it back; a suspended organisation may too. Raises Refused: `NOT_PENDING`, `NOT_YOURS`,
    `REASON_MISSING`; Request.DoesNotExist."""
    request, kind = _pending(request_id, at)
    if request.requested_by_id != by.pk:
        raise Refused("NOT_YOURS", _("Only the person who asked for it can withdraw it."))
    _decide(request, Verdict.WITHDRAWN, by=by, reason=_reason(reason), at=at)
    _end(request, State.WITHDRAWN, at)
    kind.released(request, at)
    return request


def expire_due(at: dt.datetime) -> int:
    """Ends what nobody decided in its time, each in a transaction of its own; returns how many."""
    due = Request.objects.filter(state=State.PENDING, expires_at__lte=at).order_by("pk")
    return sum(_expire(pk, at) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _expire(request_id: int, at: dt.datetime) -> bool:
    """False where somebody has decided, or is deciding, meanwhile."""
    request = (
        Request.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=request_id, state=State.PENDING)
        .first()
    )
    if request is None:
        return False
    _decide(request, Verdict.EXPIRED, by=None, reason="", at=at)
    _end(request, State.EXPIRED, at)
    kind_of(request.kind).released(request, at)
    notices.tell_requester(request, notices.EXPIRED, at)
    return True


def _pending(request_id: int, at: dt.datetime) -> tuple[Request, Kind]:
    """The request, locked until the transaction ends."""
    request = (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "about", "requested_by", "decider")
        .get(pk=request_id)
    )
    if request.state != State.PENDING:
        raise Refused(
            "NOT_PENDING", _("It was decided already: %(state)s.") % {"state": request.get_state_display()}
        )
    if request.expires_at is not None and request.expires_at <= at:
        raise Refused("NOT_PENDING", _("Its time has run out: it must be asked for again."))
    return request, kind_of(request.kind)


def _check_acts(by: User) -> None:
    """The organisation's row is read anew: whom somebody suspended a moment ago does nothing more."""
    status = Organisation.objects.values_list("status", flat=True).get(pk=by.organisation_id)
    if status != Organisation.Status.ACTIVE or not by.is_active:
        raise Refused("SUSPENDED", _("Your organisation is suspended or closed: it can only withdraw."))


def _check_decides(request: Request, by: User) -> None:
    _check_acts(by)
    if by.organisation_id != request.decider_id:
        raise Refused("NOT_YOURS", _("It waits for the decision of another organisation."))
    if not by.has_role(request.decider_role):
        role = User.Role(request.decider_role).label
        raise Refused(
            "ROLE_MISSING", _("Only a person with the role %(role)s decides this.") % {"role": role}
        )
    before = [decision.by for decision in request.decisions.select_related("by")]
    if any(other is not None and by.is_same_person(other) for other in [request.requested_by, *before]):
        raise Refused(
            "SAME_PERSON",
            _("You asked for this or decided it before: it takes another person to decide now."),
        )


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused("REASON_MISSING", _("Give a reason: it is kept with the decision."))
    if len(reason) > LONGEST_REASON:
        raise Refused(
            "REASON_TOO_LONG", _("A reason has at most %(limit)s characters.") % {"limit": LONGEST_REASON}
        )
    return reason


def _decide(request: Request, verdict: Verdict, *, by: User | None, reason: str, at: dt.datetime) -> Decision:
    return Decision.objects.create(
        request=request,
        stage=request.stage,
        by=by,
        organisation=None if by is None else by.organisation,
        verdict=verdict,
        reason=reason,
        at=at,
    )


def _end(request: Request, state: State, at: dt.datetime) -> None:
    request.state, request.decided_at = state, at
    request.save(update_fields=["state", "decided_at"])


def _attach(documents: Sequence[Document], request: Request, by: User) -> None:
    """Files of one's own that belong to no request yet."""
    ids = {document.pk for document in documents}
    free = Document.objects.filter(pk__in=ids, request=None, uploaded_by=by)
    if ids and free.update(request=request) != len(ids):
        raise Refused(
            "DOCUMENT_TAKEN", _("A document is missing or belongs to another request: upload it again.")
        )
