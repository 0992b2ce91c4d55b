"""Asking somebody in, and their coming.

invite      an administrator names a person and the roles; those that decide wait for a second person first
appoint     the registry's issuer names an organisation's representative; the registry's checker decides
send        the link goes out: by itself, or with the approval
resend      another link; the older one opens nothing from then on
withdraw    it opens nothing any more
accept      the link and a password of one's own make the account
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused, WrongField
from accounts.approvals.mail import LANGUAGES
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from accounts.people import history, letters, links, roles, standing
from accounts.people.identity import Identity
from accounts.people.models import Change, Invitation
from accounts.people.names import checked_name

State = Invitation.State
LIFETIME = dt.timedelta(days=7)
#: Invitations of one organisation that wait or are out.
MOST_OPEN = 200
INVITE, INVITE_BY_REGISTRY, APPOINT = "people.invite", "people.invite_by_registry", "people.appoint"


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom somebody asks in. Made by `guest`, which checks it."""

    email: str
    name: str
    identity: Identity


def guest(*, email: str, name: str, identity: Identity) -> Guest:
    """Raises WrongField: `WRONG_EMAIL`, `WRONG_NAME`."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise WrongField("email", "WRONG_EMAIL", _("This is no e-mail address.")) from None
    return Guest(address, checked_name("name", name, longest=80), identity)


@transaction.atomic
def invite(whom: Guest, *, wanted: Iterable[str], by: User, reason: str, at: dt.datetime) -> Invitation:
    """An administrator asks somebody into the own organisation.

    Raises Refused: `ROLE_MISSING`, `SUSPENDED`, `PERSON_HERE`, `INVITED_ALREADY`, `INSIDER`, `TOO_MANY`,
    `REASON_MISSING`; WrongField: `WRONG_ROLES`, `EMAIL_TAKEN`.
    """
    house = standing.acts_as_administrator(by)
    given = roles.checked(house, wanted)
    refuse_guest(house, whom)
    made = _make(house, whom, given, by=by, reason=reason, at=at)
    if not roles.take_a_second_person(given):
        return send(made, by=by, request=None, at=at)
    kind = INVITE if standing.has_second_administrator(house, by) else INVITE_BY_REGISTRY
    return _ask(kind, made, by=by, reason=reason, at=at, about=None)


@transaction.atomic
def appoint(house: Organisation, whom: Guest, *, by: User, reason: str, at: dt.datetime) -> Invitation:
    """The registry's issuer names a representative: an administrator of an organisation, who then invites others.

    Raises Refused and WrongField as `invite` does, and `CLOSED`.
    """
    standing.acts_as_issuer(by)
    house = standing.held(house)
    standing.refuse_closed(house)
    given = [User.Role.ADMINISTRATOR.value]
    refuse_guest(house, whom)
    made = _make(house, whom, given, by=by, reason=reason, at=at)
    return _ask(APPOINT, made, by=by, reason=reason, at=at, about=house)


def open_for_first(
    house: Organisation, whom: Guest, identity_of: dict[str, str], *, request: Request, at: dt.datetime
) -> Invitation:
    """The first administrator of an account that two operators have just opened (accounts/opening)."""
    made = Invitation.objects.create(
        organisation=house, email=whom.email, name=whom.name, roles=roles.first_of(house.kind), **identity_of,
        invited_by=request.requested_by, reason=request.reason, at=at, state=State.WAITING,
        nonce=links.new_nonce(), request=request,
    )  # fmt: skip
    return send(made, by=request.requested_by, request=request, at=at)


def send(invitation: Invitation, *, by: User, request: Request | None, at: dt.datetime) -> Invitation:
    """The link goes out. Whoever calls has checked that it may."""
    invitation.state = State.OPEN
    _post(invitation, at)
    history.note(
        Change.What.INVITED, invitation.organisation, at=at, by=by, reason=invitation.reason, request=request,
        after={"email": invitation.email, "name": invitation.name, "roles": invitation.roles},
    )  # fmt: skip
    return invitation


@transaction.atomic
def resend(invitation_id: int, *, by: User, at: dt.datetime) -> Invitation:
    """Another link, with another seven days. Raises Refused: `ROLE_MISSING`, `SUSPENDED`, `NOT_OPEN`, `TOO_SOON`;
    Invitation.DoesNotExist for another organisation's."""
    house = standing.acts_as_administrator(by)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id, organisation=house)
    if invitation.state != State.OPEN:
        raise Refused("NOT_OPEN", _("Only an invitation that is out and not accepted can be sent again."))
    if invitation.sent_at is not None and timezone.now() - invitation.sent_at < dt.timedelta(minutes=1):
        raise Refused("TOO_SOON", _("It went out a moment ago: give it a minute before you send it again."))
    invitation.nonce = links.new_nonce()
    _post(invitation, at)
    return invitation


@transaction.atomic
def withdraw(invitation_id: int, *, by: User, reason: str, at: dt.datetime) -> None:
    """It opens nothing any more. One that waits for a second person is withdrawn in the inbox, by who asked.

    Raises Refused: `ROLE_MISSING`, `NOT_OPEN`, `REASON_MISSING`; Invitation.DoesNotExist.
    """
    house = standing.acts_as_administrator(by, also_suspended=True)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id, organisation=house)
    if invitation.state != State.OPEN:
        raise Refused("NOT_OPEN", _("Only an invitation that is out and not accepted can be withdrawn here."))
    end(invitation, by=by, reason=standing.checked_reason(reason), at=at)


def end(invitation: Invitation, *, by: User | None, reason: str, at: dt.datetime) -> None:
    """Withdraws it, whoever decided that; the organisation or the row is held."""
    invitation.state = State.WITHDRAWN
    invitation.save(update_fields=["state"])
    history.note(
        Change.What.WITHDRAWN, invitation.organisation, at=at, by=by, reason=reason,
        before={"email": invitation.email, "roles": invitation.roles},
    )  # fmt: skip


def opens(token: str) -> Invitation | None:
    """The invitation that a link opens now; None for every other link, without saying why."""
    nonce = links.nonce_of(letters.INVITATION, token)
    found = Invitation.objects.select_related("organisation").filter(nonce=nonce, state=State.OPEN).first()
    if not nonce or found is None or found.expires_at is None or found.expires_at <= timezone.now():
        return None
    return None if found.organisation.status == Organisation.Status.CLOSED else found


def dead() -> Refused:
    """What is said of every link that opens nothing, whatever the cause."""
    return Refused("LINK_DEAD", _("This link was used, withdrawn or is too old: ask for another invitation."))


@transaction.atomic
def accept(token: str, *, password: str, at: dt.datetime) -> User:
    """Makes the account. The password was checked by `User`'s validators (forms.py).

    Raises Refused: `LINK_DEAD` (used, withdrawn, too old, unknown), `EMAIL_TAKEN`, `PERSON_HERE`, `INSIDER`.
    """
    seen = opens(token)
    if seen is None:
        raise dead()
    house = standing.held(seen.organisation)
    Invitation.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    invitation = opens(token)
    if invitation is None:
        raise dead()
    refuse_taken(house, invitation.email, invitation.person)
    standing.refuse_double(house, invitation.person)
    user = _account(invitation, password)
    invitation.state, invitation.user, invitation.accepted_at = State.ACCEPTED, user, at
    invitation.save(update_fields=["state", "user", "accepted_at"])
    history.note(
        Change.What.JOINED, house, at=at, by=user, person=user, request=invitation.request,
        after={"email": user.email, "roles": user.roles},
    )  # fmt: skip
    return user


def refuse_guest(house: Organisation, whom: Guest) -> None:
    """Raises WrongField `EMAIL_TAKEN`, Refused `PERSON_HERE`, `INSIDER`, `INVITED_ALREADY`, `TOO_MANY`."""
    person = whom.identity.person()
    refuse_taken(house, whom.email, person)
    standing.refuse_double(house, person)
    open_ones = Invitation.objects.filter(organisation=house, state__in=[State.WAITING, State.OPEN])
    if open_ones.filter(email=whom.email).exists():
        raise Refused("INVITED_ALREADY", _("This address is invited already: send that invitation again."))
    if open_ones.count() >= MOST_OPEN:
        raise Refused("TOO_MANY", _("Too many invitations are open: withdraw some first."))


def refuse_taken(house: Organisation, email: str, person: str) -> None:
    """An address signs in for one person of one organisation; who has left may come back under it.

    Raises WrongField `EMAIL_TAKEN`.
    """
    known = User.objects.filter(email=email).first()
    if known is None:
        return
    same = known.organisation_id == house.pk and known.person in {person, ""}
    if known.is_active or not same:
        raise WrongField(
            "email", "EMAIL_TAKEN", _("This address is somebody's account already: use another one.")
        )


def _make(
    house: Organisation, whom: Guest, given: list[str], *, by: User, reason: str, at: dt.datetime
) -> Invitation:
    """Raises Refused `INVITED_ALREADY` also where somebody else invites in this very moment."""
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                organisation=house, email=whom.email, name=whom.name, roles=given,
                identity_kind=whom.identity.kind, identity_sealed=whom.identity.sealed(),
                identity_shown=whom.identity.shown, person=whom.identity.person(), invited_by=by,
                reason=standing.checked_reason(reason), at=at, state=State.WAITING, nonce=links.new_nonce(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "INVITED_ALREADY", _("This address is invited already: send that invitation again.")
        ) from None


def _ask(
    kind: str, made: Invitation, *, by: User, reason: str, at: dt.datetime, about: Organisation | None
) -> Invitation:
    made.request = verbs.submit(
        kind, by=by, reason=reason, at=at, about=about, payload={"invitation": made.pk}
    )
    made.save(update_fields=["request"])
    return made


def _post(invitation: Invitation, at: dt.datetime) -> None:
    """Out by the world's clock: the demo's may be days ahead by tomorrow."""
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + LIFETIME
    invitation.save(update_fields=["state", "nonce", "sent_at", "expires_at", "request"])
    house = invitation.organisation
    params: dict[str, Any] = {"organisation": {"zh-hans": house.name_zh, "en": house.name_en}, "roles": {}}
    for language in LANGUAGES:
        with translation.override(language):
            params["roles"][language] = roles.names_of(invitation.roles)
    letters.write(letters.INVITATION, invitation.email, at=at, nonce=invitation.nonce, params=params)


def _account(invitation: Invitation, password: str) -> User:
    """A new account, or that of somebody who comes back: with nothing of what they had set up before."""
    known = User.objects.filter(email=invitation.email).first()
    fields = {"first_name": invitation.name, "roles": invitation.roles, "person": invitation.person}
    if known is None:
        return User.objects.create_user(
            invitation.email, password, organisation=invitation.organisation, **fields
        )
    Authenticator.objects.filter(user=known).delete()
    for name, value in {**fields, "last_name": "", "is_active": True}.items():
        setattr(known, name, value)
    known.set_password(password)
    known.save()
    return known
