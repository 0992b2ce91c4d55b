"""How a number came about: steps that a page can open, in symbols and figures, without a word of any language.

A step's `key` says what was computed, its `case` which branch of the rule held, a value's `source` where it was read;
pages translate these.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

#: Between thousands: a space at which a line is never broken.
THIN = "\u00a0"


class SourceKind(StrEnum):
    """What `Value.source` names."""

    COLUMN = "column"  # a column of the unit's row
    DOCUMENT = "document"  # the number of the plan
    STEP = "step"  # the key of an earlier step of the same derivation
    UNIT = "unit"  # another unit's total, by the unit's code
    GIVEN = "given"  # a figure the caller brought, by its name


@dataclass(frozen=True)
class Value:
    """One figure of a formula: its symbol, the exact number, its unit of measure and where it comes from."""

    symbol: str
    number: Decimal
    measure: str
    kind: SourceKind
    source: str

    @property
    def shown(self) -> str:
        """As it stands in a formula: `3 000 000 MWh`, `0.7910`."""
        return with_measure(self.number, self.measure)


@dataclass(frozen=True)
class Step:
    """One computed figure. `template` is the formula with `{symbol}` where a value stands."""

    key: str
    case: str
    template: str
    values: tuple[Value, ...]
    result: Decimal
    measure: str
    #: The rounding applied to it: `floor_t`, `half_up_6`, `half_up_2`, or empty where the figure is exact.
    rounding: str
    document: str

    @property
    def formula(self) -> str:
        """In symbols: `Qe × Be × Ff`."""
        return self.template.format_map({value.symbol: value.symbol for value in self.values})

    @property
    def filled(self) -> str:
        """In figures: `3 000 000 MWh × 0.7910 × 1.061364 = 2 518 616 t`."""
        left = self.template.format_map({value.symbol: value.shown for value in self.values})
        return f"{left} = {with_measure(self.result, self.measure)}"


def column(symbol: str, number: Decimal | int, measure: str, name: str) -> Value:
    """A figure of the unit's row."""
    return Value(symbol, Decimal(number), measure, SourceKind.COLUMN, name)


def from_plan(symbol: str, number: Decimal, document: str) -> Value:
    """A benchmark, factor or share of a plan."""
    return Value(symbol, number, "", SourceKind.DOCUMENT, document)


def from_step(symbol: str, number: Decimal | int, measure: str, key: str) -> Value:
    """What an earlier step computed."""
    return Value(symbol, Decimal(number), measure, SourceKind.STEP, key)


def grouped(number: Decimal) -> str:
    """Plain digits with spaces between thousands; decimals as they are."""
    return f"{number:,f}".replace(",", THIN).replace("-", "−")


def with_measure(number: Decimal, measure: str) -> str:
    return f"{grouped(number)}{THIN}{measure}" if measure else grouped(number)
