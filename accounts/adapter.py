"""How allauth is used here: its hooks of accounts and sessions."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sign_in import access, alerts, devices, guesses, second_factor, step_up
from accounts.sign_in.refusals import too_many


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up alone: people are appointed by their organisation, which two operators let in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password is wrong."),
        "incorrect_password": _("This password is wrong."),
        "enter_current_password": _("This password is wrong."),
        "invalid_password_reset": _("This link is used or too old: ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return devices.address_shown(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Every guess at a password comes through here: at the sign-in, and when it is shown again."""
        guess = guesses.of_account(request, str(credentials.get("email") or ""), "password")
        if wait := guess.take():
            raise ImmediateHttpResponse(too_many(request, wait))
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            guess.give_back()
        return user

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        alerts.signed_in(request, user, response)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor shows that; a stolen password must not be enough to take it away."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if isinstance(user, User) and second_factor.has_one(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """Who has just signed in is not asked again before setting up a second factor."""
        return not step_up.is_fresh(self.request)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """As a notice, whose e-mail a worker sends in both languages."""
        alerts.changed(self.request, user, template_prefix)
        if template_prefix in alerts.PASSWORD_CHANGES:
            access.tell_sockets(user.organisation_id)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")
