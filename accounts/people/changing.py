"""Other roles, and leaving.

    change_roles  at once where it gives nothing that decides; otherwise a second person decides
    remove        the person is out at once: no session, key or socket is left
    ask_removal   the registry's issuer asks for a representative to go; the registry's checker decides

Nobody changes his own roles alone, and an organisation keeps an administrator (registry-rules.md 2).
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import notices, verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from accounts.people import history, invitations, roles, standing
from accounts.people.models import Change, Invitation
from accounts.sign_in import access

CHANGE, CHANGE_BY_REGISTRY, REMOVE = "people.roles", "people.roles_by_registry", "people.remove"
ROLES_TOLD, REMOVED_TOLD = "people.roles_changed", "people.removed"
notices.WORDS |= {
    ROLES_TOLD: _("Your roles are now: %(roles)s. Changed by %(by)s."),
    REMOVED_TOLD: _("%(person)s was removed from your organisation's people by %(by)s."),
}


@transaction.atomic
def change_roles(
    person_id: int, *, wanted: Iterable[str], by: User, reason: str, at: dt.datetime
) -> Request | None:
    """The roles are changed, or the request for it is given back, which waits for a second person.

    Raises Refused: `ROLE_MISSING`, `SUSPENDED`, `UNCHANGED`, `LAST_ADMINISTRATOR`, `ASKED_ALREADY`,
    `REASON_MISSING`; WrongField `WRONG_ROLES`; User.DoesNotExist for another organisation's.
    """
    house = standing.acts_as_administrator(by)
    person = User.objects.get(pk=person_id, organisation=house, is_active=True)
    given = roles.checked(house, wanted)
    if set(given) == set(person.roles):
        raise Refused("UNCHANGED", _("These are the roles that hold already."))
    text = standing.checked_reason(reason)
    if User.Role.ADMINISTRATOR not in given:
        standing.refuse_last_administrator(house, person)
    gained = set(given) - set(person.roles)
    if not roles.take_a_second_person(gained) and not (gained and person.pk == by.pk):
        apply_roles(house, person, given, by=by, reason=text, at=at)
        return None
    kind = CHANGE if standing.has_second_administrator(house, by) else CHANGE_BY_REGISTRY
    _refuse_asked(person, CHANGE, CHANGE_BY_REGISTRY)
    payload = {"person": person.pk, "email": person.email, "before": person.roles, "after": given}
    return verbs.submit(kind, by=by, reason=text, at=at, payload=payload)


def apply_roles(
    house: Organisation,
    person: User,
    given: list[str],
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    request: Request | None = None,
) -> None:
    """From here on they hold; whoever lost one signs in again. The organisation is held.

    Raises Refused `LAST_ADMINISTRATOR`.
    """
    lost = set(person.roles) - set(given)
    if User.Role.ADMINISTRATOR in lost:
        standing.refuse_last_administrator(house, person)
    before = person.roles
    User.objects.filter(pk=person.pk).update(roles=given)
    history.note(
        Change.What.ROLES, house, at=at, by=by, reason=reason, person=person, request=request,
        before={"roles": before}, after={"roles": given},
    )  # fmt: skip
    person.roles = given
    if lost:
        access.end_everything(person)
        _end_invitations(person, by, at) if User.Role.ADMINISTRATOR in lost else None
    params = {"roles": roles.names_of(given), "by": by.email}
    notices.notify([person], ROLES_TOLD, at=at, params=params)


@transaction.atomic
def remove(person_id: int, *, by: User, reason: str, at: dt.datetime) -> None:
    """The person acts for the organisation no more.

    Raises Refused: `ROLE_MISSING`, `SUSPENDED`, `YOURSELF`, `LAST_ADMINISTRATOR`, `REASON_MISSING`;
    User.DoesNotExist for another organisation's.
    """
    house = standing.acts_as_administrator(by, also_suspended=True)
    person = User.objects.get(pk=person_id, organisation=house, is_active=True)
    if person.pk == by.pk:
        raise Refused("YOURSELF", _("Another administrator removes you: so that somebody stays who can."))
    take_out(house, person, by=by, reason=standing.checked_reason(reason), at=at)


def take_out(
    house: Organisation,
    person: User,
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    request: Request | None = None,
) -> None:
    """Raises Refused `LAST_ADMINISTRATOR`. The organisation is held."""
    standing.refuse_last_administrator(house, person)
    shut_out(house, person, by=by, reason=reason, at=at, request=request)
    told = [other for other in standing.administrators(house) if other.pk != by.pk]
    notices.notify(told, REMOVED_TOLD, at=at, params={"person": person.email, "by": by.email})


def shut_out(
    house: Organisation,
    person: User,
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    request: Request | None = None,
) -> None:
    """Ends everything that the person has open, and the invitations that only their word stood for."""
    access.shut_out(person)
    _end_invitations(person, by, at)
    history.note(
        Change.What.REMOVED, house, at=at, by=by, reason=reason, person=person, request=request,
        before={"email": person.email, "roles": person.roles},
    )  # fmt: skip


@transaction.atomic
def ask_removal(person_id: int, *, by: User, reason: str, at: dt.datetime) -> Request:
    """The registry's issuer asks for somebody of any organisation to go.

    Raises Refused: `ROLE_MISSING`, `SUSPENDED`, `ASKED_ALREADY`, `LAST_ADMINISTRATOR`, `REASON_MISSING`;
    User.DoesNotExist.
    """
    standing.acts_as_issuer(by)
    person = User.objects.select_related("organisation").get(pk=person_id, is_active=True)
    house = standing.held(person.organisation)
    standing.refuse_last_administrator(house, person)
    _refuse_asked(person, REMOVE)
    payload = {"person": person.pk, "email": person.email, "before": person.roles}
    return verbs.submit(REMOVE, by=by, reason=reason, at=at, about=house, payload=payload)


def _end_invitations(inviter: User, by: User, at: dt.datetime) -> None:
    """Open ones that nobody but this person stood for; what a second person approved stays."""
    rows = Invitation.objects.select_for_update(of=("self",)).filter(
        invited_by=inviter, organisation=inviter.organisation_id, state=Invitation.State.OPEN, request=None
    )
    for row in rows.order_by("pk"):
        invitations.end(row, by=by, reason=str(_("Who invited is no administrator any more.")), at=at)


def _refuse_asked(person: User, *kinds: str) -> None:
    """Raises Refused `ASKED_ALREADY`. The organisation is held."""
    waiting = Request.objects.filter(kind__in=kinds, state=Request.State.PENDING, payload__person=person.pk)
    if waiting.exists():
        raise Refused("ASKED_ALREADY", _("This was asked for already and waits for the second person."))
