"""The memory engine of `manage.py replay`: a file's commands through the core, with all balances in a dictionary."""

from collections.abc import Iterable, Iterator

from exchange.matching.book import Book
from exchange.matching.composite import Composite
from exchange.matching.market import Market
from exchange.matching.money import parse_price
from exchange.matching.replay_format import (
    BadLine,
    EventWriter,
    Line,
    balance_line,
    fees_line,
    parameters,
    read,
)
from exchange.matching.wallets import AVAILABLE, CNY, EXCHANGE, LOCKED, UNSETTLED


def replay(lines: Iterable[str]) -> Iterator[Line]:
    """Yields what happened, line by line. Raises BadLine where the file is wrong."""
    market, writer, setting = Market(), EventWriter(), Setting()
    for number, command in read(lines):
        if command["cmd"] in setting.verbs:
            setting.apply(market, number, command)
            continue
        if command["cmd"] == "phase" and command["instrument"] not in market.books:
            raise BadLine(number, f"no instrument {command['instrument']!r}")
        yield from writer.lines(market.apply(command))
        market.wallets.take_moves()
    amounts = market.wallets.amounts
    for (member, asset), held in sorted(amounts.items()):
        if member != EXCHANGE:
            yield balance_line(member, asset, held[AVAILABLE], held[LOCKED], held[UNSETTLED])
    yield fees_line(amounts[EXCHANGE, CNY][AVAILABLE])


class Setting:
    """The commands that set the scene: fees, instruments, members, credits, the composite."""

    verbs = frozenset({"fees", "instrument", "member", "credit", "composite"})

    def __init__(self) -> None:
        self.fee_bps = 0

    def apply(self, market: Market, number: int, command: Line) -> None:
        match command["cmd"]:
            case "fees":
                self.fee_bps = command["bps"]
                for book in market.books.values():
                    book.parameters.fee_bps = self.fee_bps
            case "instrument":
                if command["code"] in {CNY, *market.books}:
                    raise BadLine(number, f"the code {command['code']!r} is taken")
                prev_close = parse_price(command["prev_close"]) or 0
                book = Book(command["code"], prev_close, parameters(command, self.fee_bps))
                market.books[book.code] = book
            case "member":
                market.members[command["id"]] = command.get("status", "active")
            case "credit":
                if command["member"] not in market.members:
                    raise BadLine(number, f"no member {command['member']!r}")
                amount = parse_price(command["amount"]) if command["asset"] == CNY else command["amount"]
                market.wallets.put(command["member"], command["asset"], credited(number, amount))
            case "composite":
                market.composite = composite(market, number, command)


def credited(number: int, amount: object) -> int:
    """Tonnes are whole numbers, not strings of yuan."""
    if type(amount) is not int:
        raise BadLine(number, f"credit has a wrong 'amount': {amount!r}")
    return amount


def composite(market: Market, number: int, command: Line) -> Composite:
    """The composite over instruments that stand before it in the file."""
    missing = sorted(set(command["weights"]) - set(market.books))
    if missing:
        raise BadLine(number, f"no instrument {missing[0]!r}")
    prices = {code: book.last_price() for code, book in market.books.items()}
    return Composite(command["weights"], parse_price(command["prev_close"]) or 0, prices)
