"""What the frame of every page says about signing in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"second_factor_required": settings.SECOND_FACTOR_REQUIRED}
