"""What takes two people here: surrender, and decisions on shortfalls. Registered by `registry.apps`."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import (
    Kind,
    Stage,
    national_authority,
    own_organisation,
    province_of_about,
    register,
)
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.compliance import shortfalls, surrender
from registry.compliance.models import Surrender
from registry.words import grouped, yuan


class Surrendering(Kind):
    """Initiator of the giver → its approver → approver of the province of whose obligation it is."""

    name = surrender.KIND
    title = gettext_lazy("Surrender")
    initiator_roles = frozenset({User.Role.INITIATOR.value})
    stages = (
        Stage(User.Role.APPROVER.value, own_organisation, gettext_lazy("Approver of the giver")),
        Stage(User.Role.APPROVER.value, province_of_about, gettext_lazy("Province authority")),
    )

    def summary(self, request: Request) -> str:
        lines: dict[str, int] = request.payload["lines"]
        values = {
            "what": ", ".join(f"{asset} {grouped(qty)} t" for asset, qty in sorted(lines.items())),
            "year": request.payload["year"],
            "total": grouped(sum(lines.values())),
            "for": request.about.name if request.about else "",
            "by": request.organisation.name,
        }
        if request.about_id == request.organisation_id:
            return _("%(by)s surrenders %(total)s t for %(year)s: %(what)s") % values
        return _("%(by)s surrenders %(total)s t for %(for)s's obligation of %(year)s: %(what)s") % values

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        made = Surrender.objects.select_related("compliance_year").get(request=request)
        row = made.compliance_year
        obliged = row.obligation_t or 0
        before = row.surrendered_t - (made.quantity_t if made.state == Surrender.State.APPROVED else 0)
        after = before + made.quantity_t
        unit = "{} t".format
        return [
            (_("Surrendered for %(year)s") % {"year": row.year}, unit(grouped(before)), unit(grouped(after))),
            (
                _("Still to be surrendered"),
                unit(grouped(max(0, obliged - before))),
                unit(grouped(max(0, obliged - after))),
            ),
        ]

    def link(self, request: Request) -> str:
        return reverse("surrender", args=[request.payload["surrender"]])

    def approved(self, request: Request, decision: Decision) -> None:
        surrender.finish(request, decision)

    def released(self, request: Request, at: dt.datetime) -> None:
        surrender.give_back(request, at)


class DecidingShortfall(Kind):
    """Regulator of the emitter's province → approver of the national authority."""

    name = shortfalls.KIND
    title = gettext_lazy("Decision on a shortfall")
    initiator_roles = frozenset({User.Role.REGULATOR.value})
    stages = (
        Stage(
            User.Role.APPROVER.value, national_authority, gettext_lazy("Approver of the national authority")
        ),
    )
    #: the emitter reads a decision, not a draft of it
    about_may_see = False

    def summary(self, request: Request) -> str:
        wanted = request.payload
        return _("%(for)s, shortfall of %(year)s: fine %(fine)s yuan, deduction %(deduction)s t") % {
            "for": request.about.name if request.about else "",
            "year": wanted["year"],
            "fine": yuan(wanted["fine_fen"]),
            "deduction": grouped(wanted["deduction_t"]),
        }

    def link(self, request: Request) -> str:
        return reverse("shortfall", args=[request.payload["shortfall"]])

    def approved(self, request: Request, decision: Decision) -> None:
        shortfalls.decide(request, decision)

    def released(self, request: Request, at: dt.datetime) -> None:
        shortfalls.reopen(request)


register(Surrendering())
register(DecidingShortfall())
