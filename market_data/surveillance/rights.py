"""Who watches the market: the nation's regulators and the exchange's operators all of it, a province's regulators
what concerns their own emitters. The same groups as in accounts/rights."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Organisation, User
from accounts.rights import who

View = Callable[..., HttpResponseBase]


def watches(user: object) -> bool:
    """Whether this person sees alerts and replays at all."""
    return who.WATCHERS.has(user) and _acts(user)


def decides(user: object) -> bool:
    """Whether this person may say what became of an alert."""
    return who.MARKET_WATCHERS.has(user) and _acts(user)


def is_authority(user: object) -> bool:
    """Whether this person is a regulator of the nation: settles what was escalated, and sets thresholds."""
    return who.NATION_REGULATORS.has(user) and _acts(user)


def province_of(user: User) -> str:
    """The province that bounds what this person sees; empty for the whole market."""
    return user.organisation.province if user.organisation.kind == Organisation.Kind.PROVINCE else ""


def _acts(user: object) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    house = user.organisation
    bounded = house.kind != Organisation.Kind.PROVINCE or house.province != ""
    return house.status == Organisation.Status.ACTIVE and bounded


def for_watchers(view: View) -> View:
    """Sends strangers to the sign-in, and everybody who does not watch the market to the 403 page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/surveillance/")
        if not watches(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past for_watchers"
    return request.user
