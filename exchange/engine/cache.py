"""Books in memory between batches, with the number of the last event each has seen.

Where the instrument's row knows a later event (another worker ran), the book catches up with the orders
that changed since; a book of another day, or none, is built from the open orders.
"""

import datetime as dt
import functools
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from exchange.matching.book import Book, DayFigures, Parameters
from exchange.matching.market import Market
from exchange.matching.orders import OPEN, Order
from exchange.models import Bar, Instrument, InstrumentParameters


@dataclass
class Desk:
    """A market in memory over some instruments, and how far it has read. `ids` gives the members' holder ids."""

    market: Market = field(default_factory=Market)
    seen: dict[str, int] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    by_number: dict[int, Order] = field(default_factory=dict)
    #: named by a command of this batch, and only looked at
    guests: list[Order] = field(default_factory=list)

    def forget(self, order: Order) -> None:
        """Drops an order that is not open any more; the database remembers it."""
        self.market.orders.pop(order.name, None)
        self.by_number.pop(order.number, None)

    def forget_all(self, *orders: Iterable[Order]) -> None:
        """Of these orders, drops those that rest in none of the books."""
        for order in itertools.chain(*orders):
            if order.status != OPEN or order.code not in self.market.books:
                self.forget(order)
        self.guests = []

    def remember(self, order: Order) -> None:
        self.market.orders[order.name] = order
        self.by_number[order.number] = order


_desks: dict[tuple[int, ...], Desk] = {}


def take_out(instruments: list[Instrument], day: dt.date) -> Desk:
    """The desk over these locked instruments, level with their rows. It is out of the cache until `put_back`."""
    desk = _desks.pop(tuple(instrument.pk for instrument in instruments), None) or Desk()
    for instrument in instruments:
        code = instrument.code
        if code in desk.market.books and desk.days[code] == day:
            if desk.seen[code] != instrument.last_event:
                _catch_up(desk, instrument, day)
        else:
            _build(desk, instrument, day)
        desk.seen[code] = instrument.last_event
    return desk


def put_back(instruments: list[Instrument], desk: Desk) -> None:
    """After the commit: the desk is true again."""
    _desks[tuple(instrument.pk for instrument in instruments)] = desk


def parameters_of(instrument: Instrument, day: dt.date) -> Parameters:
    """The dated parameters that hold on a day; the defaults where none are recorded. Not to be changed.

    Kept in memory: a trading day uses the parameters that stood when it was first asked for, to its end.
    """
    return _parameters(instrument.pk, day)


@functools.lru_cache(maxsize=512)
def _parameters(instrument: int, day: dt.date) -> Parameters:
    row = (
        InstrumentParameters.objects.filter(instrument=instrument, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        return Parameters()
    return Parameters(
        tick=row.tick_fen, max_qty=row.max_qty_t, block_min_qty=row.block_min_qty_t, band_bps=row.band_bps,
        block_band_bps=row.block_band_bps, levels=row.levels, position_limit=row.position_limit_t,
        fee_bps=row.fee_bps,
    )  # fmt: skip


FIGURES = tuple(DayFigures.__dataclass_fields__)
_FEN = {"open", "high", "low", "last", "turnover", "block_turnover", "auction_turnover"}
_TONNES = {"volume", "block_volume", "auction_volume"}


def column(figure: str) -> str:
    """The column of exchange_bar that keeps a figure of the day."""
    return figure + ("_fen" if figure in _FEN else "_t" if figure in _TONNES else "")


def figures_of(instrument: Instrument, day: dt.date) -> DayFigures:
    """The day's figures as the last batch left them."""
    row = Bar.objects.filter(instrument=instrument, day=day, source=Bar.Source.MARKET).first()
    if row is None:
        return DayFigures()
    figures = DayFigures(**{figure: getattr(row, column(figure)) for figure in FIGURES})
    if not figures.trades:
        figures.open = None
    return figures


def _set_head(book: Book, instrument: Instrument, day: dt.date) -> None:
    book.prev_close = instrument.prev_close_fen
    book.phase = instrument.phase
    book.trade_count = instrument.trade_count
    book.day = figures_of(instrument, day)


def _build(desk: Desk, instrument: Instrument, day: dt.date) -> None:
    code = instrument.code
    for order in [order for order in desk.market.orders.values() if order.code == code]:
        desk.forget(order)
    book = Book(code, instrument.prev_close_fen, parameters_of(instrument, day))
    desk.market.books[code] = book
    desk.days[code] = day
    _set_head(book, instrument, day)
    for row in read_orders("o.instrument_id = %s AND o.status = 'open'", [instrument.pk]):
        order = made(desk, row, book.parameters.fee_bps)
        desk.remember(order)
        book.rest(order)


def _catch_up(desk: Desk, instrument: Instrument, day: dt.date) -> None:
    code = instrument.code
    book = desk.market.books[code]
    for row in read_orders("o.instrument_id = %s AND o.changed_event > %s", [instrument.pk, desk.seen[code]]):
        known = desk.by_number.get(row[0])
        if known is None:
            order = made(desk, row, book.parameters.fee_bps)
            if order.status == OPEN:
                desk.remember(order)
                book.rest(order)
        else:
            _follow(desk, book, known, made(desk, row, book.parameters.fee_bps))
    _set_head(book, instrument, day)


def _follow(desk: Desk, book: Book, known: Order, now: Order) -> None:
    """Brings a known open order to what its row says now; it keeps its place."""
    if now.status != OPEN:
        book.withdraw(known)
        desk.forget(known)
        return
    gone = known.leaves - now.leaves
    if known.rests_in_book:
        book.side(known.side).levels[known.price].qty -= gone
    if known.side == "buy":
        book.open_buys[known.member] -= gone
    known.leaves, known.filled, known.traded, known.charged = now.leaves, now.filled, now.traded, now.charged


_SELECT = """
    SELECT o.command_id, m.code, m.id, o.client_id, i.code, o.kind, o.side, o.price_fen, o.qty_t, o.leaves_t, o.filled_t,
           o.traded_fen, o.fee_fen, o.status, c.code, o.parent_id, o.model, o.accepted_event,
           CASE o.kind
               WHEN 'block' THEN (SELECT k.body -> 'counterparties' FROM exchange_command k WHERE k.id = o.command_id)
               WHEN 'auction' THEN (SELECT k.body -> 'surrender_only' FROM exchange_command k WHERE k.id = o.command_id)
           END
    FROM exchange_order o
    JOIN accounts_organisation m ON m.id = o.organisation_id
    JOIN exchange_instrument i ON i.id = o.instrument_id
    LEFT JOIN accounts_organisation c ON c.id = o.counterparty_id
    WHERE {} ORDER BY o.accepted_event
"""

Row = tuple[Any, ...]


def read_orders(where: str, arguments: list[Any]) -> list[Row]:
    """Orders with their members' codes, oldest acceptance first; `where` is one of our own conditions."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT.format(where), arguments)
        rows: list[Row] = cursor.fetchall()
    return rows


def made(desk: Desk, row: Row, fee_bps: int) -> Order:
    """The core's order of a row. Its auction is linked where the desk knows it, being open itself."""
    number, member, member_id, client_id, code, kind, side, price, qty = row[:9]
    leaves, filled, traded, charged, status, one, parent, model, age, from_body = row[9:]
    extra = json.loads(from_body) if from_body else None
    named = extra if kind == "block" else None
    desk.ids[member] = member_id
    return Order(
        member=member, id=client_id, code=code, kind=kind, side=side, price=price, qty=qty, fee_bps=fee_bps, age=age,
        number=number, leaves=leaves, filled=filled, traded=traded, charged=charged, status=status,
        counterparties=frozenset(named or [one]) if named or one else None, parent=desk.by_number.get(parent), model=model,
        surrender_only=kind == "auction" and bool(extra),
    )  # fmt: skip
