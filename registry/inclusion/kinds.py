"""A file of acts takes two people of the scene's operator; a conversion is an issuance of credits."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, own_organisation, register
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.inclusion import importing
from registry.inclusion.wording import kilograms
from registry.words import grouped


class ActivityImporting(Kind):
    """Initiator → approver of the operator. The request names no person."""

    name = importing.KIND
    title = gettext_lazy("Activity records")
    initiator_roles = frozenset({User.Role.INITIATOR.value})
    stages = (Stage(User.Role.APPROVER.value, own_organisation, gettext_lazy("Approver of the operator")),)
    lifetime = dt.timedelta(days=30)

    def summary(self, request: Request) -> str:
        asked = request.payload
        return _("%(scene)s: %(new)s new records of %(accounts)s accounts, %(kg)s kg reduced, %(points)s points (%(file)s)") % {
            "scene": asked["scene"], "new": grouped(asked["new"]), "accounts": grouped(asked["accounts"]),
            "kg": kilograms(asked["reduction_g"]), "points": grouped(asked["points"]), "file": asked["file"],
        }  # fmt: skip

    def link(self, request: Request) -> str:
        return reverse("activity_import", args=[request.payload["import"]])

    def approved(self, request: Request, decision: Decision) -> None:
        importing.apply(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        importing.release(request)


register(ActivityImporting())
