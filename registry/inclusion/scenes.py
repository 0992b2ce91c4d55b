"""Scenes: the registry operator opens one for an organisation that records acts there."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registry.compliance.selectors import day_of
from registry.credits import projects
from registry.credits.projects import WrongFields, require_issuer
from registry.inclusion.methodologies import METHODOLOGIES
from registry.inclusion.models import Scene

SECTOR, PROVINCE = "carbon inclusion 碳普惠", "310000"


@transaction.atomic
def register(
    *,
    code: str,
    methodology: str,
    name_zh: str,
    name_en: str,
    operator: str,
    opened_on: dt.date,
    by: User,
    at: dt.datetime,
) -> Scene:
    """Opens a scene, and with it the credit project that its SHCER will be issued to. Creates no value.

    `operator`: code of an organisation that may hold credits. Raises Refused `ROLE_MISSING`; WrongFields.
    """
    require_issuer(by)
    errors: dict[str, Any] = {}
    if methodology not in METHODOLOGIES:
        errors["methodology"] = _("There is no such methodology.")
    elif opened_on < METHODOLOGIES[methodology].valid_from:
        errors["opened_on"] = _("The methodology holds from %(day)s on: no earlier act is counted.") % {
            "day": METHODOLOGIES[methodology].valid_from
        }
    if errors:
        raise WrongFields(errors)
    known = METHODOLOGIES[methodology]
    try:
        project = projects.register(
            code=code, scheme="shcer", name_zh=name_zh, name_en=name_en, owner=operator,
            methodology=known.document or known.code, sector=SECTOR, province=PROVINCE, registered_on=opened_on,
            in_covered_sector=False, by=by, at=at,
        )  # fmt: skip
    except WrongFields as wrong:
        names = {"owner": "operator", "registered_on": "opened_on"}
        raise WrongFields({names.get(name, name): words for name, words in wrong.errors.items()}) from None
    return Scene.objects.create(project=project, methodology=methodology, opened_on=opened_on)


@transaction.atomic
def close(scene: Scene, *, by: User, at: dt.datetime) -> None:
    """Ends a scene with today; acts of its days may still be reported. Raises Refused `ROLE_MISSING`; WrongFields."""
    require_issuer(by)
    locked = Scene.objects.select_for_update().get(pk=scene.pk)
    if locked.closed_on is not None:
        raise WrongFields({"closed_on": _("This scene is closed already.")})
    locked.closed_on = day_of(at)
    locked.save(update_fields=["closed_on"])
