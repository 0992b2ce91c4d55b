"""What became of an alert: explained, escalated, open again. Each step by a person, with a reason, kept for ever.

    open ──explain──▶ explained ──reopen──▶ open
    open ──escalate─▶ escalated ──explain─▶ explained      by the national authority alone

The exchange watches first; what it passes on is the authority's to settle. The database refuses every other step.
"""

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from market_data.surveillance import rights
from market_data.surveillance.models import Alert, AlertStep

State = Alert.State
LONGEST_REASON = 2_000


class StepRefused(Exception):
    """The step cannot be taken; `code` for programs, the text for people. Nothing changed."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def explain(alert: Alert, *, by: User, reason: str, at: dt.datetime) -> AlertStep:
    """Says why it is no matter, or how it ended. Raises as `step` does."""
    return _step(alert, {State.OPEN, State.ESCALATED}, State.EXPLAINED, by=by, reason=reason, at=at)


def escalate(alert: Alert, *, by: User, reason: str, at: dt.datetime) -> AlertStep:
    """Passes it on to the authority. Raises as `step` does."""
    return _step(alert, {State.OPEN}, State.ESCALATED, by=by, reason=reason, at=at)


def reopen(alert: Alert, *, by: User, reason: str, at: dt.datetime) -> AlertStep:
    """Takes an explanation back. Raises as `step` does."""
    return _step(alert, {State.EXPLAINED}, State.OPEN, by=by, reason=reason, at=at)


def note(alert: Alert, *, by: User, reason: str, at: dt.datetime) -> AlertStep:
    """Adds words without another state. Raises as `step` does."""
    return _step(alert, set(State), None, by=by, reason=reason, at=at)


STEPS: dict[str, Callable[..., AlertStep]] = {
    "explain": explain,
    "escalate": escalate,
    "reopen": reopen,
    "note": note,
}


def possible(alert: Alert, user: User) -> list[str]:
    """The steps that this person can take now."""
    if not rights.decides(user):
        return []
    settles = alert.state != State.ESCALATED or rights.is_authority(user)
    steps = {
        State.OPEN: ["explain", "escalate"],
        State.EXPLAINED: ["reopen"],
        State.ESCALATED: ["explain"] if settles else [],
    }[State(alert.state)]
    return [*steps, "note"]


@transaction.atomic
def _step(
    alert: Alert, before: set[State], after: State | None, *, by: User, reason: str, at: dt.datetime
) -> AlertStep:
    """One step, with the alert's row locked. `after` None keeps the state.

    Raises PermissionDenied, StepRefused `REASON_MISSING`, `REASON_TOO_LONG`, `NOT_POSSIBLE`, `AUTHORITY_SETTLES`.
    """
    if not rights.decides(by):
        raise PermissionDenied(_("Only regulators of the nation and operators of the exchange do this."))
    reason = _checked(reason)
    locked = Alert.objects.select_for_update().get(pk=alert.pk)
    state = State(locked.state)
    if state not in before:
        detail = _("The alert is %(state)s: this step is not possible.") % {"state": state.label}
        raise StepRefused("NOT_POSSIBLE", detail)
    if after is not None and state == State.ESCALATED and not rights.is_authority(by):
        raise StepRefused(
            "AUTHORITY_SETTLES", _("What was escalated, the national authority settles; you can add a note.")
        )
    after = after or state
    Alert.objects.filter(pk=locked.pk).update(state=after)
    alert.state = after
    return AlertStep.objects.create(
        alert=locked, before=state, after=after, reason=reason, by=by, organisation=by.organisation, at=at
    )


def _checked(reason: str) -> str:
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise StepRefused("REASON_MISSING", _("Give a reason: it is kept with the alert."))
    if len(reason) > LONGEST_REASON:
        detail = _("A reason has at most %(limit)s characters.") % {"limit": LONGEST_REASON}
        raise StepRefused("REASON_TOO_LONG", detail)
    return reason
