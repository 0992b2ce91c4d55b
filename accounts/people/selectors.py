"""Who sees which people, invitations and changes."""

from django.db.models import QuerySet

from accounts.models import Organisation, User
from accounts.people.models import Change, Invitation

Kind = Organisation.Kind
OPEN_STATES = (Invitation.State.WAITING, Invitation.State.OPEN)


def people_of(house: Organisation) -> QuerySet[User]:
    """Who acts for it, and who did: those who left come last."""
    return User.objects.filter(organisation=house).order_by("-is_active", "email")


def open_invitations(house: Organisation) -> QuerySet[Invitation]:
    found = Invitation.objects.filter(organisation=house, state__in=OPEN_STATES)
    return found.select_related("invited_by", "request").order_by("-pk")


def changes_of(house: Organisation) -> QuerySet[Change]:
    """The newest first."""
    return (
        Change.objects.filter(organisation=house)
        .select_related("by__organisation", "person", "request", "organisation")
        .order_by("-pk")
    )


def identities_of(house: Organisation) -> dict[int, str]:
    """Masked documents by the person's id, of those who came by invitation."""
    rows = Invitation.objects.filter(organisation=house, user__isnull=False).order_by("pk")
    return {
        row.user_id: f"{row.get_identity_kind_display()} {row.identity_shown}"
        for row in rows
        if row.user_id is not None
    }


def oversees_people(user: User) -> bool:
    """Registry operators and authorities look at organisations; a province at those of its own."""
    return user.organisation.kind in {Kind.REGISTRY, Kind.NATIONAL, Kind.PROVINCE}


def organisations_seen_by(user: User) -> QuerySet[Organisation]:
    """All for the registry operator and the nation, a province's for its authority, the own one for everybody."""
    house = user.organisation
    found = Organisation.objects.order_by("code")
    if house.kind in {Kind.REGISTRY, Kind.NATIONAL}:
        return found
    if house.kind == Kind.PROVINCE and house.province:
        return found.filter(province=house.province)
    return found.filter(pk=house.pk)
