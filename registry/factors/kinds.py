"""A factor takes an issuer and a checker of the registry operator."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, register, registry_operator
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.factors import entering
from registry.factors.selectors import in_force
from registry.factors.shipped import ITEMS
from registry.factors.wording import ITEM_NAMES, UNIT_NAMES


class Factoring(Kind):
    name = entering.KIND
    title = gettext_lazy("Factor")
    initiator_roles = frozenset({User.Role.ISSUER.value})
    stages = (
        Stage(User.Role.CHECKER.value, registry_operator, gettext_lazy("Checker of the registry operator")),
    )

    def summary(self, request: Request) -> str:
        asked = request.payload
        item = ITEMS[asked["item"]]
        return _("%(item)s: %(value)s %(gives)s a unit (%(unit)s) from %(day)s on. Source: %(source)s") % {
            "item": ITEM_NAMES[item.code],
            "value": asked["value"],
            "gives": UNIT_NAMES[item.gives],
            "unit": UNIT_NAMES[item.unit],
            "day": asked["valid_from"],
            "source": asked["source"],
        }

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        asked = request.payload
        before = in_force(dt.date.fromisoformat(asked["valid_from"]) - dt.timedelta(days=1)).get(
            asked["item"]
        )
        return [(str(ITEM_NAMES[asked["item"]]), str(before.value) if before else "–", asked["value"])]

    def link(self, request: Request) -> str:
        return reverse("public_factors")

    def approved(self, request: Request, decision: Decision) -> None:
        entering.enter(request, decision.at)


register(Factoring())
