"""A report's content as tables, which CSV and XLSX share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Label = str | Promise
Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """`name` heads the column in CSV and is the field's name in JSON; `label` heads it in a workbook.

    A `money` column holds strings of two places, which a workbook shows as numbers; an `amount` column holds
    those where the asset is money and whole tonnes elsewhere.
    """

    name: str
    label: Label
    money: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    label: Label
    columns: tuple[Column, ...]
    rows: list[list[Cell]]


def table(name: str, label: Label, columns: tuple[Column, ...], lines: Iterable[Mapping[str, Any]]) -> Table:
    """A table whose rows are picked from mappings by the columns' names; what is missing stays empty."""
    rows: list[list[Cell]] = [[line.get(column.name) for column in columns] for line in lines]
    return Table(name, label, columns, rows)
