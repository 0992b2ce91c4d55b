"""allauth's forms, where what is typed is a guess; and the form of a new API key."""

import datetime as dt
import ipaddress
from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiKey
from accounts.sign_in import guesses
from accounts.sign_in.refusals import too_many

#: Addresses of one key.
MOST_ADDRESSES = 20


def guess_or_refuse(email: str, kind: str) -> guesses.Guess:
    """Takes a guess at the account's `kind`; raises ImmediateHttpResponse (429) where none is left."""
    guess = guesses.of_account(context.request, email, kind)
    if wait := guess.take():
        raise ImmediateHttpResponse(too_many(context.request, wait))
    return guess


class GuessedCode:
    """A code is a guess, and a code of an app opens once, on whatever web process, and after a restart too."""

    user: Any

    def clean_code(self) -> str:
        guess = guess_or_refuse(self.user.email, "code")
        code: str = super().clean_code()  # type: ignore[misc]
        is_recovery = (
            getattr(getattr(self, "authenticator", None), "type", "") == Authenticator.Type.RECOVERY_CODES
        )
        if not is_recovery and not guesses.use_once(self.user, normalize_user_code(code)):
            raise get_adapter().validation_error("incorrect_code")
        guess.give_back()
        return code


class AuthenticateCode(GuessedCode, AuthenticateForm):
    """At the sign-in."""


class ReauthenticateCode(GuessedCode, ReauthenticateForm):
    """Again, before what cannot be taken back."""


class ActivateCode(GuessedCode, ActivateTOTPForm):
    """The first code of a new app. It cannot be used a second time to sign in."""


class ChangePassword(ChangePasswordForm):
    """The present password is a guess too: of whoever found a browser open."""

    def clean_oldpassword(self) -> str:
        guess = guess_or_refuse(self.user.email, "password")
        password: str = super().clean_oldpassword()
        guess.give_back()
        return password


class NewKey(forms.Form):
    """Name, scopes, days, addresses of a new API key."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"), choices=ApiKey.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Expires after"),
        coerce=int,
        choices=[
            (30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("365 days")),
        ],
        initial=90,
    )  # fmt: skip
    allowed_ips = forms.CharField(
        label=gettext_lazy("Only from these addresses"), required=False, widget=forms.Textarea
    )

    def clean_allowed_ips(self) -> list[str]:
        addresses = []
        for word in self.cleaned_data["allowed_ips"].replace(",", " ").split():
            try:
                addresses.append(str(ipaddress.ip_address(word)))
            except ValueError as error:
                words = _(
                    "“%(word)s” is no IP address. Write one a line, such as 192.0.2.7, or leave it empty."
                )
                raise forms.ValidationError(words % {"word": word[:50]}) from error
        if len(addresses) > MOST_ADDRESSES:
            raise forms.ValidationError(_("A key has at most %(most)s addresses.") % {"most": MOST_ADDRESSES})
        return sorted(set(addresses))

    def lifetime(self) -> dt.timedelta:
        return dt.timedelta(days=self.cleaned_data["days"])
