"""Which roles there are in which kind of organisation, and which of them one person alone cannot give.

registry-rules.md 2: insiders never trade, so that an authority has no trader; what decides takes two people.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import WrongField
from accounts.models import Organisation, User

Kind, Role = Organisation.Kind, User.Role

MEMBER = (Role.VIEWER, Role.TRADER, Role.INITIATOR, Role.APPROVER, Role.ADMINISTRATOR)
AUTHORITY = (Role.VIEWER, Role.REGULATOR, Role.INITIATOR, Role.APPROVER, Role.ADMINISTRATOR)
OF_KIND: dict[str, tuple[User.Role, ...]] = {
    Kind.EMITTER: MEMBER,
    Kind.INSTITUTION: MEMBER,
    Kind.INDIVIDUAL: MEMBER,
    Kind.PROVINCE: AUTHORITY,
    Kind.NATIONAL: AUTHORITY,
    Kind.REGISTRY: (
        Role.VIEWER, Role.ISSUER, Role.CHECKER, Role.INITIATOR, Role.APPROVER, Role.ADMINISTRATOR,
    ),
    Kind.EXCHANGE: (Role.VIEWER, Role.OPERATOR, Role.INITIATOR, Role.APPROVER, Role.ADMINISTRATOR),
    Kind.VERIFIER: (Role.VIEWER, Role.INITIATOR, Role.APPROVER, Role.ADMINISTRATOR),
    Kind.BANK: (Role.VIEWER, Role.INITIATOR, Role.APPROVER, Role.ADMINISTRATOR),
    Kind.ANALYST: (Role.VIEWER, Role.ANALYST, Role.ADMINISTRATOR),
}  # fmt: skip
#: What decides, acts for an authority or an operator, or appoints others. `guards.DECIDING_SQL` says the same.
DECIDING = frozenset({
    Role.APPROVER, Role.ADMINISTRATOR, Role.REGULATOR, Role.ISSUER, Role.CHECKER, Role.OPERATOR,
})  # fmt: skip
#: What an organisation's first person gets with the opening; everybody else is then invited.
FIRST: dict[str, tuple[User.Role, ...]] = {
    Kind.INDIVIDUAL: (Role.TRADER, Role.ADMINISTRATOR),
    Kind.PROVINCE: (Role.REGULATOR, Role.ADMINISTRATOR),
    Kind.NATIONAL: (Role.REGULATOR, Role.ADMINISTRATOR),
    Kind.EXCHANGE: (Role.OPERATOR, Role.ADMINISTRATOR),
    Kind.ANALYST: (Role.ANALYST, Role.ADMINISTRATOR),
}


def choices_of(organisation: Organisation) -> list[tuple[str, str]]:
    return [(role.value, str(role.label)) for role in OF_KIND[organisation.kind]]


def first_of(kind: str) -> list[str]:
    return [role.value for role in FIRST.get(kind, (Role.ADMINISTRATOR,))]


def checked(organisation: Organisation, roles: Iterable[str]) -> list[str]:
    """The roles in their order, each once. Raises WrongField `WRONG_ROLES` for none, or one that is not for it."""
    wanted = set(roles)
    if not wanted:
        raise WrongField("roles", "WRONG_ROLES", _("Choose at least one role."))
    possible = [role.value for role in OF_KIND[organisation.kind]]
    if not wanted <= set(possible):
        raise WrongField(
            "roles", "WRONG_ROLES", _("An organisation of this kind has no such role: choose from the list.")
        )
    return [role for role in possible if role in wanted]


def take_a_second_person(roles: Iterable[str]) -> bool:
    return not DECIDING.isdisjoint(roles)


def names_of(roles: Iterable[str]) -> str:
    """In words, for people."""
    return ", ".join(str(Role(role).label) for role in roles) or "–"
