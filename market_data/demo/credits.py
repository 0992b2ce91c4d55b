"""The demo's voluntary credits: invented CCER projects, their verified periods, and the units issued for them.

Registered, asked for and approved by the verbs that people use, so that every CCER of the demo has its project,
period and serials. One issue is left for the checker. A second start finds the projects and does nothing.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.approvals import verbs
from accounts.approvals.models import Notice, Request
from accounts.models import User
from exchange import clock
from registry.credits import issuing, projects
from registry.models import CreditIssue, Project
from registry.spreadsheets import BEIJING

ISSUER, CHECKER = "issuer@registry.example", "checker@registry.example"


@dataclass(frozen=True, slots=True)
class Period:
    """What was verified and is issued of it, in tonnes; `waits`: the checker has not decided yet."""

    first: dt.date
    last: dt.date
    verified_t: int
    quantity_t: int
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    code: str
    name_zh: str
    name_en: str
    owner: str
    methodology: str
    sector: str
    province: str
    registered_on: dt.date
    periods: tuple[Period, ...]


def _year(year: int, verified_t: int, quantity_t: int, **more: bool) -> Period:
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), verified_t, quantity_t, **more)


#: Methodologies are the ministry's own; projects and owners are made up. What each owner is issued is what
#: `holdings.py` says it holds at the beginning.
PROJECTS = (
    Planned(
        "CCER-DEMO-01", "滇西造林碳汇项目（演示）", "Afforestation in western Yunnan (demo)", "lanxin",
        "CCER-14-001-V01", "林业和其他碳汇", "530000", dt.date(2024, 9, 12),
        (_year(2023, 96_400, 96_000), _year(2024, 121_900, 120_000), _year(2025, 130_500, 130_000, waits=True)),
    ),
    Planned(
        "CCER-DEMO-02", "闽南红树林营造项目（演示）", "Mangroves in southern Fujian (demo)", "lanxin",
        "CCER-14-002-V01", "林业和其他碳汇", "350000", dt.date(2024, 11, 6), (_year(2024, 4_210, 4_000),),
    ),
    Planned(
        "CCER-DEMO-03", "河西光热发电项目（演示）", "Solar thermal power in Hexi (demo)", "lanxin",
        "CCER-01-001-V01", "可再生能源", "620000", dt.date(2024, 12, 20),
        (_year(2024, 88_300, 88_000), _year(2025, 92_750, 92_000)),
    ),
    Planned(
        "CCER-DEMO-04", "东海近海风电项目（演示）", "Offshore wind in the East China Sea (demo)", "jianghai",
        "CCER-01-002-V01", "可再生能源", "310000", dt.date(2025, 3, 18), (_year(2024, 31_640, 30_000),),
    ),
)  # fmt: skip
#: What emitters surrendered for past years (`compliance.py`) came from this one.
OF_THE_PAST = Planned(
    "CCER-DEMO-00", "跨省造林碳汇项目群（演示）", "Afforestation in several provinces (demo)", "lanxin",
    "CCER-14-001-V01", "林业和其他碳汇", "520000", dt.date(2024, 3, 15), (),
)  # fmt: skip


def settle_credits() -> int:
    """Makes the projects with their issues where there are none; returns how many are new."""
    if Project.objects.filter(code=PROJECTS[0].code).exists():
        return 0
    with transaction.atomic():
        for planned in PROJECTS:
            project = _register(planned)
            for period in planned.periods:
                _issue(project, period)
        told()
    return len(PROJECTS)


def issue_of_the_past(year: int, quantity_t: int) -> int:
    """The credits that were surrendered for `year`, issued to their project's owner; returns the owner's id."""
    known = Project.objects.filter(code=OF_THE_PAST.code).first()
    project = known or _register(OF_THE_PAST)
    _issue(project, _year(year, quantity_t, quantity_t))
    told()
    return project.owner_id


def _person(email: str) -> User:
    return User.objects.select_related("organisation").get(email=email)


def _register(planned: Planned) -> Project:
    return projects.register(
        code=planned.code, scheme=Project.Scheme.CCER, name_zh=planned.name_zh, name_en=planned.name_en,
        owner=planned.owner, methodology=planned.methodology, sector=planned.sector, province=planned.province,
        registered_on=planned.registered_on, in_covered_sector=False, by=_person(ISSUER), at=clock.now(),
    )  # fmt: skip


def _issue(project: Project, period: Period) -> None:
    """Asked for and approved; a period that is not over yet on this day is left out."""
    at = clock.now()
    if period.last >= at.astimezone(BEIJING).date():
        return
    made = issuing.submit(
        project, period_from=period.first, period_to=period.last, verified_t=period.verified_t,
        quantity_t=period.quantity_t, by=_person(ISSUER), reason="减排量核查报告已公示", at=at,
    )  # fmt: skip
    if not period.waits:
        assert made.request_id is not None
        verbs.approve(made.request_id, by=_person(CHECKER), reason="与核查报告一致", at=at)


def told() -> None:
    """Of what is decided already nobody need be told."""
    done = CreditIssue.objects.filter(request__state=Request.State.APPROVED).values("request")
    at = clock.now()
    Notice.objects.filter(request__in=done, read_at=None).update(read_at=at, mailed_at=at)
