"""The unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FORM = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{10}", re.ASCII)


def check_character(first_17: str) -> str:
    """The 18th character: 31 less the sum of each value times 3^(its place from 0), modulo 31."""
    total = sum(ALPHABET.index(one) * pow(3, place, 31) for place, one in enumerate(first_17))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether form and check character are right; capitals only."""
    return bool(FORM.fullmatch(code)) and check_character(code[:17]) == code[17]
