"""The one place where a look at another organisation's data is written down."""

from accounts import clock
from accounts.models import Organisation, User
from registry.oversight.models import Look


def record_look(user: User, organisation: Organisation, what: str) -> None:
    """Keeps that this person was shown `what` of this organisation; nothing where it is the person's own."""
    if user.organisation_id != organisation.pk:
        Look.objects.create(user=user, organisation=organisation, what=what, at=clock.now())
