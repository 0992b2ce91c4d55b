"""Which browser signed in before: a cookie that means nothing without the account's password."""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.api.authentication import address_of
from accounts.sign_in.models import SignIn

COOKIE = "device"
AGE_S = 365 * 24 * 3600
LONGEST = 64


#: Where the web server names no sender, as over a local socket.
NOWHERE = "0.0.0.0"  # noqa: S104 - shown, never listened on


def address_shown(request: HttpRequest) -> str:
    """The sender's address, as tables of sign-ins and sessions keep it."""
    return address_of(request) or NOWHERE


def digest_of(request: HttpRequest) -> str:
    """What is kept of the browser's cookie; "" where it has none."""
    value = request.COOKIES.get(COOKIE, "")
    return hashlib.sha256(value.encode()).hexdigest() if 0 < len(value) <= LONGEST else ""


def is_known(request: HttpRequest, email: str) -> bool:
    """Whether this account was signed in to from this browser."""
    return SignIn.objects.filter(user__email=email, device=digest_of(request) or "none").exists()


def mark(request: HttpRequest, response: HttpResponseBase) -> str:
    """Leaves the cookie where there is none; returns its digest."""
    if digest := digest_of(request):
        return digest
    value = secrets.token_urlsafe(32)
    response.set_cookie(
        COOKIE, value, max_age=AGE_S, path="/accounts/", secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return hashlib.sha256(value.encode()).hexdigest()
