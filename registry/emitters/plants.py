"""A list of real power plants (Global Power Plant Database, WRI, CC BY 4.0) as emitters with their units.

Its columns are mapped to those of a file of emitters: name, owner, fuel → class, MW, province from the words of the
location. What cannot be placed is told, never guessed. The list knows no credit codes; each plant gets one in a
region of the code that no register hands out, with a right check character.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from accounts.credit_codes import check_character
from accounts.provinces import PROVINCES
from registry.emitters.files.columns import EMITTERS

COLUMNS = ("Power Plant ID", "Name", "Owner", "Fuel", "Capacity (MW)", "Location")
#: Capacity from which conventional coal is of class I (domain.md 5.1).
CLASS_I_MW = 400
OTHER_NAMES = {
    "Nei Mongol": "150000", "Neimenggu": "150000", "Xizang": "540000", "Shan'xi": "610000", "Chongqin": "500000", "Bejing": "110000",
}  # fmt: skip
NAMES = {en: code for code, (_zh, en) in PROVINCES.items() if code != "660000"} | OTHER_NAMES
IN_TEXT = re.compile(rf"\b({'|'.join(map(re.escape, NAMES))})\b", re.IGNORECASE)
BY_NAME = {name.lower(): code for name, code in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Plant:
    number: str
    name: str
    owner: str
    unit_class: str
    capacity_mw: Decimal
    province: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A line that is no plant of a province: `column` holds what could not be understood."""

    line: int
    column: str
    value: str


def read_plants(text: str) -> tuple[list[Plant], list[Unplaced]]:
    """The plants, and every line that could not be placed. Raises KeyError where a column is missing."""
    plants: list[Plant] = []
    unplaced: list[Unplaced] = []
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for row in reader:
        line = reader.line_num
        number, name, owner, fuel, capacity, location = (row[column].strip() for column in COLUMNS)
        province = province_of(location)
        size = _megawatts(capacity)
        if not province:
            unplaced.append(Unplaced(line, "Location", location))
        elif size is None:
            unplaced.append(Unplaced(line, "Capacity (MW)", capacity))
        elif not (found := class_of(fuel, size)):
            unplaced.append(Unplaced(line, "Fuel", fuel))
        else:
            plants.append(Plant(number, name, owner or name, found, size, province))
    return plants, unplaced


def province_of(location: str) -> str:
    """The province that an English address names, the last one where it names several; empty where none."""
    found = IN_TEXT.findall(location)
    return BY_NAME[found[-1].lower()] if found else ""


def class_of(fuel: str, capacity_mw: Decimal) -> str:
    """Class by fuel and size. The list does not tell circulating beds apart, so no plant is of class III."""
    kind = fuel.lower()
    if "gas" in kind:
        return "IV"
    if "coal" in kind:
        return "I" if capacity_mw >= CLASS_I_MW else "II"
    return ""


def _megawatts(text: str) -> Decimal | None:
    try:
        size = Decimal(text)
    except InvalidOperation:
        return None
    return size if size.is_finite() and size > 0 else None


def stand_in_code(plant: Plant) -> str:
    """A code in the form of GB 32100 for a plant whose own is not known: department "Y1" is nobody's."""
    first = f"Y1{plant.province}{int(plant.number) % 10**9:09d}"
    return first + check_character(first)


def as_file(plants: Sequence[Plant]) -> bytes:
    """A file of emitters and units (`files/columns.py`), cooling by water where the list says nothing."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in EMITTERS])
    writer.writerows(_lines(plants))
    return out.getvalue().encode()


def _lines(plants: Iterable[Plant]) -> Iterable[list[str]]:
    """A plant that stands in the list several times has so many units; its first line names it."""
    first: dict[str, Plant] = {}
    units: Counter[str] = Counter()
    for plant in plants:
        named = first.setdefault(plant.number, plant)
        units[plant.number] += 1
        yield [
            stand_in_code(plant), named.name, named.owner, plant.province, "power", str(units[plant.number]), plant.name,
            plant.unit_class, str(plant.capacity_mw), "water",
        ]  # fmt: skip
