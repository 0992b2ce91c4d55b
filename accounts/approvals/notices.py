"""Telling people: one line on their page, and the same by e-mail."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.approvals.kinds import kind_of
from accounts.approvals.models import Notice, Request
from accounts.models import User

logger = logging.getLogger(__name__)

WAITING = "waiting"
STAGE_APPROVED = "stage_approved"
APPROVED = "approved"
REFUSED = "refused"
EXPIRED = "expired"

#: Words of a notice by its kind. Another app adds its own kinds here; places are filled from `params`.
WORDS: dict[str, Any] = {
    WAITING: _("Waits for your decision: %(what)s"),
    STAGE_APPROVED: _("One stage approved, the next waits: %(what)s"),
    APPROVED: _("Approved: %(what)s"),
    REFUSED: _("Refused: %(what)s"),
    EXPIRED: _("Expired undecided: %(what)s"),
}


def notify(
    to: Iterable[User],
    kind: str,
    *,
    at: dt.datetime,
    request: Request | None = None,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Leaves a notice for each of them; e-mail follows after the commit. `kind` is one of WORDS."""
    assert kind in WORDS, kind
    rows = [Notice(to=user, request=request, kind=kind, params=dict(params or {}), at=at) for user in to]
    if rows:
        Notice.objects.bulk_create(rows)
        transaction.on_commit(ring)


def words_of(notice: Notice) -> str:
    """The line, in the active language."""
    params = dict(notice.params)
    if notice.request is not None:
        params["what"] = kind_of(notice.request.kind).summary(notice.request)
    try:
        return str(WORDS[notice.kind]) % params
    except KeyError:
        return notice.kind


def tell_deciders(request: Request, at: dt.datetime) -> None:
    """Everybody who may decide the present stage."""
    decided = User.objects.filter(decisions__request=request)
    humans = {person.person for person in [request.requested_by, *decided]} - {""}
    people = (
        User.objects.filter(
            organisation=request.decider_id, roles__contains=[request.decider_role], is_active=True
        )
        .exclude(pk=request.requested_by_id)
        .exclude(decisions__request=request)
        .exclude(person__in=humans)
    )
    notify(people, WAITING, at=at, request=request)


def tell_requester(request: Request, kind: str, at: dt.datetime) -> None:
    notify([request.requested_by], kind, at=at, request=request)


def ring() -> None:
    """Wakes the worker that sends e-mail. A ring that is lost delays: beat looks for what was not sent."""
    from accounts.tasks import mail_notices

    try:
        mail_notices.apply_async(retry=False)
    except (OperationalError, OSError):
        logger.warning("the broker is away: beat will send the notices")
