"""The checker's approval of a plan, given to a worker so that a page can show how far it is.

Decision and issuance are one transaction (accounts/approvals), and that is quick enough for a request of the web;
the worker does exactly the same. Stopped in the middle, it leaves nothing: the plan still waits.
"""

import datetime as dt

from accounts.approvals import kinds, verbs
from accounts.approvals.errors import Refused
from accounts.models import User
from registry.allocation import progress
from registry.allocation.models import Plan
from registry.allocation.progress import Progress


def approve(plan: Plan, *, by: User, reason: str, at: dt.datetime) -> Progress:
    """Approves the plan's request and thereby issues it; tells the page each step, and how it ended.

    Raises only what is a bug; a refusal is an ending like another.
    """
    assert plan.request_id is not None, "only what was sent is approved"
    try:
        verbs.approve(plan.request_id, by=by, reason=reason, at=at)
        ended = Progress("done")
    except Exception as error:
        refusal = kinds.refusal_of(error)
        if refusal is None:
            progress.tell(plan.pk, Progress("failed"))
            raise
        ended = Progress("refused", words=refusal.detail)
    progress.tell(plan.pk, ended)
    return ended


def check(plan: Plan, *, by: User, reason: str) -> None:
    """What the page can say at once, before a worker is asked. Raises Refused."""
    from django.utils.translation import gettext as _

    from accounts.approvals import selectors

    if plan.request is None or not selectors.may_decide(by, plan.request):
        raise Refused("NOT_YOURS", _("This plan does not wait for your decision."))
    if not reason.strip():
        raise Refused("REASON_MISSING", _("Give a reason: it is kept with the decision."))
