"""What is asked of a day: the steps after an event, before one, or from a time on. Read strictly."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exchange import clock
from market_data.replay.chunks import MOST_STEPS, Chunks, Shown

WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", re.ASCII)
STEPS = 50


class BadQuestion(ValueError):
    """`field` is the parameter that is wrong; the text is for people."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Question:
    """One of `after`, `before` and `at`; none of them is the day's beginning."""

    after: int | None = None
    before: int | None = None
    at: dt.time | None = None
    steps: int = STEPS

    def answer(self, chunks: Chunks) -> Shown:
        """The steps that are asked for, with the state before them."""
        if self.before is not None:
            return chunks.before(min(self.before, chunks.last), self.steps)
        if self.at is not None:
            return chunks.at(dt.datetime.combine(chunks.day, self.at, clock.BEIJING), self.steps)
        return chunks.after(min(self.after or 0, chunks.last), self.steps)


def read(query: Mapping[str, str]) -> Question:
    """Raises BadQuestion."""
    given = {name: query[name] for name in ("after", "before", "at") if query.get(name)}
    if len(given) > 1:
        raise BadQuestion(max(given), _("Give one of after, before and at."))
    numbers = {name: _whole(name, value) for name, value in given.items() if name != "at"}
    steps = _whole("steps", query["steps"]) if query.get("steps") else STEPS
    if not 1 <= steps <= MOST_STEPS:
        raise BadQuestion("steps", _("A whole number from 1 to %s.") % MOST_STEPS)
    return Question(at=_time(given["at"]) if "at" in given else None, steps=steps, **numbers)


def _whole(name: str, value: str) -> int:
    if not WHOLE.fullmatch(value):
        raise BadQuestion(name, _("Give a whole number."))
    return int(value)


def _time(value: str) -> dt.time:
    if not TIME.fullmatch(value):
        raise BadQuestion("at", _("Give a time of the day in Beijing, such as 14:55 or 14:55:30."))
    return dt.time.fromisoformat(value)
