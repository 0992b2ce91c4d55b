"""What a check yields, and how it reads its rows."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from django.db import connection

#: A check names at most so many rows: whoever has a thousand breaks needs no second thousand.
MOST_BREAKS = 1_000


@dataclass(frozen=True, slots=True)
class Break:
    """One row that is not what it should be; amounts in fen or tonnes."""

    check: str
    #: the row, such as `account 17 (jianghai CEA21 trading)`
    subject: str
    expected: str
    found: str
    detail: str

    def __str__(self) -> str:
        return f"{self.check}: {self.subject}: expected {self.expected}, found {self.found} ({self.detail})"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


#: What a statement takes
Parameter = int | str | dt.date | None

Check = Callable[[dt.date | None], Iterator[Break]]


def rows(
    statement: str, parameters: Mapping[str, Parameter] | None = None
) -> list[tuple[str, str, str, str]]:
    """The first breaks that a statement finds: (subject, expected, found, detail)."""
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST_BREAKS}", parameters or {})
        return [(str(a), str(b), str(c), str(d)) for a, b, c, d in cursor.fetchall()]


def breaks(check: str, statement: str, parameters: Mapping[str, Parameter] | None = None) -> Iterator[Break]:
    """A `Break` for each row of a statement that gives (subject, expected, found, detail)."""
    for subject, expected, found, detail in rows(statement, parameters):
        yield Break(check, subject, expected, found, detail)
