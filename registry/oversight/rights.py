"""Who oversees whom: a province authority its own emitters, the nation and the registry operator all of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Organisation, User

Kind, Role = Organisation.Kind, User.Role
#: Kind of organisation → the roles whose people oversee.
OVERSEERS = {
    Kind.NATIONAL: (Role.REGULATOR, Role.APPROVER),
    Kind.PROVINCE: (Role.REGULATOR, Role.APPROVER),
    Kind.REGISTRY: (Role.ISSUER, Role.CHECKER),
}

View = Callable[..., HttpResponseBase]


def oversees(user: object) -> bool:
    """Whether this person sees other organisations' data at all."""
    return (
        isinstance(user, User)
        and user.is_active
        and user.organisation.status == Organisation.Status.ACTIVE
        and user.has_role(*OVERSEERS.get(Kind(user.organisation.kind), ()))
        and (user.organisation.kind != Kind.PROVINCE or user.organisation.province != "")
    )


def province_of(user: User) -> str:
    """The province that this person's view is bounded by; empty for the whole nation."""
    return user.organisation.province if user.organisation.kind == Kind.PROVINCE else ""


def within(user: User, path: str) -> Q:
    """A filter for what this person oversees; `path` leads from the row to the organisation."""
    province = province_of(user)
    return Q(**{f"{path}__province": province}) if province else Q()


def for_overseers(view: View) -> View:
    """Sends strangers to the sign-in, and everybody who oversees nobody to the 403 page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not oversees(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past for_overseers"
    return request.user
