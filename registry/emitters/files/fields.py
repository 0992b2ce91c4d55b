"""What a cell means in its column. Each reader gives the value or raises Bad.

A figure is plain digits with an optional point, because "1,234" and "1e5" mean different things to different
people. Bounds and decimals are those of the database's columns, so that nothing is rounded on the way.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from accounts.credit_codes import is_valid
from accounts.provinces import PROVINCES
from registry.allocation.formulas.csv_rows import PLAIN, SLIPS
from registry.allocation.formulas.units import Cooling, UnitClass
from registry.emitters.files.problems import Bad, More, Reason

Reader = Callable[[str], Any]
MAX_QUANTITY = Decimal(10) ** 12
MAX_CAPACITY_MW = Decimal(100_000)
MAX_INTENSITY = Decimal(1_000)
#: A sector in both languages.
SECTORS = {
    "power": "power", "steel": "steel", "cement": "cement", "aluminium": "aluminium",
    "发电": "power", "钢铁": "steel", "水泥": "cement", "铝冶炼": "aluminium",
    "shanghai_pilot": "shanghai_pilot", "上海试点": "shanghai_pilot",
}  # fmt: skip
PROVINCE_CODES = (
    {code: code for code in PROVINCES}
    | {zh: code for code, (zh, _en) in PROVINCES.items()}
    | {en: code for code, (_zh, en) in PROVINCES.items()}
)


def name(longest: int) -> Reader:
    """A name as it may be shown and written into a spreadsheet again: no formula, no hidden characters."""

    def read(value: str) -> str:
        if len(value) > longest:
            raise Bad(Reason.TOO_LONG, str(longest))
        if not value.isprintable():
            raise Bad(Reason.CONTROL_CHARACTER)
        if value[0] in "=+-@":
            raise Bad(Reason.FORMULA)
        return value

    return read


def number(highest: Decimal, decimals: int, beyond: Reason = Reason.TOO_LARGE) -> Reader:
    """A Decimal from 0 to `highest`."""

    def read(value: str) -> Decimal:
        if not PLAIN.fullmatch(value):
            raise Bad(_slip(value))
        places = value.partition(".")[2].rstrip("0")
        if len(places) > decimals:
            raise Bad(Reason.TOO_MANY_DECIMALS, str(decimals))
        if Decimal(value) > highest:
            raise Bad(beyond, str(highest))
        return Decimal(value)

    return read


def _slip(value: str) -> Reason:
    """Which of the usual slips made this cell no number."""
    return next((reason for reason, pattern in SLIPS if pattern.fullmatch(value)), Reason.NOT_A_NUMBER)


def above_zero(reader: Reader) -> Reader:
    def read(value: str) -> Any:
        found = reader(value)
        if not found:
            raise Bad(More.ZERO)
        return found

    return read


def tonnes(value: str) -> int:
    """Verified emissions are whole tonnes; "12.0" is one of them."""
    found = number(MAX_QUANTITY, 12)(value)
    if found != int(found):
        raise Bad(Reason.NOT_WHOLE)
    return int(found)


def one_of(words: dict[str, str], reason: str, shown: str) -> Reader:
    def read(value: str) -> str:
        if value not in words:
            raise Bad(reason, shown)
        return words[value]

    return read


def credit_code(value: str) -> str:
    if not is_valid(value):
        raise Bad(More.CREDIT_CODE)
    return value


quantity = number(MAX_QUANTITY, 4)
fraction = number(Decimal(1), 10, Reason.OUTSIDE_0_1)
intensity = number(MAX_INTENSITY, 8)
capacity = above_zero(number(MAX_CAPACITY_MW, 3))
unit_class = one_of({one.value: one.value for one in UnitClass}, Reason.UNKNOWN_CLASS, ", ".join(UnitClass))
cooling = one_of({one.value: one.value for one in Cooling}, Reason.UNKNOWN_COOLING, ", ".join(Cooling))
sector = one_of(SECTORS, More.UNKNOWN_SECTOR, "power, steel, cement, aluminium, shanghai_pilot")
province = one_of(PROVINCE_CODES, More.UNKNOWN_PROVINCE, "310000, 上海市, Shanghai")
