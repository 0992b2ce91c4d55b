"""Reads of carbon inclusion: a person's own, an operator's scenes, sums for the registry and for everybody.

Records are the person's alone. Everybody else reads sums, and no sum of fewer than `FEWEST` persons.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from accounts.models import Organisation, User
from registry.inclusion.models import (
    ActivityImport,
    ActivityRecord,
    PersonalAccount,
    PointEntry,
    Reward,
    Scene,
)
from registry.models import CreditIssue

#: A sum of fewer would tell of one person.
FEWEST = 10
OFFICES = frozenset({Organisation.Kind.REGISTRY, Organisation.Kind.NATIONAL})


def scenes() -> QuerySet[Scene]:
    return Scene.objects.select_related("project__owner").order_by("project__code")


def scenes_seen_by(user: User) -> QuerySet[Scene]:
    """With their imports and reviews: an operator its own, the offices all; a person none."""
    if user.organisation.kind in OFFICES:
        return scenes()
    return scenes().filter(project__owner=user.organisation_id)


def closed_periods(scene: Scene) -> list[tuple[dt.date, dt.date]]:
    """Periods whose reductions are issued or asked for, the earliest first."""
    issues = CreditIssue.objects.filter(project=scene.project_id).exclude(state=CreditIssue.State.REFUSED)
    return list(issues.order_by("period_from").values_list("period_from", "period_to"))


def imports_seen_by(user: User) -> QuerySet[ActivityImport]:
    """Files are their operator's own."""
    found = ActivityImport.objects.defer("content").select_related(
        "scene__project__owner", "uploaded_by", "request"
    )
    return found.filter(scene__project__owner=user.organisation_id).order_by("-pk")


def records_of(account: PersonalAccount) -> QuerySet[ActivityRecord]:
    """One's own, the latest first."""
    return account.records.select_related("scene__project__owner").order_by("-day", "-pk")


def points_of(account: PersonalAccount) -> QuerySet[PointEntry]:
    return account.points.select_related("reward", "source__scene__project").order_by("-number")


def reduced_g(account: PersonalAccount) -> int:
    return int(account.records.aggregate(sum=Sum("reduction_g"))["sum"] or 0)


def rewards(today: dt.date) -> QuerySet[Reward]:
    """What is to be had today, the cheapest first."""
    return Reward.objects.exclude(ended_on__lte=today).order_by("points", "code")


@dataclass(frozen=True, slots=True)
class SceneTotals:
    """Grams, whole tonnes. `accounts`, `records` and `reduction_g` are None where fewer than FEWEST took part."""

    scene: Scene
    accounts: int | None
    records: int | None
    reduction_g: int | None
    issued_t: int


def totals() -> list[SceneTotals]:
    """Public: each scene's sums, in two statements."""
    counted = {
        row["scene"]: row
        for row in ActivityRecord.objects.values("scene").annotate(
            accounts=Count("account", distinct=True), records=Count("pk"), grams=Sum("reduction_g")
        )
    }
    issued = dict(
        CreditIssue.objects.filter(project__scene__isnull=False, state=CreditIssue.State.ISSUED)
        .values_list("project")
        .annotate(sum=Sum("quantity_t"))
    )
    found = []
    for scene in scenes():
        row = counted.get(scene.pk, {"accounts": 0, "records": 0, "grams": 0})
        enough = row["accounts"] >= FEWEST or not row["records"]
        found.append(
            SceneTotals(
                scene, row["accounts"] if enough else None, row["records"] if enough else None,
                int(row["grams"]) if enough else None, issued.get(scene.project_id, 0),
            )
        )  # fmt: skip
    return found
