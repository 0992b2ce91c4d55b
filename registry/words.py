"""How tonnes and yuan are written: for people the same in both languages, for programs without gaps."""

from collections.abc import Mapping
from decimal import Decimal

#: no-break space: groups digits
GAP = "\u00a0"


def grouped(number: int) -> str:
    """ "2 621 916"."""
    return f"{number:,}".replace(",", GAP)


def tonnes(quantity_t: int) -> str:
    """ "2 621 916 t"."""
    return f"{grouped(quantity_t)}{GAP}t"


def yuan(fen: int) -> str:
    """ "3 118 000.00" for 311800000 fen."""
    return f"{'-' if fen < 0 else ''}{grouped(abs(fen) // 100)}.{abs(fen) % 100:02d}"


def plain_yuan(fen: int) -> str:
    """ "3118000.00" for 311800000 fen, as programs read it."""
    return yuan(fen).replace(GAP, "")


def decimal_text(number: Decimal) -> str:
    """ "1200" for 1.2E+3, "0.5" for 0.50."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def lines_in_words(lines: Mapping[str, int]) -> str:
    """ "100 t CEA23, 50 t CEA24"."""
    return ", ".join(f"{tonnes(quantity)} {asset}" for asset, quantity in sorted(lines.items()))
