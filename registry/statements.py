"""Statements that travel to the database together.

A batch of one spends more time on journeys than on work: seven statements that nobody waits for one by one took
3 ms, in one journey 1 ms (`bench ack`). Many rows go by COPY, which needs a journey of its own.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.copying import copy_rows

#: Up to so many rows an INSERT in the common journey is faster than a COPY beside it.
FEW = 20


class Statements:
    """Collects statements whose answers nobody needs, and sends them in their order. Errors come from `send`."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._waiting: list[str] = []

    def add(self, sql: str, arguments: Sequence[object]) -> None:
        """One statement; it is sent later, or before rows that need COPY."""
        self._waiting.append(self._cursor.mogrify(sql, arguments).decode())

    def rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """New rows of a table of ours."""
        listed = list(rows)
        if len(listed) > FEW:
            self.send()
            copy_rows(self._cursor, table, columns, listed)
        elif listed:
            places = f"({', '.join(['%s'] * len(columns))})"
            values = [value for row in listed for value in row]
            self.add(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([places] * len(listed))}",  # noqa: S608 - our own names
                values,
            )

    def send(self) -> None:
        """Sends what is waiting, all of it in one journey."""
        if self._waiting:
            text, self._waiting = "; ".join(self._waiting), []
            self._cursor.execute(text)
