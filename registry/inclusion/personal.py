"""A person's carbon account, and which scenes may report about it (registry-rules.md 6).

Nothing is recorded of a person who has not joined the scene, and nothing of days before joining or after leaving.
"""

import datetime as dt
import re
import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from registry.compliance.selectors import day_of
from registry.inclusion.methodologies import METHODOLOGIES
from registry.inclusion.models import Joining, PersonalAccount, Scene

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER = re.compile(r"PA[2-9A-HJ-NP-Z]{10}", re.ASCII)


def is_person(user: object) -> bool:
    """Whether this is somebody who can have a carbon account: an active individual."""
    return (
        isinstance(user, User)
        and user.organisation.kind == Organisation.Kind.INDIVIDUAL
        and user.organisation.status == Organisation.Status.ACTIVE
    )


def account_of(user: User) -> PersonalAccount | None:
    """One's own account; nobody has another's."""
    return PersonalAccount.objects.filter(
        organisation=user.organisation_id, organisation__kind=Organisation.Kind.INDIVIDUAL
    ).first()


def open_account(*, by: User, at: dt.datetime) -> PersonalAccount:
    """Opens one's own account; asked again it gives the same. Raises Refused `NOT_A_PERSON`."""
    if not is_person(by):
        raise Refused("NOT_A_PERSON", _("Only an individual opens a personal carbon account."))
    found, _made = PersonalAccount.objects.get_or_create(
        organisation=by.organisation, defaults={"number": new_number(), "opened_at": at}
    )
    return found


def new_number() -> str:
    """Drawn, not counted: nobody finds another's account by adding one. 2^50 of them."""
    return "PA" + "".join(secrets.choice(SIGNS) for _sign in range(10))


@transaction.atomic
def join(scene: Scene, *, by: User, at: dt.datetime) -> Joining:
    """Lets the scene's operator report acts of today and later. Joined already, it is the same joining.

    Raises Refused: `NOT_A_PERSON`, `NO_ACCOUNT`, `SCENE_CLOSED`, `COUNTED_ELSEWHERE`.
    """
    account = _locked(by)
    today = day_of(at)
    if scene.closed_on is not None and scene.closed_on < today:
        raise Refused("SCENE_CLOSED", _("This scene is closed."))
    current = account.joinings.filter(left_on__isnull=True).select_related("scene__project")
    for one in current:
        if one.scene_id == scene.pk:
            return one
        if scene.methodology in METHODOLOGIES[one.scene.methodology].not_with:
            raise Refused(
                "COUNTED_ELSEWHERE",
                _("%(scene)s counts the same electricity: leave it first.")
                % {"scene": one.scene.project.code},
            )
    # Whoever left today and comes back goes on as before: one day belongs to one joining.
    back = account.joinings.filter(scene=scene, left_on=today).first()
    if back is not None:
        back.left_on = None
        back.save(update_fields=["left_on"])
        return back
    return Joining.objects.create(account=account, scene=scene, joined_on=today)


@transaction.atomic
def leave(scene: Scene, *, by: User, at: dt.datetime) -> None:
    """Nothing of later days is recorded; what was recorded stays one's own. Raises Refused: `NOT_A_PERSON`, `NO_ACCOUNT`."""
    account = _locked(by)
    account.joinings.filter(scene=scene, left_on__isnull=True).update(left_on=day_of(at))


def _locked(by: User) -> PersonalAccount:
    if not is_person(by):
        raise Refused("NOT_A_PERSON", _("Only an individual has a personal carbon account."))
    found = PersonalAccount.objects.select_for_update().filter(organisation=by.organisation_id).first()
    if found is None:
        raise Refused("NO_ACCOUNT", _("Open your carbon account first."))
    return found
