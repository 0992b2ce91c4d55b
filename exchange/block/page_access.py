"""Who opens the pages of blocks: readers read, traders act; strangers sign in first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.rights import who
from accounts.rights.who import Who
from exchange.refusals import text

View = Callable[..., HttpResponse]


class Over(Exception):
    """An offer to a group or to all that the reader could have answered does not stand any more."""


def for_readers(view: View) -> View:
    return _guarded(view, who.BLOCK_READERS)


def for_traders(view: View) -> View:
    return _guarded(view, (who.TRADERS,))


def _guarded(view: View, groups: tuple[Who, ...]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not any(group.has(request.user) for group in groups):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except Over:
            messages.info(request, text("NEGOTIATION_OVER"))
            # A part of a page that is read again takes the whole page with it.
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": reverse("blocks")})
            return redirect("blocks")

    return never_cache(login_required(guarded))


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user
