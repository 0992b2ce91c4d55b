"""The form that asks for a new password: the same work and the same answer for every address."""

import logging
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from kombu.exceptions import OperationalError

from accounts.api.authentication import address_of
from accounts.sign_in import guesses
from accounts.sign_in.refusals import too_many
from accounts.tasks import send_password_reset

logger = logging.getLogger(__name__)


class ResetPassword(ResetPasswordForm):
    """Whether there is such a person a worker finds out, so that the answer's time says nothing."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Raises ImmediateHttpResponse (429) for an address that asks too often.

        Mails of one account are counted apart: when they are used up the answer is as always, and no mail goes.
        """
        email: str = self.cleaned_data["email"]
        sender = guesses.Guess((guesses.RESET_FROM_ADDRESS, guesses.network_of(address_of(request))))
        if wait := sender.take():
            raise ImmediateHttpResponse(too_many(request, wait))
        if guesses.Guess((guesses.RESET_OF_ACCOUNT, email)).take() == 0:
            site = f"{request.scheme}://{request.get_host()}"
            try:
                send_password_reset.apply_async((email, site), retry=False)
            except (OperationalError, OSError):
                logger.warning("the broker is away: the mail is sent from here")
                send_password_reset(email, site)
        return email
