"""How orders stand, and why they were refused, in the language of the page."""

from django import template
from django.utils.translation import pgettext_lazy

from exchange.refusals import text

register = template.Library()

STATES = {
    "pending": pgettext_lazy("order", "Pending"),
    "open": pgettext_lazy("order", "Open"),
    "filled": pgettext_lazy("order", "Filled"),
    "cancelled": pgettext_lazy("order", "Cancelled"),
    "expired": pgettext_lazy("order", "Expired"),
    "rejected": pgettext_lazy("order", "Refused"),
}


@register.filter
def order_state(status: str) -> str:
    return str(STATES.get(status, status))


@register.filter
def refusal(code: str) -> str:
    """A refusal's sentence."""
    return text(code)
