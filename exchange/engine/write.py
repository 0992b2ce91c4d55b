"""Everything a batch decided, written with a handful of set-based statements (figures: docs/decisions/002)."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.models import Organisation
from exchange.board import board_of, trade_shown
from exchange.engine.cache import FIGURES, Desk, column
from exchange.matching.book import HALTED
from exchange.matching.events import (
    Accepted,
    Bar,
    Cancelled,
    CompositeBar,
    Event,
    Expired,
    Move,
    PhaseSet,
    Rejected,
    Trade,
)
from exchange.matching.orders import Order
from exchange.matching.wallets import EXCHANGE, REGISTRY
from exchange.models import Command, Instrument
from registry.ledger import post as ledger
from registry.ledger import tied
from registry.statements import Statements


@dataclass
class Decided:
    """A command and what the core said to it."""

    command: Command
    events: list[Event]
    numbers: list[int] = field(default_factory=list)

    @property
    def reason(self) -> str:
        return self.events[0].reason if isinstance(self.events[0], Rejected) else ""


ORDER_COLUMNS = (
    "command_id", "instrument_id", "organisation_id", "client_id", "kind", "side", "price_fen", "qty_t", "leaves_t",
    "filled_t", "traded_fen", "fee_fen", "status", "counterparty_id", "parent_id", "model", "day", "accepted_event",
    "changed_event",
)  # fmt: skip
TRADE_COLUMNS = (
    "instrument_id", "no", "day", "kind", "price_fen", "qty_t", "buyer_id", "seller_id", "listing_id", "taker_id",
    "buyer_fee_fen", "seller_fee_fen", "event", "at",
)  # fmt: skip
EVENT_COLUMNS = (
    "no", "instrument_id", "day", "kind", "command_id", "order_id", "organisation_id", "other_id", "qty_t",
    "trade_no", "reason", "at",
)  # fmt: skip


class Writer:
    """Writes one batch. `organisations` are those whose orders, trades or balances it touched."""

    def __init__(self, desk: Desk, instruments: list[Instrument], day: dt.date, at: dt.datetime) -> None:
        self.desk = desk
        self.instruments = {instrument.code: instrument for instrument in instruments}
        self.day = day
        self.at = at
        self.organisations: set[int] = set()
        #: orders of the batch, with the number of the last event that touched each
        self.accepted: dict[Order, int] = {}
        self.touched: dict[Order, int] = {}
        self.trades: list[tuple[Trade, int]] = []
        self.bars: dict[str, Bar] = {}

    def write(self, decided: list[Decided], moves: list[Move]) -> list[dict[str, Any]]:
        """Writes all of it and gives the messages to push once it is committed, one an instrument."""
        with connection.cursor() as cursor:
            first = self._number(cursor, decided)
            event_rows = [row for each in decided for row in self._event_rows(each)]
            out = Statements(cursor)
            self._write_commands(out, decided)
            self._write_new_orders(out)
            self._write_changed_orders(out)
            self._write_trades(out)
            out.rows("exchange_event", EVENT_COLUMNS, event_rows)
            ledger.post_with(
                out,
                [self._ledger_move(move) for move in moves],
                cause=f"engine:{first}",
                at=self.at,
                day=self.day,
            )
            tied.tie_with(out, [
                (self._ids(move.credit), move.asset, move.amount)
                for move in moves if move.credit_purpose == REGISTRY
            ])  # fmt: skip
            messages = self._write_instruments(out, decided)
            out.send()
            return messages

    def _number(self, cursor: Any, decided: list[Decided]) -> int:
        """Numbers the events; taken under the instruments' locks, they rise within each instrument."""
        count = sum(len(each.events) for each in decided)
        cursor.execute("SELECT nextval('exchange_event_no') FROM generate_series(1, %s)", [count])
        numbers = sorted(row[0] for row in cursor.fetchall())
        at = 0
        for each in decided:
            each.numbers = numbers[at : at + len(each.events)]
            at += len(each.events)
        first: int = numbers[0]
        return first

    def _ids(self, member: str) -> int:
        pk = self.desk.ids[member]
        self.organisations.add(pk)
        return pk

    def _event_rows(self, decided: Decided) -> Iterable[tuple[object, ...]]:
        for event, no in zip(decided.events, decided.numbers, strict=True):
            kind, order, organisation, other, qty, trade_no, reason = self._described(
                event, no, decided.command
            )
            yield (
                no, decided.command.instrument_id, self.day, kind, decided.command.pk, order, organisation, other, qty,
                trade_no, reason, self.at,
            )  # fmt: skip

    def _described(self, event: Event, no: int, command: Command) -> tuple[object, ...]:
        """Kind, order, organisation, other organisation, tonnes, trade number and reason of an event."""
        match event:
            case Accepted(order):
                order.age = no
                self.accepted[order] = no
                self.desk.remember(order)
                return "accepted", order.number, self._ids(order.member), None, order.qty, None, ""
            case Rejected(_, _, reason):
                if command.organisation_id is not None:
                    self.organisations.add(command.organisation_id)
                return "rejected", None, command.organisation_id, None, None, None, reason
            case Trade():
                self.trades.append((event, no))
                self._touch(event.listing, no)
                self._touch(event.taker, no)
                taker, owner = self._ids(event.taker.member), self._ids(event.listing.member)
                return "trade", event.listing.number, taker, owner, event.qty, event.no, ""
            case Cancelled(order, qty) | Expired(order, qty):
                self._touch(order, no)
                kind = "cancelled" if isinstance(event, Cancelled) else "expired"
                return kind, order.number, self._ids(order.member), None, qty, None, ""
            case PhaseSet(code, phase):
                self.instruments[code].halt_reason = command.body.get("reason", "") if phase == HALTED else ""
                return "phase", None, None, None, None, None, phase
            case Bar():
                self.bars[event.code] = event
                return "closed", None, None, None, event.volume, None, ""
            case CompositeBar():
                raise AssertionError("the engine closes instruments one by one; the composite is market data")

    def _touch(self, order: Order, no: int) -> None:
        if order in self.accepted:
            self.accepted[order] = no
        else:
            self.touched[order] = no

    def _write_commands(self, out: Statements, decided: list[Decided]) -> None:
        out.add(
            "UPDATE exchange_command AS c SET decided_event = d.event, decided_at = %s, reason = d.reason"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS d (id, event, reason) WHERE c.id = d.id",
            [
                self.at,
                [each.command.pk for each in decided],
                [each.numbers[0] for each in decided],
                [each.reason for each in decided],
            ],
        )

    def _write_new_orders(self, out: Statements) -> None:
        rows = [
            (
                order.number, self.instruments[order.code].pk, self.desk.ids[order.member], order.id, order.kind,
                order.side, order.price, order.qty, order.leaves, order.filled, order.traded, order.charged,
                order.status, self._the_one_named(order),
                None if order.parent is None else order.parent.number, order.model, self.day, order.age, changed,
            )
            for order, changed in self.accepted.items()
        ]  # fmt: skip
        out.rows("exchange_order", ORDER_COLUMNS, rows)

    def _the_one_named(self, order: Order) -> int | None:
        """A block's only counterparty; several stand in its command's body."""
        named = order.counterparties
        return self.desk.ids[next(iter(named))] if named is not None and len(named) == 1 else None

    def _write_changed_orders(self, out: Statements) -> None:
        if not self.touched:
            return
        orders = self.touched
        out.add(
            "UPDATE exchange_order AS o SET leaves_t = c.leaves, filled_t = c.filled, traded_fen = c.traded,"
            " fee_fen = c.fee, status = c.status, changed_event = c.event"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])"
            " AS c (id, leaves, filled, traded, fee, status, event) WHERE o.command_id = c.id",
            [
                [order.number for order in orders],
                [order.leaves for order in orders],
                [order.filled for order in orders],
                [order.traded for order in orders],
                [order.charged for order in orders],
                [order.status for order in orders],
                list(orders.values()),
            ],
        )

    def _write_trades(self, out: Statements) -> None:
        ids = self.desk.ids
        rows = [
            (
                self.instruments[trade.code].pk, trade.no, self.day, trade.kind, trade.price, trade.qty,
                ids[trade.buyer.member], ids[trade.seller.member], trade.listing.number, trade.taker.number,
                trade.buyer_fee, trade.seller_fee, no, self.at,
            )
            for trade, no in self.trades
        ]  # fmt: skip
        out.rows("exchange_trade", TRADE_COLUMNS, rows)

    def _ledger_move(self, move: Move) -> ledger.Move:
        return ledger.Move(
            move.asset,
            move.amount,
            (self._holder(move.debit), move.debit_purpose),
            (self._holder(move.credit), move.credit_purpose),
            move.kind,
            move.cause,
        )

    def _holder(self, member: str) -> int:
        """Fees go to the exchange operator's organisation."""
        if member == EXCHANGE and EXCHANGE not in self.desk.ids:
            operator = Organisation.objects.filter(kind=Organisation.Kind.EXCHANGE).order_by("pk").first()
            if operator is None:
                raise RuntimeError("there is no exchange operator to take the fees")
            self.desk.ids[EXCHANGE] = operator.pk
        return self._ids(member)

    def _write_instruments(self, out: Statements, decided: list[Decided]) -> list[dict[str, Any]]:
        """Heads, boards and bars of the instruments that something happened to; the messages that say so."""
        last: dict[int, int] = {each.command.instrument_id: each.numbers[-1] for each in decided}
        messages = []
        for code, instrument in self.instruments.items():
            if instrument.pk not in last:
                continue
            seen, book = instrument.last_event, self.desk.market.books[code]
            closing = self.bars.get(code)
            bar = closing or book.bar(self.day.isoformat())
            instrument.last_event = self.desk.seen[code] = last[instrument.pk]
            instrument.trade_count = book.trade_count
            instrument.phase = book.phase
            instrument.prev_close_fen = book.prev_close
            instrument.board = board_of(book, bar, event=instrument.last_event, final=closing is not None)
            out.add(
                "UPDATE exchange_instrument SET last_event = %s, trade_count = %s, phase = %s, prev_close_fen = %s,"
                " halt_reason = %s, board = %s WHERE id = %s",
                [
                    instrument.last_event, instrument.trade_count, instrument.phase, instrument.prev_close_fen,
                    instrument.halt_reason, json.dumps(instrument.board, ensure_ascii=False), instrument.pk,
                ],
            )  # fmt: skip
            self._write_bar(out, instrument, bar, final=closing is not None)
            trades = [trade_shown(trade, self.at) for trade, _ in self.trades if trade.code == code]
            messages.append(
                {
                    "instrument": code,
                    "from": seen,
                    "event": instrument.last_event,
                    "board": instrument.board,
                    "trades": [trade for trade in trades if trade["kind"] == "listed"],
                }
            )
        return messages

    def _write_bar(self, out: Statements, instrument: Instrument, bar: Bar, *, final: bool) -> None:
        values = {column(figure): getattr(bar, figure) for figure in FIGURES}
        values |= {"close_fen": bar.close, "prev_close_fen": bar.prev_close, "final": final}
        names = list(values)
        out.add(
            f"INSERT INTO exchange_bar (instrument_id, day, source, {', '.join(names)})"  # noqa: S608 - our own names
            f" VALUES (%s, %s, 'market', {', '.join(['%s'] * len(names))})"
            f" ON CONFLICT (instrument_id, day) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in names)}"
            " WHERE NOT exchange_bar.final",
            [instrument.pk, self.day, *values.values()],
        )
