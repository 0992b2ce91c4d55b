"""The checks of trading-rules.md (Refusals), each giving the reason's code, or None where all is well.

The order of the rules is kept by the callers in `market` and `auction`; each number here is the rule's.
"""

from collections.abc import Collection

from exchange.matching.book import AFTERNOON, BREAK, CLOSED, HALTED, MORNING, Book
from exchange.matching.money import parse_price

UNKNOWN_INSTRUMENT = "UNKNOWN_INSTRUMENT"
UNKNOWN_MEMBER = "UNKNOWN_MEMBER"
MEMBER_SUSPENDED = "MEMBER_SUSPENDED"
DUPLICATE_ID = "DUPLICATE_ID"
HALTED_CODE = "HALTED"
MARKET_CLOSED = "MARKET_CLOSED"
BAD_QUANTITY = "BAD_QUANTITY"
BAD_PRICE = "BAD_PRICE"
PRICE_BAND = "PRICE_BAND"
BAD_COUNTERPARTY = "BAD_COUNTERPARTY"
BAD_FLOOR = "BAD_FLOOR"
WOULD_CROSS = "WOULD_CROSS"
LISTING_GONE = "LISTING_GONE"
NO_COUNTERPARTY = "NO_COUNTERPARTY"
POSITION_LIMIT = "POSITION_LIMIT"
INSUFFICIENT_HOLDINGS = "INSUFFICIENT_HOLDINGS"
INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
UNKNOWN_ORDER = "UNKNOWN_ORDER"
NOT_OPEN = "NOT_OPEN"
NOT_CANCELLABLE = "NOT_CANCELLABLE"

ACTIVE = "active"

#: When each method may be asked for (Phases).
LISTED_PHASES = frozenset({MORNING, AFTERNOON})
BLOCK_PHASES = frozenset({AFTERNOON})
AUCTION_PHASES = frozenset({MORNING, BREAK, AFTERNOON})


def phase(book: Book, allowed: Collection[str]) -> str | None:
    """Rule 4."""
    if book.phase in allowed:
        return None
    return HALTED_CODE if book.phase == HALTED else MARKET_CLOSED


def cancel_phase(book: Book) -> str | None:
    return MARKET_CLOSED if book.phase == CLOSED else None


def quantity(value: object, lowest: int, highest: int | None) -> str | None:
    """Rule 5: a whole number of tonnes from `lowest` to `highest`."""
    if type(value) is not int or value < lowest or (highest is not None and value > highest):
        return BAD_QUANTITY
    return None


def price(value: object, book: Book) -> tuple[int, str | None]:
    """Rule 6: the price in fen, or why it is none."""
    fen = parse_price(value)
    if fen is None or fen <= 0 or fen % book.parameters.tick:
        return 0, BAD_PRICE
    return fen, None


def within(fen: int, edges: tuple[int, int]) -> str | None:
    """Rule 7: both edges may be traded at."""
    return None if edges[0] <= fen <= edges[1] else PRICE_BAND
