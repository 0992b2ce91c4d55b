"""allauth's hooks of the second factor."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.seals import seal, unseal
from accounts.sign_in import second_factor

NAME = "碳市 Tanshi"
#: What its secrets are sealed for; the words are part of the key.
PURPOSE = "second factor"


class MfaAdapter(DefaultMFAAdapter):
    """Secrets lie sealed in the database; whoever needs a second factor keeps one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, or was used before. Wait for the next one and try again."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor: add another one before you remove this one."
        ),
    }

    def get_totp_issuer(self) -> str:
        return NAME

    def _get_site_name(self) -> str:
        return NAME

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        assert isinstance(user, User)
        return not (second_factor.is_demanded(user) and second_factor.is_last(authenticator))

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 - allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}
