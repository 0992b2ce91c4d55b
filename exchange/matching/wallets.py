"""Balances as the core sees them, and the moves that change them."""

from collections import defaultdict

from exchange.matching.events import Move

CNY = "CNY"
#: Fees go to the exchange, which is no member.
EXCHANGE = ""

AVAILABLE, LOCKED, UNSETTLED = "trading", "order", "unsettled"
#: Outside the market's sight: what waits for an announced auction, and what can only be surrendered.
PENDING, REGISTRY = "pending", "registry"


class Wallets:
    """Available, locked and unsettled amounts by member and asset, in fen or tonnes.

    Whoever fills it decides what it knows: the replay all balances, the engine those that the commands of a
    batch may spend. Every change is a `Move`; `take_moves` hands them over for posting.
    """

    def __init__(self) -> None:
        self.amounts: dict[tuple[str, str], dict[str, int]] = defaultdict(
            lambda: {AVAILABLE: 0, LOCKED: 0, UNSETTLED: 0}
        )
        #: of what was bought today, the tonnes that can only be surrendered
        self.surrender_only: dict[tuple[str, str], int] = defaultdict(int)
        self._moves: list[Move] = []

    def available(self, member: str, asset: str) -> int:
        held = self.amounts.get((member, asset))
        return held[AVAILABLE] if held else 0

    def held(self, member: str, asset: str) -> int:
        """Available, locked and unsettled together."""
        held = self.amounts.get((member, asset))
        return sum(held.values()) if held else 0

    def put(self, member: str, asset: str, amount: int, purpose: str = AVAILABLE) -> None:
        """Brings in an amount from outside the market; no move is made of it."""
        self.amounts[member, asset][purpose] += amount

    def move(
        self, asset: str, amount: int, debit: str, debit_purpose: str, credit: str, credit_purpose: str,
        kind: str, cause: str,
    ) -> None:  # fmt: skip
        if not amount:
            return
        self.amounts[debit, asset][debit_purpose] -= amount
        self.amounts[credit, asset][credit_purpose] += amount
        self._moves.append(Move(asset, amount, debit, debit_purpose, credit, credit_purpose, kind, cause))

    def bring_in(self, asset: str, amount: int, member: str, cause: str) -> None:
        """What was set aside for an announced auction becomes available to it."""
        self.put(member, asset, amount)
        self._moves.append(Move(asset, amount, member, PENDING, member, AVAILABLE, "return", cause))

    def settle(self, member: str, asset: str, cause: str) -> None:
        """What was bought today can be sold; what can only be surrendered leaves the market (End of day 4)."""
        tied = self.surrender_only.pop((member, asset), 0)
        if tied:
            self.amounts[member, asset][UNSETTLED] -= tied
            self._moves.append(Move(asset, tied, member, UNSETTLED, member, REGISTRY, "settle", cause))
        amount = self.amounts[member, asset][UNSETTLED]
        self.move(asset, amount, member, UNSETTLED, member, AVAILABLE, "settle", cause)

    def take_moves(self) -> list[Move]:
        moves, self._moves = self._moves, []
        return moves
