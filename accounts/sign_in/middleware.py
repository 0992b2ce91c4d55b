"""What is asked of every request of a session: the second factor, and when it was last seen."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.api.middleware import PREFIX
from accounts.api.problems import plain_response
from accounts.models import User
from accounts.sign_in import alerts, second_factor
from accounts.sign_in.devices import address_shown

#: Addresses that stay open without a second factor: those where one is set up or shown, and the way out.
OPEN = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_authenticate",
    "account_login", "account_logout", "account_reauthenticate", "account_inactive", "account_signup",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_login_webauthn",
    "set_language", "clock", "healthz", "readyz", "prometheus-django-metrics",
})  # fmt: skip

Next = Callable[[HttpRequest], HttpResponseBase]


class SecondFactorMiddleware:
    """Whoever needs a second factor does nothing else before it is set up and shown (docs/sign-in.md)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """None lets the view answer. Asked after the address was resolved, and so for every view there is."""
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(request.user, User):
            return None
        state = second_factor.lacking(request.user, request.session)
        return _sent_away(request, request.user, state) if state else None


class LastSeenMiddleware:
    """Notes at most once a minute and process that a session is in use, and from where."""

    EVERY_S, MOST = 60.0, 10_000

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._noted: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Only after the view: whether there is a session at all is then known without asking for it.
        key = request.session.session_key if getattr(request.session, "accessed", False) else None
        if key and isinstance(request.user, User) and self._is_due(key, address_shown(request)):
            UserSession.objects.filter(session_key=key).update(
                last_seen_at=timezone.now(), ip=address_shown(request), user_agent=alerts.agent_of(request)
            )
        return response

    def _is_due(self, session_key: str, address: str) -> bool:
        key, now = (session_key, address), time.monotonic()
        with self._lock:
            if now - self._noted.get(key, -self.EVERY_S) < self.EVERY_S:
                return False
            self._noted[key] = now
            self._noted.move_to_end(key)
            if len(self._noted) > self.MOST:
                self._noted.popitem(last=False)
        return True


def _sent_away(request: HttpRequest, user: User, state: str) -> HttpResponse:
    if request.path_info.startswith(PREFIX):
        words = _("Your role needs a second factor: set it up, or show it, in the browser first.")
        return plain_response(403, code="SECOND_FACTOR_MISSING", detail=words)
    if state == second_factor.SET_UP:
        place = reverse("mfa_index")
    else:
        place = get_adapter().get_reauthentication_methods(user)[0]["url"]
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(place)
    if request.method == "GET":
        place += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(place)
