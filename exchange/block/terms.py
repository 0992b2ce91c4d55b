"""What is proposed and to whom, checked before anything is stored."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation, User
from exchange import clock
from exchange.block.models import LONGEST_WORDS, BlockGroup, Negotiation
from exchange.engine.cache import parameters_of
from exchange.intake import Refused
from exchange.matching import block as rules
from exchange.matching import refusals
from exchange.matching.book import Book
from exchange.models import Instrument
from exchange.timetable import current_day

#: To whom an offer goes; None for all members.
To = Organisation | BlockGroup | None


@dataclass(frozen=True)
class Terms:
    """What somebody proposes: yuan a tonne, tonnes, whether it binds at once, and a few words."""

    price: str
    qty: int
    firm: bool
    words: str = ""


def book_of(instrument: Instrument) -> Book:
    """The instrument as it is at this moment, with the parameters of the day; nothing rests in it."""
    instrument = Instrument.objects.only("code", "phase", "prev_close_fen").get(pk=instrument.pk)
    day = current_day()
    parameters = parameters_of(instrument, day.day if day else clock.today())
    book = Book(instrument.code, instrument.prev_close_fen, parameters)
    book.phase = instrument.phase
    return book


def checked(instrument: Instrument, terms: Terms) -> int:
    """The price in fen of terms that the rules allow now, by the engine's own functions. Raises Refused.

    For binding terms this only spares a round: the engine decides. Words are held to the same.
    """
    if len(terms.words) > LONGEST_WORDS:
        raise Refused("BAD_WORDS")
    book = book_of(instrument)
    reason = refusals.phase(book, refusals.BLOCK_PHASES)
    price_fen, wrong = rules.terms(book, terms.price, terms.qty)
    if reason or wrong:
        raise Refused(str(reason or wrong))
    return price_fen


def named_by(to: To, by: User) -> list[Organisation]:
    """Whom an offer names. Raises Refused (BAD_COUNTERPARTY, UNKNOWN_GROUP, EMPTY_GROUP)."""
    if to is None:
        return []
    if isinstance(to, Organisation):
        if to.pk == by.organisation_id or to.kind not in Organisation.TRADING_KINDS:
            raise Refused("BAD_COUNTERPARTY")
        return [to]
    if to.owner_id != by.organisation_id or to.closed_at is not None:
        raise Refused("UNKNOWN_GROUP")
    members = list(to.members.order_by("code"))
    if not members:
        raise Refused("EMPTY_GROUP")
    return members


def counterparties_of(to: To, named: list[Organisation]) -> dict[str, Any]:
    """As the command names them."""
    if isinstance(to, BlockGroup):
        return {"counterparties": [member.code for member in named]}
    return {"counterparty": to.code} if to is not None else {}


def shown(to: To) -> str:
    if to is None:
        return "all"
    return f"group {to.pk}" if isinstance(to, BlockGroup) else f"member {to.code}"


def audience_of(to: To) -> str:
    if to is None:
        return Negotiation.Audience.PUBLIC
    return Negotiation.Audience.GROUP if isinstance(to, BlockGroup) else Negotiation.Audience.DIRECTED
