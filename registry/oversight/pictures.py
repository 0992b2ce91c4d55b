"""Pictures as SVG without a style of their own: the content policy allows attributes and classes alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from registry.models import ComplianceYear
from registry.oversight.years import SHOWN_STATES, CurvePoint, Group

WIDTH, HEIGHT = 720, 220
BOTTOM, TOP = 20, 12
BAR = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """One state's part of a bar, in the units of its viewBox."""

    state: str
    label: str
    count: int
    x: str
    width: str


def bar(group: Group) -> list[Piece]:
    """The emitters of a group by state, side by side over the whole width."""
    pieces, before = [], 0
    for state in SHOWN_STATES:
        count = group.count(state)
        if count:
            x, end = _scaled(before, group.emitters, BAR), _scaled(before + count, group.emitters, BAR)
            label = str(ComplianceYear.State(state).label)
            pieces.append(Piece(state.value, label, count, _text(x), _text(end - x)))
            before += count
    return pieces


@dataclass(frozen=True, slots=True)
class Curve:
    """A stepped line of what was surrendered, the level that is owed, and the day of the deadline."""

    points: str
    area: str
    owed_y: str
    deadline_x: str
    today_x: str
    first: dt.date
    last: dt.date
    width: int = WIDTH
    height: int = HEIGHT


def curve(points: Sequence[CurvePoint], obligation_t: int, deadline: dt.date, today: dt.date) -> Curve | None:
    """From the first surrender, at the latest 30 days before the deadline, to the deadline or the last surrender.

    None where nothing is owed and nothing was surrendered.
    """
    if not points and not obligation_t:
        return None
    first = min([deadline - dt.timedelta(days=30), *(point.day for point in points[:1])])
    last = max(deadline, points[-1].day if points else deadline)
    days = max((last - first).days, 1)
    highest = max(obligation_t, points[-1].total_t if points else 0, 1)
    ground, rise = (HEIGHT - BOTTOM) * 100, HEIGHT - BOTTOM - TOP

    def across(day: dt.date) -> int:
        return _scaled((day - first).days, days, WIDTH)

    def up(tonnes: int) -> int:
        return ground - _scaled(tonnes, highest, rise)

    line, level = [f"0,{_text(up(0))}"], up(0)
    for point in points:
        x = _text(across(point.day))
        line += [f"{x},{_text(level)}", f"{x},{_text(up(point.total_t))}"]
        level = up(point.total_t)
    end = _text(across(max(min(today, last), points[-1].day if points else first)))
    line.append(f"{end},{_text(level)}")
    area = [*line, f"{end},{_text(up(0))}"]
    return Curve(
        " ".join(line), " ".join(area), _text(up(obligation_t)), _text(across(deadline)),
        _text(across(max(first, min(today, last)))), first, last,
    )  # fmt: skip


def _scaled(part: int, whole: int, length: int) -> int:
    """In hundredths of a unit, so that no float is needed; see `_text`."""
    return part * length * 100 // whole


def _text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
