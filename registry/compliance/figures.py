"""How tonnes and yuan stand in sentences."""

#: no-break space: groups digits the same way in both languages
GAP = "\u00a0"


def tonnes(quantity_t: int) -> str:
    """ "2 700 000" for 2700000."""
    return f"{quantity_t:,}".replace(",", GAP)


def yuan(fen: int) -> str:
    """ "3 118 000.00" for 311800000 fen."""
    return f"{fen // 100:,}".replace(",", GAP) + f".{fen % 100:02d}"
