"""Who needs a second factor, and whether a session has shown it.

Every role that can trade or decide (issue of the rules: registry-rules.md 2): all but those who only look.
SECOND_FACTOR_REQUIRED is off in the demo alone.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import User

LOOKING_ROLES = frozenset({User.Role.VIEWER, User.Role.ANALYST})
#: What counts as one; recovery codes are the way back to it.
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SET_UP, SHOW = "set_up", "show"


def is_demanded(user: User) -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED) and any(role not in LOOKING_ROLES for role in user.roles)


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=TYPES).exists())


def is_last(authenticator: Authenticator) -> bool:
    """Whether its person would have none without it."""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=TYPES)
    return authenticator.type in TYPES and not others.exclude(pk=authenticator.pk).exists()


def records(session: Mapping[str, Any], user: User) -> list[dict[str, Any]]:
    """How this session's person has proved who they are, oldest first: allauth's own list, kept on the server."""
    found: list[dict[str, Any]] = get_authentication_records(SimpleNamespace(session=session), user)
    return found


def lacking(user: User, session: Mapping[str, Any]) -> str:
    """SET_UP where there is none yet, SHOW where this session has not shown it, "" where all is well."""
    if not is_demanded(user) or any(record.get("method") == "mfa" for record in records(session, user)):
        return ""
    return SHOW if has_one(user) else SET_UP
