"""Numbers of certificates: kind and year, seven drawn signs, and a sign that betrays a wrong one.

    LY-2024-7K3M-9QXR   履约 (compliance) of 2024
    ZX-2026-B2HD-4WTA   注销 (cancellation) in 2026
    JJ-2026-…           竞价 (result of an auction)
    CJ-2026-…           成交 (purchase by auction)

Drawn, not counted: nobody finds the neighbour's certificate by adding one. Thirty-one signs, a prime number, so
that the weighted sum shows every single wrong sign and every two that were swapped.
"""

import re
import secrets

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
DRAWN = 7
KINDS = {"compliance": "LY", "cancellation": "ZX", "auction": "JJ", "purchase": "CJ"}
FORM = re.compile("(" + "|".join(KINDS.values()) + r")([0-9]{4})([" + SIGNS + r"]{8})")


def new_number(kind: str, year: int) -> str:
    """A number that was never given, as far as chance goes: 27 milliard of them a kind and year."""
    drawn, signs = secrets.randbelow(len(SIGNS) ** DRAWN), ""
    for _ in range(DRAWN):
        drawn, value = divmod(drawn, len(SIGNS))
        signs += SIGNS[value]
    signs += _check_sign(f"{KINDS[kind]}{year:04d}", signs)
    return f"{KINDS[kind]}-{year:04d}-{signs[:4]}-{signs[4:]}"


def normal_form(typed: str) -> str:
    """The number as it is printed, from whatever somebody typed; empty where it can be no number of ours."""
    match = FORM.fullmatch(re.sub(r"[\s\-‐–—－]", "", typed.upper()[:80]))
    if match is None or _check_sign(match[1] + match[2], match[3][:DRAWN]) != match[3][DRAWN]:
        return ""
    return f"{match[1]}-{match[2]}-{match[3][:4]}-{match[3][4:]}"


def _check_sign(head: str, signs: str) -> str:
    values = [ord(char) for char in head] + [SIGNS.index(char) for char in signs]
    weighted = sum(weight * value for weight, value in enumerate(values, start=1))
    return SIGNS[weighted % len(SIGNS)]
