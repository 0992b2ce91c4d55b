"""A file of acts against the scene, its persons and what is recorded already; nothing is changed here."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from registry.emitters.files.problems import More, Problem, Reason
from registry.emitters.files.reading import Reading, Row
from registry.factors.selectors import all_rows
from registry.factors.shipped import Factor, latest
from registry.inclusion.methodologies import METHODOLOGIES, Methodology, Working, working_of
from registry.inclusion.models import ActivityRecord, Joining, Scene
from registry.inclusion.selectors import closed_periods
from registry.words import decimal_text


@dataclass(frozen=True, slots=True)
class Act:
    """A row that is new: whose, when, how much, and its working."""

    record: str
    account: int
    day: dt.date
    working: Working


@dataclass(frozen=True)
class Planned:
    """`acts` is empty where there are problems; `same` rows are recorded already and change nothing."""

    rows: int
    problems: Sequence[Problem]
    acts: Sequence[Act] = ()
    same: int = 0

    @cached_property
    def basis(self) -> str:
        """SHA-256 of all effects: the same file has another one when what it meets has changed."""
        lines = [
            [act.record, act.account, act.day.isoformat(), act.working.reduction_g, act.working.points]
            for act in self.acts
        ]
        return hashlib.sha256(json.dumps(lines).encode()).hexdigest()

    @property
    def accounts(self) -> int:
        return len({act.account for act in self.acts})

    @property
    def reduction_g(self) -> int:
        return sum(act.working.reduction_g for act in self.acts)

    @property
    def points(self) -> int:
        return sum(act.working.points for act in self.acts)


#: account, day, amount of a record
Content = tuple[int, dt.date, Decimal]


@dataclass
class Ground:
    scene: Scene
    methodology: Methodology
    today: dt.date
    #: of each account's number its id and the days on which it takes part
    joinings: Mapping[str, list[tuple[int, dt.date, dt.date | None]]]
    recorded: Mapping[str, Content]
    closed: Sequence[tuple[dt.date, dt.date]]
    rows: Sequence[Factor]
    by_day: dict[dt.date, Mapping[str, Factor]] = field(default_factory=dict)

    def account(self, number: str, day: dt.date) -> int | None:
        for pk, joined, left in self.joinings.get(number, ()):
            if joined <= day and (left is None or day <= left):
                return pk
        return None

    def factors(self, day: dt.date) -> Mapping[str, Factor]:
        if day not in self.by_day:
            self.by_day[day] = latest(self.rows, day)
        return self.by_day[day]


def plan(reading: Reading, scene: Scene, today: dt.date) -> Planned:
    """Every problem, or every row's effect."""
    if reading.problems:
        return Planned(reading.count, reading.problems)
    ground = _ground(reading, scene, today)
    problems: list[Problem] = []
    acts: list[Act] = []
    for row in reading.rows:
        act, found = _effect(row, ground)
        problems += found
        acts += [act] if act else []
    if problems:
        return Planned(reading.count, problems)
    return Planned(reading.count, (), acts, reading.count - len(acts))


def _ground(reading: Reading, scene: Scene, today: dt.date) -> Ground:
    numbers = {row.values["account"] for row in reading.rows}
    joinings: dict[str, list[tuple[int, dt.date, dt.date | None]]] = {}
    for one in Joining.objects.filter(scene=scene, account__number__in=numbers).select_related("account"):
        joinings.setdefault(one.account.number, []).append((one.account_id, one.joined_on, one.left_on))
    named = [row.values["record"] for row in reading.rows]
    recorded = {
        record: (account, day, amount)
        for record, account, day, amount in ActivityRecord.objects.filter(
            scene=scene, record__in=named
        ).values_list("record", "account", "day", "amount")
    }
    return Ground(
        scene, METHODOLOGIES[scene.methodology], today, joinings, recorded, closed_periods(scene), all_rows()
    )


def _effect(row: Row, ground: Ground) -> tuple[Act | None, list[Problem]]:
    values = row.values
    account = ground.account(values["account"], values["day"])
    if account is None:
        return None, [Problem(row.line, More.UNKNOWN_ACCOUNT, "account", values["account"])]
    before = ground.recorded.get(values["record"])
    if before is not None:
        if before == (account, values["day"], values["amount"]):
            return None, []
        return None, [Problem(row.line, More.OTHER_CONTENT, "record", values["record"])]
    problems = list(_problems_of(row, ground))
    working = working_of(ground.methodology, values["amount"], ground.factors(values["day"]))
    if working is None:
        problems.append(Problem(row.line, More.NO_REDUCTION, "day", values["day"].isoformat()))
    if problems or working is None:
        return None, problems
    return Act(values["record"], account, values["day"], working), []


def _problems_of(row: Row, ground: Ground) -> Iterator[Problem]:
    day, scene, shown = row.values["day"], ground.scene, row.values["day"].isoformat()
    if day > ground.today:
        yield Problem(row.line, More.FUTURE_DAY, "day", shown)
    if day < scene.opened_on or (scene.closed_on is not None and day > scene.closed_on):
        open_time = f"{scene.opened_on} – {scene.closed_on or ''}".strip()
        yield Problem(row.line, More.SCENE_CLOSED, "day", shown, open_time)
    for first, last in ground.closed:
        if first <= day <= last:
            yield Problem(row.line, More.PERIOD_CLOSED, "day", shown, last.isoformat())
    if row.values["amount"] > ground.methodology.most:
        most = decimal_text(ground.methodology.most)
        yield Problem(row.line, Reason.TOO_LARGE, "amount", decimal_text(row.values["amount"]), most)
