"""The composite price (综合价) over the vintages (trading-rules.md: End of day)."""

from collections.abc import Mapping

from exchange.matching.events import CompositeBar
from exchange.matching.money import round_half_up


class Composite:
    """The composite of one day: fed with every listed trade, asked at the close. All prices in fen.

    A vintage without a trade counts with its last price, or its previous close.
    """

    def __init__(self, weights: Mapping[str, int], prev_close: int, prices: Mapping[str, int]) -> None:
        self.weights = {code: weight for code, weight in weights.items() if weight}
        self.prev_close = prev_close
        self.prices = {code: prices[code] for code in self.weights}
        self.total = sum(self.weights.values())
        self.open: int | None = None
        self.high = self.low = prev_close

    def value(self, prices: Mapping[str, int]) -> int:
        """The weighted mean of the given prices, half-up to the fen."""
        return round_half_up(sum(prices[code] * weight for code, weight in self.weights.items()), self.total)

    def trade(self, code: str, price: int) -> None:
        """A listed trade of any vintage recomputes it; one of another instrument changes nothing."""
        if code not in self.weights:
            return
        self.prices[code] = price
        value = self.value(self.prices)
        if self.open is None:
            self.open = self.high = self.low = value
        self.high = max(self.high, value)
        self.low = min(self.low, value)

    def bar(self, date: str, closes: Mapping[str, int]) -> CompositeBar:
        """The day's figures; without a trade everything equals the previous close."""
        if self.open is None:
            prev = self.prev_close
            return CompositeBar(date, prev, prev, prev, prev, prev)
        return CompositeBar(date, self.open, self.high, self.low, self.value(closes), self.prev_close)
