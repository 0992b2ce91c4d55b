"""Reductions of a period into SHCER: whole tonnes, by two people, each gram once (registry-rules.md 6).

A period begins where the one before ended, and is closed to further records while it waits and once it is issued.
What is less than a tonne is carried into the next period of the scene. The units go to the scene's operator, which
gathers what its users reduced and rewards them with points.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Document
from accounts.models import User
from registry.compliance.selectors import day_of
from registry.credits import issuing
from registry.credits.projects import WrongFields, require_issuer
from registry.inclusion.methodologies import GRAMS_A_TONNE
from registry.inclusion.models import Conversion, Scene
from registry.inclusion.selectors import closed_periods
from registry.models import CreditIssue


@dataclass(frozen=True, slots=True)
class Period:
    """What a conversion of these days takes. Grams."""

    first: dt.date
    last: dt.date
    records: int
    accounts: int
    reductions_g: int
    carried_in_g: int

    @property
    def quantity_t(self) -> int:
        return (self.carried_in_g + self.reductions_g) // GRAMS_A_TONNE

    @property
    def carried_out_g(self) -> int:
        return (self.carried_in_g + self.reductions_g) % GRAMS_A_TONNE


def period_of(scene: Scene, last: dt.date) -> Period:
    """The next period of a scene until a day: what is counted in it, and what was left over before."""
    closed = closed_periods(scene)
    first = closed[-1][1] + dt.timedelta(days=1) if closed else scene.opened_on
    found = scene.records.filter(day__gte=first, day__lte=last).aggregate(
        records=Count("pk"), accounts=Count("account", distinct=True), grams=Sum("reduction_g")
    )
    before = (
        Conversion.objects.filter(issue__project=scene.project_id, issue__state=CreditIssue.State.ISSUED)
        .order_by("-issue__period_to")
        .first()
    )
    return Period(
        first, last, found["records"], found["accounts"], int(found["grams"] or 0),
        before.carried_out_g if before else 0,
    )  # fmt: skip


@transaction.atomic
def submit(
    scene: Scene,
    *,
    until: dt.date,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> Conversion:
    """Asks for the reductions of the next period, `until` included; a checker decides.

    Raises Refused `ROLE_MISSING`, and what `verbs.submit` refuses; WrongFields.
    """
    require_issuer(by)
    # Files are applied under the same lock: what is counted here is what the period holds.
    scene = Scene.objects.select_for_update(of=("self",)).select_related("project__owner").get(pk=scene.pk)
    if scene.project.issues.filter(state=CreditIssue.State.WAITING).exists():
        raise WrongFields({"until": _("A conversion of this scene waits for its decision: one at a time.")})
    if until >= day_of(at):
        raise WrongFields({"until": _("This day is not over yet: choose an earlier one.")})
    period = period_of(scene, until)
    if until < period.first:
        raise WrongFields({"until": _("This day lies in a period that is closed: choose a later one.")})
    if not period.records or not period.quantity_t:
        raise WrongFields({"until": _("Less than a tonne was reduced until then: choose a later day.")})
    issue = issuing.submit(
        scene.project, period_from=period.first, period_to=until, verified_t=period.quantity_t,
        quantity_t=period.quantity_t, by=by, reason=reason, at=at, documents=documents, counted=True,
    )  # fmt: skip
    return Conversion.objects.create(
        issue=issue, records=period.records, reductions_g=period.reductions_g,
        carried_in_g=period.carried_in_g, quantity_t=period.quantity_t, carried_out_g=period.carried_out_g,
    )  # fmt: skip
