"""Quantities in sentences."""

from collections.abc import Mapping

#: no-break space: groups digits the same way in both languages
GAP = "\u00a0"


def grouped(number: int) -> str:
    """ "2 621 916"."""
    return f"{number:,}".replace(",", GAP)


def tonnes(quantity_t: int) -> str:
    """ "2 621 916 t"."""
    return f"{grouped(quantity_t)}{GAP}t"


def lines_in_words(lines: Mapping[str, int]) -> str:
    """ "100 t CEA23, 50 t CEA24"."""
    return ", ".join(f"{tonnes(quantity)} {asset}" for asset, quantity in sorted(lines.items()))


def yuan(fen: int) -> str:
    """ "1 250.00" for 125000 fen."""
    return f"{grouped(fen // 100)}.{fen % 100:02d}"
