"""What every page knows: the demo, the market's clock, and how the reader likes it shown."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from market_data.market_clock import market_clock

THEMES = ("light", "dark")
DIRECTIONS = ("red-up", "green-up")


def platform(request: HttpRequest) -> dict[str, Any]:
    """Context processor. The clock is lazy: an error page must not need the database."""
    return {
        "demo": settings.DEMO,
        "demo_calendar": settings.MARKET_CALENDAR == "demo",
        "market_clock": SimpleLazyObject(market_clock),
        "theme": chosen(request, "theme", THEMES, ""),
        "direction": chosen(request, "direction", DIRECTIONS, DIRECTIONS[0]),
        "role_names": SimpleLazyObject(lambda: role_names(getattr(request, "user", None))),
        "demo_people": SimpleLazyObject(demo_people),
    }


def role_names(user: object) -> str:
    """What the person may do here, in words."""
    if not isinstance(user, User):
        return ""
    names = dict(User.Role.choices)
    return ", ".join(str(names.get(role, role)) for role in user.roles)


def demo_people() -> list[dict[str, Any]]:
    """The demo's sign-ins for the sign-in page; none of them exists without DEMO=1 (accounts/demo_guard.py)."""
    if not settings.DEMO:
        return []
    people = User.objects.filter(is_demo=True, is_active=True).select_related("organisation").order_by("id")
    return [
        {"email": person.email, "organisation": person.organisation, "roles_text": role_names(person)}
        for person in people
    ]


def chosen(request: HttpRequest, cookie: str, known: tuple[str, ...], default: str) -> str:
    """The cookie's value if it is one we know: what a browser sends is not to be trusted."""
    value = request.COOKIES.get(cookie, "")
    return value if value in known else default
