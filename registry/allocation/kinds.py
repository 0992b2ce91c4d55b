"""What takes two people here: a plan of allocation, and an adjustment."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, register, registry_operator
from accounts.approvals.models import Decision, Request
from accounts.models import User
from accounts.provinces import province_name
from registry.allocation import adjustments, issuance
from registry.allocation.models import Adjustment, Plan
from registry.emitters.models import Sector
from registry.words import tonnes

MAKERS = frozenset({User.Role.ISSUER.value, User.Role.REGULATOR.value})
CHECKER = Stage(User.Role.CHECKER, registry_operator, gettext_lazy("Checker of the registry"))


class Allocating(Kind):
    """A plan is issued whole when its request is approved."""

    name = "allocation"
    title = gettext_lazy("Allocation plan")
    initiator_roles = MAKERS
    stages = (CHECKER,)

    def summary(self, request: Request) -> str:
        plan, asked = plan_of(request), request.payload
        said = _("%(stage)s of %(year)s, %(province)s, %(sector)s: %(emitters)s emitters, %(issue)s issued")
        words = said % {
            "stage": plan.get_stage_display(),
            "year": plan.year,
            "province": province_name(plan.province),
            "sector": Sector(plan.sector).label,
            "emitters": asked["emitters"],
            "issue": tonnes(asked["issue_t"]),
        }
        if asked["recall_t"]:
            words += _(", %(recall)s recalled") % {"recall": tonnes(asked["recall_t"])}
        return words

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        asked, asset = request.payload, plan_of(request).asset_id
        rows = [(_("Issued in %(asset)s") % {"asset": asset}, tonnes(0), tonnes(asked["issue_t"]))]
        for what, name in (
            (_("Recalled"), "recall_t"),
            (_("Deducted for adjustments"), "deducted_t"),
            (_("Given back to adjustments"), "returned_t"),
        ):
            if asked[name]:
                rows.append((what, tonnes(0), tonnes(asked[name])))
        if asked["differentiated"]:
            rows.append((_("Emitters issued to the province's account"), "0", str(asked["differentiated"])))
        return rows

    def link(self, request: Request) -> str:
        return reverse("allocation_plan", args=[request.payload["plan"]])

    def approved(self, request: Request, decision: Decision) -> None:
        issuance.issue(request.payload["plan"], at=decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        """Refused, it is over; taken back, it is a draft again."""
        plan = plan_of(request)
        refused = request.state == Request.State.REFUSED
        plan.state = Plan.State.REFUSED if refused else Plan.State.DRAFT
        if not refused:
            plan.request = None
        plan.save(update_fields=["state", "request"])


class Adjusting(Kind):
    """Tonnes to be deducted from what an emitter will be issued."""

    name = "adjustment"
    title = gettext_lazy("Adjustment of allocation")
    initiator_roles = MAKERS
    stages = (CHECKER,)

    def summary(self, request: Request) -> str:
        asked = request.payload
        said = _("%(tonnes)s are deducted from what %(who)s is issued for %(year)s or later: %(ground)s")
        return said % {
            "tonnes": tonnes(asked["tonnes"]),
            "who": request.about.name if request.about else "",
            "year": asked["year"],
            "ground": Adjustment.Ground(asked["ground"]).label,
        }

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        return [(_("To be deducted"), tonnes(0), tonnes(request.payload["tonnes"]))]

    def link(self, request: Request) -> str:
        return reverse("adjustment", args=[request.payload["adjustment"]])

    def approved(self, request: Request, decision: Decision) -> None:
        adjustments.approve(request, at=decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        adjustments.refuse(request, at=at)


def plan_of(request: Request) -> Plan:
    return Plan.objects.get(pk=request.payload["plan"])


register(Allocating())
register(Adjusting())
