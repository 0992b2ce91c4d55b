"""A report's content as tables, which CSV, XLSX, Parquet and PDF share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Label = str | Promise
Cell = str | int | None


class Kind(StrEnum):
    """What a column holds; as JSON and CSV write it, and what becomes of it in a workbook or in Parquet."""

    #: a string
    TEXT = "text"
    #: a whole number
    WHOLE = "whole"
    #: a string of two places, such as yuan or per cent: a number in a workbook, decimal128 in Parquet
    MONEY = "money"
    #: an ISO date
    DAY = "day"
    #: an ISO time in Beijing, to the millisecond
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` heads the column in CSV and Parquet and is the field's name in JSON; `label` heads it for people."""

    name: str
    label: Label
    kind: Kind = Kind.TEXT


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


def text(name: str, label: Label) -> Column:
    return Column(name, label)


def whole(name: str, label: Label) -> Column:
    return Column(name, label, Kind.WHOLE)


def money(name: str, label: Label) -> Column:
    """Yuan, or per cent: two places."""
    return Column(name, label, Kind.MONEY)


def moment(name: str, label: Label) -> Column:
    return Column(name, label, Kind.MOMENT)
