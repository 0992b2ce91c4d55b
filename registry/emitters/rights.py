"""Who sees which emitter, and who changes it (registry-rules.md 2; domain.md 4.5).

A province sees and changes its own, the nation and the registry's operator see all, an emitter sees itself.
Whatever a reader may not see does not exist for it.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from registry.emitters.models import Emitter

Kind, Role = Organisation.Kind, User.Role
OFFICE_ROLES = (Role.REGULATOR, Role.APPROVER)
OPERATOR_ROLES = (Role.ISSUER, Role.CHECKER)


def sees_all(user: User) -> bool:
    """National authority, registry operator."""
    kind = user.organisation.kind
    return (kind == Kind.NATIONAL and user.has_role(*OFFICE_ROLES)) or (
        kind == Kind.REGISTRY and user.has_role(*OPERATOR_ROLES)
    )


def is_of_province(user: User) -> bool:
    return user.organisation.kind == Kind.PROVINCE and user.has_role(*OFFICE_ROLES)


def visible(user: User) -> QuerySet[Emitter]:
    """The emitters that this person may read."""
    found = Emitter.objects.select_related("organisation")
    if sees_all(user):
        return found
    if is_of_province(user) and user.organisation.province:
        return found.filter(organisation__province=user.organisation.province)
    if user.organisation.kind == Kind.EMITTER:
        return found.filter(organisation=user.organisation)
    return found.none()


def oversees(user: User) -> bool:
    """Whether the lists of many emitters are for this person."""
    return sees_all(user) or is_of_province(user)


def edits_province(user: User) -> str:
    """The province whose emitters this person enters and changes; empty where there is none."""
    own = user.organisation
    active = own.status == Organisation.Status.ACTIVE
    return own.province if active and own.kind == Kind.PROVINCE and user.has_role(Role.REGULATOR) else ""


def require_editor(user: User, province: str) -> None:
    """Raises Refused (ROLE_MISSING, NOT_YOURS) unless the person changes emitters of this province."""
    own = edits_province(user)
    if not own:
        words = _("Only a regulator of the emitter's province may do this.")
        raise Refused("ROLE_MISSING", words)
    if own != province:
        raise Refused("NOT_YOURS", _("This emitter is of another province; its own authority changes it."))


def keeps_records(user: User, province: str) -> bool:
    """Whether the person adds and changes emitters and units of this province, without an import.

    Its own regulators, and the registry's issuers everywhere (domain.md 4.1: the province reviews, the registry
    changes the record). Verified figures and the list of a year stay the province's.
    """
    return keeps_all_records(user) or (bool(province) and edits_province(user) == province)


def keeps_all_records(user: User) -> bool:
    own = user.organisation
    active = own.status == Organisation.Status.ACTIVE
    return active and own.kind == Kind.REGISTRY and user.has_role(Role.ISSUER)


def require_keeper(user: User, province: str) -> None:
    """Raises Refused (ROLE_MISSING, NOT_YOURS) unless the person keeps the records of this province."""
    if not keeps_all_records(user):
        require_editor(user, province)
