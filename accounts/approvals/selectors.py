"""Who sees which requests, and what waits for whom."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from accounts.approvals.kinds import kind_of, kinds
from accounts.approvals.models import Decision, Notice, Request
from accounts.models import Organisation, User

WITH = ("organisation", "about", "requested_by", "decider")


@dataclass(frozen=True)
class Event:
    """One line of a request's history. `verdict` is `asked` for its beginning; `by` empty where time ended it."""

    at: dt.datetime
    verdict: str
    by: User | None
    organisation: Organisation | None
    reason: str
    stage: str


def waiting_for(user: User) -> QuerySet[Request]:
    """What this person can decide now, the oldest deadline first."""
    if not user.is_active or user.organisation.status != Organisation.Status.ACTIVE:
        return Request.objects.none()
    accounts = _accounts_of(user)
    return (
        Request.objects.filter(
            state=Request.State.PENDING, decider=user.organisation_id, decider_role__in=user.roles
        )
        .exclude(requested_by__in=accounts)
        .exclude(pk__in=Decision.objects.filter(by__in=accounts).values("request"))
        .select_related(*WITH)
        .order_by(F("expires_at").asc(nulls_last=True), "requested_at", "pk")
    )


def sent_by(sender: User | Organisation) -> QuerySet[Request]:
    """What a person, or an organisation's people, asked for, the newest first."""
    of = Q(requested_by=sender) if isinstance(sender, User) else Q(organisation=sender)
    return Request.objects.filter(of).select_related(*WITH).order_by("-pk")


def visible_to(user: User) -> QuerySet[Request]:
    """All that this person may read (registry-rules.md 2).

    One's organisation's own; what is about it, unless that would warn it; what it decides or decided; for a
    province what concerns its organisations; for the national authority and the registry operator everything.
    """
    if not user.is_active:
        return Request.objects.none()
    house = user.organisation
    found = Request.objects.select_related(*WITH)
    if house.kind in {Organisation.Kind.NATIONAL, Organisation.Kind.REGISTRY}:
        return found
    quiet = [kind.name for kind in kinds() if not kind.about_may_see]
    seen = (
        Q(organisation=house)
        | Q(decider=house)
        | Q(pk__in=Decision.objects.filter(organisation=house).values("request"))
        | (Q(about=house) & (~Q(kind__in=quiet) | Q(state=Request.State.APPROVED)))
    )
    if house.kind == Organisation.Kind.PROVINCE and house.province:
        seen |= Q(about__province=house.province) | Q(about=None, organisation__province=house.province)
    return found.filter(seen)


def may_see(user: User, request: Request) -> bool:
    return visible_to(user).filter(pk=request.pk).exists()


def may_decide(user: User, request: Request) -> bool:
    """Whether `approve` and `refuse` would be his to call now."""
    return waiting_for(user).filter(pk=request.pk).exists()


def history(request: Request) -> list[Event]:
    """Who did what with it, from the asking to the last decision."""
    stages = kind_of(request.kind).stages
    asked = Event(
        request.requested_at, "asked", request.requested_by, request.organisation, request.reason, ""
    )
    return [asked] + [
        Event(row.at, row.verdict, row.by, row.organisation, row.reason, str(stages[row.stage].name))
        for row in request.decisions.select_related("by", "organisation").order_by("stage")
    ]


def unread(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user, read_at=None)


def _accounts_of(user: User) -> QuerySet[User]:
    """All accounts of this natural person."""
    same = Q(pk=user.pk) | (Q(person=user.person) if user.person else Q(pk__in=[]))
    return User.objects.filter(same)
