"""What can be wrong with a file. Codes; whoever shows them has the words (registry/emitters/words.py)."""

from dataclasses import dataclass
from enum import StrEnum

from registry.allocation.formulas.csv_rows import Reason

__all__ = ["Bad", "More", "Problem", "Reason", "WrongFile"]


class More(StrEnum):
    """Reasons beyond those of a file of units (`Reason`)."""

    NOT_TEXT = "not_text"
    TOO_BIG = "too_big"
    OLD_XLS = "old_xls"
    NOT_XLSX = "not_xlsx"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    SEVERAL_SHEETS = "several_sheets"
    MERGED = "merged"
    FORMULA_CELL = "formula_cell"
    ERROR_CELL = "error_cell"
    CREDIT_CODE = "credit_code"
    UNKNOWN_PROVINCE = "unknown_province"
    UNKNOWN_SECTOR = "unknown_sector"
    ZERO = "zero"
    CONTRADICTS = "contradicts"
    NOT_FOR_SECTOR = "not_for_sector"
    OTHER_PROVINCE = "other_province"
    CODE_TAKEN = "code_taken"
    PILOT_ELSEWHERE = "pilot_elsewhere"
    SECTOR_FIXED = "sector_fixed"
    UNKNOWN_EMITTER = "unknown_emitter"
    UNKNOWN_UNIT = "unknown_unit"
    NOT_COVERED = "not_covered"
    OTHER_CLASS = "other_class"
    NOT_A_DAY = "not_a_day"
    RECORD_ID = "record_id"
    UNKNOWN_ACCOUNT = "unknown_account"
    FUTURE_DAY = "future_day"
    SCENE_CLOSED = "scene_closed"
    PERIOD_CLOSED = "period_closed"
    OTHER_CONTENT = "other_content"
    NO_REDUCTION = "no_reduction"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `line` counts the file's rows from 1; the rest is empty where nothing is meant.

    `limit` is what the reason measures by: the highest value, the first line of a duplicate, the cell.
    """

    line: int
    reason: str
    column: str = ""
    value: str = ""
    limit: str = ""


class Bad(Exception):
    """A cell that is not what its column holds."""

    def __init__(self, reason: str, limit: str = "") -> None:
        super().__init__(reason)
        self.reason, self.limit = reason, limit


class WrongFile(Exception):
    """The file as a whole: it is read no further."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems
