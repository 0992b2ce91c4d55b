"""Decimal arithmetic of the allocation plans: exact products, one precision for powers, three roundings.

Nothing here uses the caller's decimal context, so a thread that lowered its precision cannot change an allocation.
"""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation

#: Powers and exponentials: 60 digits, of which the load factor keeps seven.
PRECISE = Context(prec=60)
#: Sums and products of given numbers: a result that had to be rounded is an error, not an allocation.
EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, DivisionByZero])
HUNDRED = Decimal(100)


def product(numbers: Iterable[Decimal | int]) -> Decimal:
    """The exact product."""
    result = Decimal(1)
    for number in numbers:
        result = EXACT.multiply(result, number)
    return result


def floor_t(exact_t: Decimal) -> int:
    """Whole tonnes, rounded down (domain.md 5.4)."""
    return int(exact_t.to_integral_value(rounding=ROUND_FLOOR))


def share_t(share: Decimal, amount_t: int) -> int:
    """A share of whole tonnes, rounded down to 1 t."""
    return floor_t(product((share, amount_t)))


def half_up(number: Decimal, places: int) -> Decimal:
    """Nearest at `places` decimals, halves away from zero; never a negative zero."""
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=PRECISE)
    return abs(rounded) if rounded == 0 else rounded


def ratio_half_up(numerator: int, denominator: int, places: int) -> Decimal:
    """`numerator / denominator` at `places` decimals, halves away from zero, decided on the exact fraction."""
    scaled, unit = abs(numerator) * 10**places, abs(denominator)
    nearest = (2 * scaled + unit) // (2 * unit)
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return Decimal(sign * nearest if nearest else 0).scaleb(-places, context=PRECISE)
