"""Replay files: commands in, events out, one JSON object a line (replay-format.md)."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from exchange.matching.book import PHASES, Parameters
from exchange.matching.events import Accepted, Bar, Cancelled, CompositeBar, Event, Expired, Rejected, Trade
from exchange.matching.money import BPS, parse_price, yuan
from exchange.matching.orders import BUY, PAY_AS_BID, SELL, UNIFORM, Order
from exchange.matching.wallets import CNY

Line = dict[str, Any]


class BadLine(Exception):
    """A line that is no command; says its number and what is wrong."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"line {number}: {problem}")


def _text(value: object) -> bool:
    """Text that can be printed and stored: lone surrogates and NUL cannot."""
    if not isinstance(value, str) or not value or "\0" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _name(value: object) -> bool:
    return isinstance(value, Mapping) and _text(value.get("member")) and _text(value.get("id"))


def _names(value: object) -> bool:
    return isinstance(value, list) and all(_name(entry) for entry in value)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(_text(entry) for entry in value)


def _whole(value: object) -> bool:
    return type(value) is int and value >= 0


def _rate(value: object) -> bool:
    """Basis points up to the whole: a higher fee would take more than a seller gets."""
    return type(value) is int and 0 <= value <= BPS


def _date(value: object) -> bool:
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _anything(value: object) -> bool:
    """Prices and quantities may be wrong: saying so is the engine's business (BAD_PRICE, BAD_QUANTITY)."""
    return True


def _one_of(*choices: str) -> Callable[[object], bool]:
    return lambda value: value in choices


def _price(value: object) -> bool:
    return (parse_price(value) or 0) > 0


def _amount(value: object) -> bool:
    return _whole(value) or (isinstance(value, str) and parse_price(value) is not None)


def _weights(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and all(_whole(weight) for weight in value.values())
        and any(value.values())
    )


Fields = dict[str, Callable[[object], bool]]
_OWNED: Fields = {"id": _text, "member": _text}
_SIDED: Fields = {
    **_OWNED,
    "instrument": _text,
    "side": _one_of(BUY, SELL),
    "price": _anything,
    "qty": _anything,
}

#: Fields that each command must have, with the check of each.
REQUIRED: dict[str, Fields] = {
    "fees": {"bps": _rate},
    "instrument": {"code": _text, "prev_close": _price},
    "member": {"id": _text},
    "credit": {"member": _text, "asset": _text, "amount": _amount},
    "phase": {"instrument": _text, "phase": _one_of(*PHASES)},
    "list": _SIDED,
    "take": _SIDED,
    "block": _SIDED,
    "block_accept": {**_OWNED, "offer": _name},
    "auction": {**_OWNED, "instrument": _text, "floor": _anything, "qty": _anything,
                "model": _one_of(UNIFORM, PAY_AS_BID)},
    "bid": {**_OWNED, "auction": _name, "price": _anything, "qty": _anything},
    "auction_close": _OWNED,
    "cancel": _OWNED,
    "composite": {"weights": _weights, "prev_close": _price},
    "close_day": {"date": _date},
}  # fmt: skip

OPTIONAL: dict[str, Fields] = {
    "instrument": {"band_bps": _whole, "block_band_bps": _whole, "max_qty": _whole, "block_min_qty": _whole,
                   "tick": _price, "position_limit": lambda value: value is None or _whole(value)},
    "member": {"status": _one_of("active", "suspended")},
    "take": {"prefer": _names, "remainder": _one_of("cancel", "list")},
    "block": {
        "counterparty": lambda value: value is None or _text(value),
        "counterparties": lambda value: value is None or _texts(value),
        "answers": lambda value: value is None or _name(value),
    },
    "auction": {"surrender_only": lambda value: isinstance(value, bool)},
    "bid": {"replaces": lambda value: value is None or _name(value)},
}  # fmt: skip


def read(lines: Iterable[str]) -> Iterator[tuple[int, Line]]:
    """The commands of a file with their line numbers. Raises BadLine at the first line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            command = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError) as problem:
            raise BadLine(number, f"not JSON ({problem})") from problem
        kind = command.get("cmd") if isinstance(command, dict) else None
        if not isinstance(kind, str) or kind not in REQUIRED:
            raise BadLine(number, f"no command of this name; there are: {', '.join(REQUIRED)}")
        for field, is_right in REQUIRED[kind].items():
            if field not in command:
                raise BadLine(number, f"{kind} lacks the field {field!r}")
            if not is_right(command[field]):
                raise BadLine(number, f"{kind} has a wrong {field!r}: {command[field]!r}")
        optional = OPTIONAL.get(kind, {})
        for field, is_right in optional.items():
            if field in command and not is_right(command[field]):
                raise BadLine(number, f"{kind} has a wrong {field!r}: {command[field]!r}")
        # Fields of other names are notes of the file's writer; the market has words of its own that they must not be.
        yield (
            number,
            {field: command[field] for field in ("cmd", *REQUIRED[kind], *optional) if field in command},
        )


def parameters(command: Line, fee_bps: int) -> Parameters:
    """The parameters that an `instrument` line gives, each with its default."""
    given: dict[str, Any] = {
        field: command[field]
        for field in ("band_bps", "block_band_bps", "max_qty", "block_min_qty", "position_limit")
        if field in command
    }
    if "tick" in command:
        given["tick"] = parse_price(command["tick"])
    return Parameters(fee_bps=fee_bps, **given)


def _named(order: Order) -> Line:
    return {"member": order.member, "id": order.id}


def _maybe(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def trade_line(trade: Trade, no: int) -> Line:
    return {
        "event": "trade", "no": no, "instrument": trade.code, "kind": trade.kind, "price": yuan(trade.price),
        "qty": trade.qty, "buyer": trade.buyer.member, "seller": trade.seller.member,
        "listing": _named(trade.listing), "taker": _named(trade.taker),
    }  # fmt: skip


def bar_line(bar: Bar) -> Line:
    return {
        "event": "bar", "instrument": bar.code, "date": bar.date, "open": yuan(bar.open), "high": _maybe(bar.high),
        "low": _maybe(bar.low), "close": yuan(bar.close), "prev_close": yuan(bar.prev_close),
        "volume": bar.volume, "turnover": yuan(bar.turnover), "trades": bar.trades,
        "block_volume": bar.block_volume, "block_turnover": yuan(bar.block_turnover),
        "block_trades": bar.block_trades, "auction_volume": bar.auction_volume,
        "auction_turnover": yuan(bar.auction_turnover), "auction_trades": bar.auction_trades,
    }  # fmt: skip


def composite_line(bar: CompositeBar) -> Line:
    return {
        "event": "composite", "date": bar.date, "open": yuan(bar.open), "high": yuan(bar.high),
        "low": yuan(bar.low), "close": yuan(bar.close), "prev_close": yuan(bar.prev_close),
    }  # fmt: skip


class EventWriter:
    """Turns events into lines; trades are numbered over the file."""

    def __init__(self) -> None:
        self.trades = 0

    def lines(self, events: Iterable[Event]) -> Iterator[Line]:
        for event in events:
            match event:
                case Accepted(order):
                    yield {"event": "accepted", "id": order.id, "member": order.member}
                case Rejected(member, id_, reason):
                    yield {"event": "rejected", "id": id_, "member": member, "reason": reason}
                case Trade():
                    self.trades += 1
                    yield trade_line(event, self.trades)
                case Cancelled(order, qty):
                    yield {"event": "cancelled", "id": order.id, "member": order.member, "qty": qty}
                case Expired(order, qty):
                    yield {"event": "expired", "id": order.id, "member": order.member, "qty": qty}
                case Bar():
                    yield bar_line(event)
                case CompositeBar():
                    yield composite_line(event)


def balance_line(member: str, asset: str, available: int, locked: int, unsettled: int) -> Line:
    """A holder's amounts at the end of the file: yuan for money, whole tonnes otherwise."""
    shown = yuan if asset == CNY else int
    return {
        "event": "balance", "member": member, "asset": asset, "available": shown(available),
        "locked": shown(locked), "unsettled": shown(unsettled),
    }  # fmt: skip


def fees_line(fen: int) -> Line:
    return {"event": "fees", "amount": yuan(fen)}
