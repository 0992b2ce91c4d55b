"""Registering a project of emission reductions (registry-rules.md 6: project)."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from accounts.provinces import PROVINCES
from registry.credits.classes import class_of
from registry.models import Asset, Project
from registry.spreadsheets import BEIJING

CODE = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


class WrongFields(Exception):
    """What was entered cannot be taken; `errors` says by field why, in words. Nothing changed."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(dict(errors))
        self.errors = dict(errors)


def is_issuer(user: object) -> bool:
    """Whether this person registers projects and asks for their credits: the registry operator's issuer."""
    return (
        isinstance(user, User)
        and user.organisation.kind == Organisation.Kind.REGISTRY
        and user.organisation.status == Organisation.Status.ACTIVE
        and user.has_role(User.Role.ISSUER)
    )


def require_issuer(user: User) -> None:
    """Raises Refused `ROLE_MISSING`."""
    if not is_issuer(user):
        raise Refused("ROLE_MISSING", _("Only an issuer of the registry operator may do this."))


def register(
    *,
    code: str,
    scheme: str,
    name_zh: str,
    name_en: str,
    owner: str,
    methodology: str,
    sector: str,
    province: str,
    registered_on: dt.date,
    in_covered_sector: bool,
    by: User,
    at: dt.datetime,
) -> Project:
    """Enters a project; `owner` is the code of an organisation that may hold credits. Creates no value.

    Raises Refused `ROLE_MISSING`; WrongFields.
    """
    require_issuer(by)
    holder = Organisation.objects.filter(
        code=owner, kind__in=Organisation.TRADING_KINDS, status=Organisation.Status.ACTIVE
    ).first()
    project = Project(
        code=code, scheme=scheme, name_zh=name_zh.strip(), name_en=name_en.strip(), methodology=methodology.strip(),
        sector=sector.strip(), province=province, registered_on=registered_on, in_covered_sector=in_covered_sector,
    )  # fmt: skip
    errors = _errors(project, at.astimezone(BEIJING).date())
    if holder is None:
        errors["owner"] = _("There is no active organisation of this code that could hold credits.")
    if errors:
        raise WrongFields(errors)
    project.owner = holder  # type: ignore[assignment]
    try:
        with transaction.atomic():
            asset_of(project)
            project.save(force_insert=True)
    except IntegrityError:
        raise WrongFields({"code": _("There is a project of this code already.")}) from None
    return project


def _errors(project: Project, today: dt.date) -> dict[str, Any]:
    errors: dict[str, Any] = {
        name: _("This must not be empty.")
        for name in ("name_zh", "name_en", "methodology", "sector")
        if not getattr(project, name)
    }
    if not CODE.fullmatch(project.code):
        errors["code"] = _("1 to 40 of A-Z, a-z, 0-9, dot, hyphen and underscore.")
    if project.scheme not in Project.Scheme.values:
        errors["scheme"] = _("There is no such scheme.")
    elif project.scheme == Project.Scheme.SHCER and project.in_covered_sector:
        errors["in_covered_sector"] = _(
            "A project inside a covered sector gets no SHCER: its reductions count already."
        )
    if project.province not in PROVINCES:
        errors["province"] = _("There is no province of this code.")
    if project.registered_on > today:
        errors["registered_on"] = _("This day has not come yet: enter the day of registration.")
    return errors


def asset_of(project: Project) -> Asset:
    """The asset that this project's credits are issued as; made where it is missing."""
    found = class_of(project.scheme, project.registered_on, project.in_covered_sector)
    asset, _made = Asset.objects.get_or_create(
        code=found.asset,
        defaults={"kind": Asset.Kind.CREDIT, "name_zh": found.name_zh, "name_en": found.name_en},
    )
    return asset
