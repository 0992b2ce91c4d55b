"""The core and the naive market side by side: both get each command and must say the same."""

from typing import Any

from exchange.matching.events import Move
from exchange.matching.market import Market
from exchange.matching.replay import Setting
from exchange.matching.replay_format import EventWriter, balance_line, fees_line
from exchange.matching.wallets import AVAILABLE, CNY, EXCHANGE, LOCKED, UNSETTLED
from tests.matching.naive import NaiveMarket

Line = dict[str, Any]


class Pair:
    """`feed` gives the event lines both agree on; `moves` are the ledger moves of the last command."""

    def __init__(self) -> None:
        self.core = Market()
        self.naive = NaiveMarket()
        self.moves: list[Move] = []
        self._setting = Setting()
        self._writer = EventWriter()

    def feed(self, command: Line) -> list[Line]:
        expected = self.naive.feed(command)
        got: list[Line] = []
        if command["cmd"] in self._setting.verbs:
            self._setting.apply(self.core, 0, command)
        else:
            got = list(self._writer.lines(self.core.apply(command)))
        self.moves = self.core.wallets.take_moves()
        assert got == expected, f"the two differ after {command}"
        return got

    def balances(self) -> list[Line]:
        """The balance lines and the fees of the core, equal to those of the naive market."""
        amounts = self.core.wallets.amounts
        lines = [
            balance_line(member, asset, held[AVAILABLE], held[LOCKED], held[UNSETTLED])
            for (member, asset), held in sorted(amounts.items())
            if member != EXCHANGE
        ]
        fees = amounts[EXCHANGE, CNY][AVAILABLE] if (EXCHANGE, CNY) in amounts else 0
        lines.append(fees_line(fees))
        assert lines == self.naive.balances()
        return lines
