"""Issuing credits takes an issuer and a checker of the registry operator (registry-rules.md 2)."""

import datetime as dt

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, register, registry_operator
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.credits import issuing
from registry.models import Account


class CreditIssuing(Kind):
    name = issuing.KIND
    title = gettext_lazy("Issuance of credits")
    initiator_roles = frozenset({User.Role.ISSUER.value})
    stages = (
        Stage(User.Role.CHECKER.value, registry_operator, gettext_lazy("Checker of the registry operator")),
    )

    def summary(self, request: Request) -> str:
        asked = request.payload
        return _("%(quantity)s t of %(asset)s to %(owner)s: project %(project)s, %(from)s to %(to)s") % {
            "quantity": f"{asked['quantity_t']:,}",
            "asset": asked["asset"],
            "owner": request.about.name if request.about else "",
            "project": asked["project"],
            "from": asked["period_from"],
            "to": asked["period_to"],
        }

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        """The owner's holding now; once it has ended there is nothing left to foretell."""
        if request.state != Request.State.PENDING:
            return []
        asked = request.payload
        held = (
            Account.objects.filter(
                holder=request.about_id, asset=asked["asset"], purpose=Account.Purpose.REGISTRY
            ).aggregate(sum=Sum("balance"))["sum"]
            or 0
        )
        what = _("%(asset)s in the owner's registry holding") % {"asset": asked["asset"]}
        return [(what, f"{held:,} t", f"{held + asked['quantity_t']:,} t")]

    def link(self, request: Request) -> str:
        return reverse("credit_project", args=[request.payload["project"]])

    def approved(self, request: Request, decision: Decision) -> None:
        issuing.issue(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        issuing.drop(request)


register(CreditIssuing())
