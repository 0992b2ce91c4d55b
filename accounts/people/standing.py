"""Who may do something with an organisation and its people, read anew while the organisation's row is held.

The row is held by whoever changes people, so that of two administrators who remove each other one comes too late.
"""

from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import Organisation, User

Kind, Role, Status = Organisation.Kind, User.Role, Organisation.Status
#: Whose people never act for a trading member (domain.md 0.3: regulators, operators, who verifies).
INSIDERS = frozenset({Kind.PROVINCE, Kind.NATIONAL, Kind.REGISTRY, Kind.EXCHANGE, Kind.VERIFIER})


def held(house: Organisation) -> Organisation:
    """Its row as it is now, which nobody else changes until the transaction ends (rank 1, decision 003)."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=house.pk)


def acts_as_administrator(by: User, *, also_suspended: bool = False) -> Organisation:
    """The own organisation, held. Raises Refused: `ROLE_MISSING`, `SUSPENDED`."""
    house = held(by.organisation)
    _refuse_without(by, Role.ADMINISTRATOR, _("Only an administrator of the organisation may do this."))
    if house.status == Status.CLOSED or (house.status == Status.SUSPENDED and not also_suspended):
        raise Refused(
            "SUSPENDED", _("Your organisation is suspended or closed: its people stay as they are.")
        )
    return house


def acts_as_issuer(by: User) -> None:
    """Raises Refused: `ROLE_MISSING`, `SUSPENDED`."""
    words = _("Only an issuer of the registry may do this.")
    _refuse_without(by, Role.ISSUER, words)
    house = Organisation.objects.get(pk=by.organisation_id)
    if house.kind != Kind.REGISTRY:
        raise Refused("ROLE_MISSING", words)
    if house.status != Status.ACTIVE:
        raise Refused(
            "SUSPENDED", _("Your organisation is suspended or closed: its people stay as they are.")
        )


def refuse_closed(house: Organisation) -> None:
    """Raises Refused `CLOSED`."""
    if house.status == Status.CLOSED:
        raise Refused("CLOSED", _("This account is closed."))


def administrators(house: Organisation) -> list[User]:
    return list(
        User.objects.filter(organisation=house, is_active=True, roles__contains=[Role.ADMINISTRATOR.value])
    )


def has_second_administrator(house: Organisation, by: User) -> bool:
    """Whether somebody of the own house can decide what an administrator asks for."""
    return any(not other.is_same_person(by) for other in administrators(house))


def refuse_last_administrator(house: Organisation, leaving: User) -> None:
    """Raises Refused `LAST_ADMINISTRATOR`. The organisation is held."""
    if leaving.is_active and leaving.has_role(Role.ADMINISTRATOR) and len(administrators(house)) < 2:
        raise Refused(
            "LAST_ADMINISTRATOR",
            _("This is the only administrator of the organisation: appoint another one first."),
        )


def refuse_double(house: Organisation, person: str) -> None:
    """Nobody is twice in one organisation, and nobody of an authority or operator acts for a trading member.

    registry-rules.md 2: two people are two humans; insiders never trade. Raises Refused `PERSON_HERE`, `INSIDER`.
    """
    others = User.objects.filter(person=person, is_active=True).select_related("organisation")
    for other in others:
        if other.organisation_id == house.pk:
            raise Refused(
                "PERSON_HERE",
                _("This person has an account in the organisation already: change the roles of that one."),
            )
        kinds = {other.organisation.kind, house.kind}
        if kinds & INSIDERS and kinds & Organisation.TRADING_KINDS:
            raise Refused(
                "INSIDER",
                _(
                    "This person acts for an authority, operator or verifier, or for a trading member, already: nobody does both."
                ),
            )


def checked_reason(reason: str) -> str:
    """Raises Refused: `REASON_MISSING`, `REASON_TOO_LONG`."""
    text = reason.strip()
    if not text:
        raise Refused("REASON_MISSING", _("Give a reason: it is kept with the change."))
    if len(text) > LONGEST_REASON:
        raise Refused(
            "REASON_TOO_LONG", _("A reason has at most %(limit)s characters.") % {"limit": LONGEST_REASON}
        )
    return text


def _refuse_without(by: User, role: str, words: object) -> None:
    """Roles and standing as they are in the database now, not as the session remembers them."""
    now = User.objects.filter(pk=by.pk).values_list("is_active", "roles").first()
    if now is None or not now[0] or role not in now[1]:
        raise Refused("ROLE_MISSING", words)
