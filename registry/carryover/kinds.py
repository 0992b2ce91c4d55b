"""What takes two people and the province here: carry-over."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, province_of_about, register
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.carryover import applications
from registry.custody.kinds import OWN_APPROVER
from registry.ledger.models import Account
from registry.words import lines_in_words, tonnes


class CarryingOver(Kind):
    """Initiator of the emitter → its approver → approver of its province."""

    name = applications.CARRY_OVER
    title = gettext_lazy("Carry-over")
    initiator_roles = frozenset({User.Role.INITIATOR.value})
    stages = (
        OWN_APPROVER,
        Stage(User.Role.APPROVER, province_of_about, gettext_lazy("Province authority")),
    )

    def summary(self, request: Request) -> str:
        lines: dict[str, int] = request.payload["lines"]
        return _("%(name)s carries %(total)s over into %(target)s: %(lines)s") % {
            "name": request.organisation.name, "total": tonnes(sum(lines.values())),
            "target": request.payload["target"], "lines": lines_in_words(lines),
        }  # fmt: skip

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        lines: dict[str, int] = request.payload["lines"]
        target = request.payload["target"]
        return [
            (lines_in_words(lines), str(Account.Purpose.PENDING.label), str(Account.Purpose.CONVERTED.label)),
            (target, tonnes(0), "+" + tonnes(sum(lines.values()))),
        ]

    def link(self, request: Request) -> str:
        return reverse("carry_over")

    def approved(self, request: Request, decision: Decision) -> None:
        applications.carry_now(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        applications.give_back(request, at)


register(CarryingOver())
