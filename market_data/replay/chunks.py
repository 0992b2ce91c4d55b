"""Some steps from anywhere in a day, each with the book and the quote after it, as JSON for page and API.

Prices are strings of yuan, quantities whole tonnes. Names are those that the reader may know; everybody else is
"another member", and stays so.
"""

import datetime as dt
from collections.abc import Collection
from itertools import islice
from typing import Any

from exchange import clock
from exchange.matching.money import round_half_up, yuan
from exchange.models import Instrument
from market_data.replay import reads
from market_data.replay.fold import BUY, SELL, Book, Happened, Quote, Standing, Step, apply, steps

MOST_STEPS = 200
#: Single listings of a level, and events of a step, that are shown; `count` says how many there are.
LISTINGS_SHOWN = 10
EVENTS_SHOWN = 30

Shown = dict[str, Any]


class Chunks:
    """One instrument's day. `known` are the codes of the members whose names the reader sees; None: all."""

    def __init__(
        self, instrument: Instrument, day: dt.date, first: int, last: int, known: Collection[str] | None
    ) -> None:
        self.instrument, self.day, self.first, self.last, self.known = instrument, day, first, last, known

    def after(self, no: int, count: int) -> Shown:
        """The state after event `no`, and the `count` steps that follow. A number inside a step means the step itself."""
        return self._shown(self._beginning(max(no, self.first - 1)), count)

    def before(self, no: int, count: int) -> Shown:
        """The `count` steps up to and with event `no`, and the state before them."""
        commands: list[int] = []
        start = self.first - 1
        for event in reads.before(self.instrument, self.day, no):
            if not commands or commands[-1] != event.command:
                if len(commands) == count:
                    start = event.no
                    break
                commands.append(event.command)
        return self._shown(start, len(commands))

    def at(self, moment: dt.datetime, count: int) -> Shown:
        """The state at a time of the day, and the steps that follow."""
        return self.after(reads.position_at(self.instrument, self.day, moment), count)

    def _beginning(self, no: int) -> int:
        """The event after which the step that `no` lies inside of begins; `no` itself where it ends one.

        Inside of a step there is no book to show, and who asks for what comes after its event wants to see it.
        """
        following = next(reads.after(self.instrument, self.day, no, page=1), None)
        if following is None:
            return no
        for event in reads.before(self.instrument, self.day, no, page=20):
            if event.command != following.command:
                return event.no
        return min(no, self.first - 1)

    def _shown(self, start: int, count: int) -> Shown:
        found = list(islice(steps(reads.after(self.instrument, self.day, start)), count))
        book = Book(reads.standing_at(self.instrument, self.day, start))
        quote = reads.quote_at(self.instrument, self.day, start)
        begins: Shown = {"event": start, "book": self._book(book), "quote": quote_shown(quote)}
        shown = []
        for step in found:
            quote = apply(book, quote, step)
            shown.append(self._step(step, book, quote))
        end = found[-1].no if found else start
        return {
            "instrument": self.instrument.code, "day": self.day.isoformat(), "first": self.first, "last": self.last,
            "start": begins, "steps": shown, "at_start": start < self.first, "at_end": end >= self.last,
        }  # fmt: skip

    # --- one step, one book ------------------------------------------------------------------------------

    def _step(self, step: Step, book: Book, quote: Quote) -> Shown:
        first = step.happened[0]
        return {
            "event": step.no,
            "time": first.at.astimezone(clock.BEIJING).isoformat(),
            "command": first.command_kind,
            "member": self._member(self._asker(first)),
            "events": [self._event(event) for event in step.happened[:EVENTS_SHOWN]],
            "count": len(step.happened),
            "book": self._book(book),
            "quote": quote_shown(quote),
        }

    @staticmethod
    def _asker(event: Happened) -> str:
        """Who sent the command; nobody sends a phase or a close."""
        return "" if event.command_kind in {"phase", "close_day"} else event.member

    def _event(self, event: Happened) -> Shown:
        return {
            "event": event.no, "kind": event.kind, "order": event.order, "side": event.side,
            "price": None if event.price is None else yuan(event.price), "qty": event.qty,
            "member": self._member(event.member), "other": self._member(event.other), "trade": event.trade_no,
            "trade_kind": event.trade_kind, "reason": event.reason,
        }  # fmt: skip

    def _member(self, code: str) -> str | None:
        """The code; None for nobody, an empty string for somebody whose name the reader does not see."""
        if not code:
            return None
        return code if self.known is None or code in self.known else ""

    def _book(self, book: Book) -> Shown:
        return {
            side: [self._level(price, listings) for price, listings in book.best(side)]
            for side in (BUY, SELL)
        }

    def _level(self, price: int, listings: list[Standing]) -> Shown:
        return {
            "price": yuan(price),
            "qty": sum(listing.left for listing in listings),
            "count": len(listings),
            "listings": [
                {"no": one.number, "qty": one.left, "member": self._member(one.member)}
                for one in listings[:LISTINGS_SHOWN]
            ],
        }


def quote_shown(quote: Quote) -> Shown:
    """Prices of listed trades so far; `close` is the average that would be the close."""
    prices = {"open": quote.open, "high": quote.high, "low": quote.low, "last": quote.last}
    close = round_half_up(quote.turnover, quote.volume) if quote.volume else None
    return {
        **{name: None if price is None else yuan(price) for name, price in prices.items()},
        "close": None if close is None else yuan(close),
        "volume": quote.volume,
        "turnover": yuan(quote.turnover),
        "trades": quote.trades,
    }
