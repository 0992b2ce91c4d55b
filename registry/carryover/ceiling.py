"""How much of the old vintages an emitter may carry over (结转): one dated table, and `T = floor(B + R × max(NS, 0))`.

Pure: no framework, no clock. registry-rules.md 5, domain.md 5.8 (plan for 2023 and 2024, part 7 and annex 5).
Quantities are tonnes; days and moments are Beijing's.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
ALLOWANCE = re.compile(r"CEA(?P<first>\d\d)(?:-(?P<last>\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """One carry-over: which vintages become which, by which limits and by when."""

    target: str
    first_vintage: int
    last_vintage: int
    base_t: Mapping[str, int]
    ratio: Decimal
    #: net sales count trades of these days, the first and the last of them included
    traded_from: dt.date
    traded_to: dt.date
    #: what was held then is the other limit
    cut_off: dt.datetime
    apply_from: dt.date
    apply_to: dt.date
    #: compliance years that must not be overdue
    years: tuple[int, ...]
    source: str = field(default="", compare=False)

    def takes(self, asset: str) -> bool:
        """Whether an asset is one of the vintages that may be carried over."""
        match = ALLOWANCE.fullmatch(asset)
        if match is None:
            return False
        first = 2000 + int(match["first"])
        last = 2000 + int(match["last"] or match["first"])
        return self.first_vintage <= first <= last <= self.last_vintage

    def ceiling_t(self, sector: str, net_sales_t: int) -> int:
        """T of an emitter of this sector. Raises KeyError for a sector that the rule does not know."""
        exact = self.base_t[sector] + self.ratio * max(net_sales_t, 0)
        return int(exact.to_integral_value(ROUND_FLOOR))


RULES: tuple[Rule, ...] = (
    Rule(
        target="CEA25",
        first_vintage=2019,
        last_vintage=2024,
        base_t={"power": 10_000, "steel": 100_000, "cement": 100_000, "aluminium": 100_000},
        ratio=Decimal("1.5"),
        traded_from=dt.date(2024, 1, 1),
        traded_to=dt.date(2025, 12, 31),
        cut_off=dt.datetime(2025, 12, 31, 23, 59, tzinfo=BEIJING),
        apply_from=dt.date(2026, 1, 1),
        apply_to=dt.date(2026, 6, 10),
        years=(2023, 2024),
        source="registry-rules.md 5; domain.md 5.8",
    ),
)


@dataclass(frozen=True, slots=True)
class Working:
    """T and what may be carried over, with every number that leads there. `asked_t`: earlier applications."""

    rule: Rule
    sector: str
    sold_t: int
    bought_t: int
    held_t: int
    pending_t: int
    asked_t: int

    @property
    def base_t(self) -> int:
        return self.rule.base_t[self.sector]

    @property
    def net_sales_t(self) -> int:
        """NS: sales less purchases; below zero it counts as zero."""
        return self.sold_t - self.bought_t

    @property
    def ceiling_t(self) -> int:
        return self.rule.ceiling_t(self.sector, self.net_sales_t)

    @property
    def holding_t(self) -> int:
        """What was held at the cut-off, less what was pending then."""
        return self.held_t - self.pending_t

    @property
    def most_t(self) -> int:
        """All applications together."""
        return min(self.ceiling_t, self.holding_t)

    @property
    def room_t(self) -> int:
        """What another application may still name."""
        return max(0, self.most_t - self.asked_t)

    def as_dict(self) -> dict[str, object]:
        """As it is kept with an application."""
        return {
            "source": self.rule.source,
            "sector": self.sector,
            "base_t": self.base_t,
            "ratio": str(self.rule.ratio),
            "sold_t": self.sold_t,
            "bought_t": self.bought_t,
            "net_sales_t": self.net_sales_t,
            "ceiling_t": self.ceiling_t,
            "held_t": self.held_t,
            "pending_t": self.pending_t,
            "holding_t": self.holding_t,
            "asked_before_t": self.asked_t,
            "room_t": self.room_t,
        }
