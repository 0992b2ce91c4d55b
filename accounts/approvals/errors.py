"""Why a verb of two people did nothing."""

from typing import Any


class Refused(Exception):
    """Nothing changed. `code` is for programs, `detail` says in words what to do.

    SAME_PERSON, ROLE_MISSING, NOT_YOURS, NOT_PENDING, REASON_MISSING, SUSPENDED, NO_DECIDER, DOCUMENT_TAKEN,
    and whatever an effect adds of its own domain.
    """

    def __init__(self, code: str, detail: Any = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self._detail = detail

    @property
    def detail(self) -> str:
        return str(self._detail)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class WrongField(Refused):
    """`field` holds what it cannot hold: pages and the API say it there."""

    def __init__(self, field: str, code: str, detail: Any = "") -> None:
        super().__init__(code, detail)
        self.field = field
