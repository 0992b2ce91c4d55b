"""Telling a person what happened to their account: a notice in the inbox, and the same by e-mail."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.api.authentication import address_of
from accounts.approvals import notices
from accounts.models import User
from accounts.sign_in import devices, second_factor
from accounts.sign_in.models import SignIn

NEW_DEVICE = "sign_in.new_device"
NEW_ADDRESS = "sign_in.new_address"
KEY_MADE = "sign_in.key_made"
KEY_REVOKED = "sign_in.key_revoked"
FACTORS_REMOVED = "sign_in.factors_removed"

#: allauth's names of what happened, each with the words for it.
CHANGES: dict[str, Any] = {
    "account/email/password_changed": _("Your password was changed, from %(address)s."),
    "account/email/password_reset": _("Your password was set anew by an e-mailed link, from %(address)s."),
    "mfa/email/totp_activated": _("An authenticator app was added to your sign-in, from %(address)s."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed from your sign-in, from %(address)s."),
    "mfa/email/webauthn_added": _("A passkey was added to your sign-in, from %(address)s."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your sign-in, from %(address)s."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made, from %(address)s."),
}
PASSWORD_CHANGES = frozenset({"account/email/password_changed", "account/email/password_reset"})
notices.WORDS |= {
    NEW_DEVICE: _(
        "Sign-in from a new browser at %(at)s: %(address)s, %(agent)s. If it was not you, change your password "
        "and end that session."
    ),
    NEW_ADDRESS: _(
        "Sign-in from a new address at %(at)s: %(address)s, %(agent)s. If it was not you, change your password "
        "and end that session."
    ),
    KEY_MADE: _("API key “%(name)s” was made, from %(address)s."),
    KEY_REVOKED: _("Your API key “%(name)s” was revoked by %(by)s."),
    FACTORS_REMOVED: _(
        "An operator removed your second factors. If you did not ask for it, tell your administrator at once."
    ),
    **{f"sign_in.{name}": words for name, words in CHANGES.items()},
}


def signed_in(request: HttpRequest, user: User, response: HttpResponseBase) -> None:
    """Keeps the sign-in, and tells the person where browser or address are new.

    Not at an account's first sign-in, when everything is new, and not in the demo's accounts, which are everybody's.
    """
    address, device = devices.address_shown(request), devices.mark(request, response)
    before = SignIn.objects.filter(user=user)
    kind = ""
    if before.exists() and not user.is_demo:
        if not before.filter(device=device).exists():
            kind = NEW_DEVICE
        elif not before.filter(address=address).exists():
            kind = NEW_ADDRESS
    row = SignIn.objects.create(
        user=user, at=timezone.now(), address=address, agent=agent_of(request), device=device,
        factor=_factor(request, user),
    )  # fmt: skip
    if kind:
        at = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M")
        tell(user, kind, at=at, address=address, agent=row.agent or "?")


def changed(request: HttpRequest, user: User, what: str) -> None:
    """`what` is one of CHANGES."""
    tell(user, f"sign_in.{what}", address=address_of(request))


def tell(user: User, kind: str, **params: str) -> None:
    notices.notify([user], kind, at=clock.now(), params=params)


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself: shown to its person only, never believed."""
    text = request.META.get("HTTP_USER_AGENT", "")
    return "".join(letter for letter in text if letter.isprintable())[:200]


def _factor(request: HttpRequest, user: User) -> str:
    for record in reversed(second_factor.records(request.session, user)):
        if record.get("method") == "mfa":
            return str(record.get("type", ""))
    return ""
