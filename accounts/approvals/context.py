"""What the frame of every page says of a person's inbox."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.approvals.selectors import unread, waiting_for
from accounts.models import User


def inbox(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: an error page must not need the database."""
    user = getattr(request, "user", None)
    return {
        "inbox_waiting": SimpleLazyObject(lambda: waiting_for(user).count() if isinstance(user, User) else 0),
        "notices_unread": SimpleLazyObject(lambda: unread(user).count() if isinstance(user, User) else 0),
    }
