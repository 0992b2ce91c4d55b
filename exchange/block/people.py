"""Who negotiates: the people, their organisations, and how one is found by what somebody typed."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.api.permissions import is_trader
from accounts.models import Organisation, User
from exchange.intake import Refused


def require_trader(user: User) -> None:
    """Raises PermissionDenied unless the person trades for its organisation, if that is not suspended."""
    if not is_trader(user):
        raise PermissionDenied(_("Only a person with the role Trader of a trading member may do this."))


def require_standing(user: User) -> None:
    """Raises PermissionDenied, Refused (MEMBER_SUSPENDED): who may say something new. Words are held to what orders are."""
    require_trader(user)
    if user.organisation.status != Organisation.Status.ACTIVE:
        raise Refused("MEMBER_SUSPENDED")


def member_called(typed: str) -> Organisation:
    """A trading member by its code or its whole name. Raises Refused (BAD_COUNTERPARTY)."""
    typed = " ".join(typed.split())
    members = Organisation.objects.filter(kind__in=Organisation.TRADING_KINDS)
    found = members.filter(Q(code=typed) | Q(name_zh=typed) | Q(name_en__iexact=typed))[:2]
    # Two of one name: the code says which.
    if len(found) != 1:
        raise Refused("BAD_COUNTERPARTY")
    return found[0]
