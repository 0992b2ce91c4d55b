"""Who may call what, in one place: the scopes of keys and the roles of people.

A browser session may do what its person may do; a key only what its scopes say as well.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey, Organisation, User

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Scoped(BasePermission):
    """A signed-in person whose key, if it is a key, has the scope: `read` to read, `scope` for the rest."""

    scope = ApiKey.Scope.READ
    message = _("This API key lacks the scope for it: make one with that scope.")
    code = "SCOPE_MISSING"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.user, User):
            return False
        if not isinstance(request.auth, ApiKey):
            return True
        wanted = ApiKey.Scope.READ if request.method in SAFE_METHODS else self.scope
        return wanted in request.auth.scopes


class Reads(Scoped):
    """Own data, to read."""


class UsesTradeScope(Scoped):
    scope = ApiKey.Scope.TRADE


class UsesRegistryScope(Scoped):
    scope = ApiKey.Scope.REGISTRY


class ChangesBySession(BasePermission):
    """What no key does, whatever its scopes: give roles, and let people in."""

    message = _("A key may not do this: sign in with your browser.")
    code = "SESSION_NEEDED"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or not isinstance(request.auth, ApiKey)


class TradesForMember(BasePermission):
    """Placing and cancelling orders: a trader of an organisation that trades (registry-rules.md 2)."""

    message = _("Only a person with the role Trader of a trading member may do this.")
    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or is_trader(request.user)


class MemberIsActive(BasePermission):
    """A suspended member reads and cancels; it places nothing."""

    message = _("Your organisation is suspended: it can cancel orders, and place none.")
    code = "MEMBER_SUSPENDED"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if request.method in SAFE_METHODS or request.method == "DELETE":
            return True
        return isinstance(request.user, User) and request.user.organisation.may_trade


class MovesHoldings(BasePermission):
    """Moving holdings between registry and trading: a trader or initiator of an active organisation."""

    message = _("Only a trader or compliance initiator of an active organisation may do this.")
    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        return (
            isinstance(user, User)
            and user.organisation.status == Organisation.Status.ACTIVE
            and user.has_role(User.Role.TRADER, User.Role.INITIATOR)
        )


def is_trader(user: object) -> bool:
    """Whether the person may act on the market for its organisation, if that is not suspended."""
    return (
        isinstance(user, User)
        and user.has_role(User.Role.TRADER)
        and user.organisation.kind in Organisation.TRADING_KINDS
    )
