"""How strong a password must be, and the way back for who has forgotten it.

Strength is how many guesses it takes (zxcvbn), not which classes of characters it has: docs/decisions/036.
"""

import logging
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from zxcvbn import zxcvbn

from accounts.models import User

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 12, 128
#: Of zxcvbn's 0 to 4: 3 is "safely unguessable" by 10^8 guesses, far above what guesses.py lets through.
LEAST_SCORE = 3
#: zxcvbn's work grows with the length; what follows can only make a password stronger.
JUDGED = 72
OUR_WORDS = ("tanshi", "碳市", "carbon", "allowance", "password", "碳排放", "配额")
LANGUAGES = ("zh-hans", "en")

WHY = {
    "dictionary": gettext_lazy("it is made of a common word, password or name, or of your own data"),
    "spatial": gettext_lazy("it is a row of neighbouring keys"),
    "repeat": gettext_lazy("it repeats itself"),
    "sequence": gettext_lazy("it is a sequence, such as abc or 6543"),
    "regex": gettext_lazy("it is made of a year"),
    "date": gettext_lazy("it is made of a date"),
}


class Strength:
    """Django's password validator."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with what makes it weak."""
        if len(password) < SHORTEST:
            raise ValidationError(
                _("At least %(shortest)s characters are needed.") % {"shortest": SHORTEST}, "SHORT"
            )
        if len(password) > LONGEST:
            raise ValidationError(
                _("At most %(longest)s characters are possible.") % {"longest": LONGEST}, "LONG"
            )
        found = zxcvbn(password[:JUDGED], user_inputs=[*OUR_WORDS, *_words_of(user)])
        if found["score"] < LEAST_SCORE:
            longest = max(found["sequence"], key=lambda match: len(match["token"]))
            why = WHY.get(longest["pattern"], gettext_lazy("it is too simple"))
            raise ValidationError(
                _(
                    "This password is easy to guess: %(why)s. Use four or more words that do not belong together."
                )
                % {"why": why},
                "WEAK",
            )

    def get_help_text(self) -> str:
        return _(
            "%(shortest)s to %(longest)s characters that are hard to guess, such as four words that do not "
            "belong together. Digits and symbols are not needed."
        ) % {"shortest": SHORTEST, "longest": LONGEST}


def send_reset(email: str, site: str) -> bool:
    """Mails the link that sets a new password, if this is somebody's address; whether it was.

    `site` is such as https://example.com. The link opens once, and within PASSWORD_RESET_TIMEOUT.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return False
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    link = site + path.replace("UID-KEY", key)
    lines, subject = [], ""
    for language in LANGUAGES:
        with translation.override(language):
            subject = subject or _("Set a new password")
            lines += [
                _("Somebody asked for a new password of your account. Set it here, within one hour:"),
                link,
                _("If it was not you, do nothing: your password stays as it is."),
                "",
            ]
    EmailMessage(subject=f"[碳市 Tanshi] {subject}", body="\n".join(lines), to=[user.email]).send()
    return True


def _words_of(user: Any) -> list[str]:
    """What everybody knows of the person: no part of a password."""
    if not isinstance(user, User):
        return []
    words = [user.email, *user.email.replace("@", ".").split("."), user.first_name, user.last_name]
    if user.organisation_id:
        house = user.organisation
        words += [house.code, house.name_zh, house.name_en, *house.name_en.split(), house.credit_code]
    return [word for word in words if len(word) > 2]
