"""The second factor once more, before what cannot be taken back: approvals, withdrawals, keys.

    @login_required
    @step_up.required
    def decide(request): …

    class Decide(APIView):
        permission_classes = (UsesRegistryScope, SteppedUp)

Whoever has none (a viewer, an analyst) shows the password again. In the demo it is asked only of those who
set one up.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.api.problems import Problem
from accounts.models import ApiKey, User
from accounts.sign_in import second_factor

if TYPE_CHECKING:
    from rest_framework.views import APIView

View = Callable[..., HttpResponseBase]
CODE = "STEP_UP_NEEDED"


def is_fresh(request: HttpRequest | Request) -> bool:
    """Whether the second factor, or the password of who has none, was shown in the last STEP_UP_SECONDS."""
    user = request.user
    if not isinstance(user, User):
        return False
    records = second_factor.records(request.session, user)
    if second_factor.has_one(user):
        records = [record for record in records if record.get("method") == "mfa"]
    return any(time.time() - record["at"] < settings.STEP_UP_SECONDS for record in records)


def is_due(request: HttpRequest | Request) -> bool:
    """Whether it must be shown before what comes now."""
    user = request.user
    if not settings.SECOND_FACTOR_REQUIRED and isinstance(user, User) and not second_factor.has_one(user):
        return False
    return not is_fresh(request)


def required(view: View) -> View:
    """What changes something (POST) waits until it was shown; what was posted is kept meanwhile and goes on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE_METHODS and is_due(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


class SteppedUp(BasePermission):
    """The same for a browser's session in the API. A key was made by somebody who had shown it."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if request.method not in SAFE_METHODS:
            refuse_if_due(request)
        return True


def refuse_if_due(request: Request) -> None:
    """Raises Problem 403 STEP_UP_NEEDED for a session in which it must be shown first."""
    if not isinstance(request.auth, ApiKey) and is_due(request):
        words = _("Show your second factor again first: open Security in your organisation's menu.")
        raise Problem(403, CODE, words)
