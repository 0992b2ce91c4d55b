"""Money and prices: whole fen inside, yuan with two places outside. One rounding, in one place."""

import re

YUAN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?", re.ASCII)
BPS = 10_000


def round_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves upwards. Both at least 0, denominator above 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def fee(traded_fen: int, fee_bps: int) -> int:
    """The fee in fen on all the money an order has traded so far (trading-rules.md: Money and holdings)."""
    return round_half_up(traded_fen * fee_bps, BPS)


def band(prev_close_fen: int, band_bps: int) -> tuple[int, int]:
    """Lowest and highest price in fen, each edge rounded half-up; both may be traded at."""
    return (
        round_half_up(prev_close_fen * (BPS - band_bps), BPS),
        round_half_up(prev_close_fen * (BPS + band_bps), BPS),
    )


def parse_price(value: object) -> int | None:
    """Fen for a string of yuan such as "48.00"; None where it is not a number with at most two decimals.

    Only plain ASCII digits: no sign, no exponent, no other script's digits. A whole JSON number is yuan too.
    """
    if type(value) is int:
        return value * 100
    if not isinstance(value, str) or not YUAN.fullmatch(value):
        return None
    whole, _, cents = value.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)


def yuan(fen: int) -> str:
    """ "48.00" for 4800 fen."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
