"""How figures look on pages."""

from django import template

from market_data.prices import direction_of, signed
from registry.models import Account, Transfer

register = template.Library()

#: no-break space: groups digits the same way in both languages
GAP = "\u00a0"


@register.filter
def thousands(value: object) -> str:
    """ "4103953.50" → "4 103 953.50": groups of three before the point. Other text stays as it is."""
    text = "" if value is None else str(value)
    sign = text[0] if text[:1] in {"-", "+", "−"} else ""
    whole, point, rest = text[len(sign) :].partition(".")
    if not whole.isdigit():
        return text
    return f"{sign}{int(whole):,}".replace(",", GAP) + point + rest


@register.filter
def sign(value: object) -> str:
    """ "3.23" → "+3.23": colour alone never says the direction. Nothing stays nothing."""
    return signed(str(value)) if value not in {None, ""} else "–"


@register.filter
def direction(value: object) -> str:
    """The class of a change: up, down or flat."""
    return direction_of(str(value))


@register.filter
def words(text: str) -> list[str]:
    """A template has no lists of its own."""
    return text.split()


@register.filter
def purpose(value: str) -> str:
    """An account's purpose in the language of the page."""
    return str(dict(Account.Purpose.choices).get(value, value))


@register.filter
def movement(value: str) -> str:
    """What a transfer was, in the language of the page."""
    return str(dict(Transfer.Kind.choices).get(value, value))
