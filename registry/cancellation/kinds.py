"""What takes two people here: voluntary cancellation."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, register
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.cancellation import cancelling
from registry.custody.kinds import OWN_APPROVER, moved
from registry.words import lines_in_words


class Cancelling(Kind):
    """Initiator → approver of the same organisation."""

    name = cancelling.CANCELLATION
    title = gettext_lazy("Voluntary cancellation")
    initiator_roles = frozenset({User.Role.INITIATOR.value})
    stages = (OWN_APPROVER,)

    def summary(self, request: Request) -> str:
        asked = request.payload
        return _("%(name)s cancels %(lines)s for good, for %(beneficiary)s: %(purpose)s") % {
            "name": request.organisation.name, "lines": lines_in_words(asked["lines"]),
            "beneficiary": asked["beneficiary"], "purpose": asked["purpose"],
        }  # fmt: skip

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        return moved(request.payload["lines"], "registry", "cancelled")

    def link(self, request: Request) -> str:
        return reverse("cancellation", args=[request.cancellation.pk])

    def approved(self, request: Request, decision: Decision) -> None:
        cancelling.cancel_now(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        cancelling.give_back(request, at)


register(Cancelling())
