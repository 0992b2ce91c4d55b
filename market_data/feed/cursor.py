"""How far an account stream was read: for each instrument the number of the last event, and the last turn of blocks.

Event numbers rise in commit order only within an instrument, so one number would skip what another
instrument commits late. To clients the cursor is opaque text.
"""

import base64
import binascii

Vector = dict[int, int]
#: In the place of an instrument: the number of the last turn of a negotiation.
BLOCKS = 0
#: Characters; a few hundred instruments.
LONGEST = 8_000
LARGEST = 2**63 - 1


class BadCursor(ValueError):
    """No cursor of ours."""


def written(vector: Vector) -> str:
    plain = ".".join(f"{instrument}-{event}" for instrument, event in sorted(vector.items()))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(cursor: str) -> Vector:
    """Raises BadCursor."""
    if not cursor.isascii() or len(cursor) > LONGEST:
        raise BadCursor
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        pairs = [pair.split("-") for pair in plain.split(".") if pair]
        vector = {int(instrument): int(event) for instrument, event in pairs}
    except (ValueError, binascii.Error):
        raise BadCursor from None
    if any(not 0 <= number <= LARGEST for pair in vector.items() for number in pair):
        raise BadCursor
    return vector
