"""What a compliance year accepts, by when, and what a shortfall costs: one dated table (registry-rules.md 4).

    RULES       by compliance year: deadline, vintages, credits, and what its arrears accept
    PILOTS      sectors whose scheme is not the national one, with rules made from those of the year
    FINES       by the day of the deadline
    DEDUCTIONS  by the day of the decision

Pure: no framework, no clock. Days are Beijing's, quantities tonnes, money fen. Nothing anywhere else asks which
year it is; it asks the year's rules.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

ASSET = re.compile(r"(?P<series>[A-Z]+)(?:(?P<first>\d\d)(?:-(?P<last>\d\d))?)?(?:-[A-Z0-9]+)?", re.ASCII)
CENTURY = 2000


class UnknownYear(LookupError):
    """No rules are known for this compliance year."""


class Scheme(StrEnum):
    NATIONAL = "national"
    SHANGHAI = "shanghai"


#: Sectors that a pilot covers, not the national market; every other sector is national (domain.md 7.1).
PILOTS = {"shanghai_pilot": Scheme.SHANGHAI}


def scheme_of(sector: str) -> Scheme:
    """The scheme that an emitter of this sector surrenders in."""
    return PILOTS.get(sector, Scheme.NATIONAL)


class Verdict(StrEnum):
    """Whether a unit may be surrendered for a year, and why not."""

    ALLOWANCE = "allowance"
    CREDIT = "credit"
    #: allowances that were issued for a later year: no borrowing
    TOO_LATE = "too_late"
    #: allowances of a time before; carried over first
    TOO_EARLY = "too_early"
    #: a credit that this year or scheme does not take
    OTHER_CREDIT = "other_credit"
    #: neither an allowance nor a credit of this scheme
    FOREIGN = "foreign"

    @property
    def usable(self) -> bool:
        return self in {Verdict.ALLOWANCE, Verdict.CREDIT}


@dataclass(frozen=True, slots=True)
class Vintages:
    """Allowances by the years in their code, such as CEA19-20: 2019 to 2020. None: no bound on that side."""

    earliest: int | None = None
    latest: int | None = None


@dataclass(frozen=True, slots=True)
class YearRules:
    """One compliance year of one scheme. `source`: the paragraph of domain.md or registry-rules.md it stands in."""

    year: int
    deadline: dt.date
    vintages: Vintages
    #: what is accepted once the deadline has passed
    arrears: Vintages
    #: assets; a class of credits is an asset of its own (decision 023)
    credits: frozenset[str]
    credit_share: Decimal
    #: how the code of an allowance begins
    series: str = "CEA"
    scheme: Scheme = Scheme.NATIONAL
    source: str = field(default="registry-rules.md 4", compare=False)

    def credit_cap_t(self, obligation_t: int) -> int:
        """Credits for this obligation at most, rounded down: share × obligation, not × what is surrendered."""
        return int(self.credit_share * obligation_t)

    def verdict(self, asset: str, *, arrears: bool) -> Verdict:
        """Whether units of this asset may be surrendered; `arrears` once the deadline has passed."""
        if asset in self.credits:
            return Verdict.CREDIT
        match = ASSET.fullmatch(asset)
        if match is None or match["series"] != self.series:
            return Verdict.OTHER_CREDIT if match and match["series"].endswith("CER") else Verdict.FOREIGN
        if match["first"] is None:
            # A scheme whose allowances carry no vintage takes them all; here every allowance has one.
            return Verdict.ALLOWANCE if self.vintages == Vintages() else Verdict.FOREIGN
        return _by_vintage(CENTURY + int(match["first"]), self.arrears if arrears else self.vintages)


def _by_vintage(first: int, accepted: Vintages) -> Verdict:
    if accepted.latest is not None and first > accepted.latest:
        return Verdict.TOO_LATE
    if accepted.earliest is not None and first < accepted.earliest:
        return Verdict.TOO_EARLY
    return Verdict.ALLOWANCE


ALL = Vintages()
FIVE_PERCENT = Decimal("0.05")
#: registered after 2024-01-22, and the older ones; `CCER-CS` (inside a covered sector) is nowhere
NEW_CREDITS = frozenset({"CCER"})
OLDER_CREDITS = NEW_CREDITS | {"CCER-2017"}


def _up_to(year: int, deadline: str) -> YearRules:
    """2019–2024: vintages up to the year; arrears take every vintage (PLAN2324 七, PLAN2526D 五)."""
    return YearRules(
        year, dt.date.fromisoformat(deadline), Vintages(latest=year), ALL, OLDER_CREDITS, FIVE_PERCENT
    )


def _from_2025(year: int, deadline: str) -> YearRules:
    """2025 and later: CEA25 and later alone, also for arrears (PLAN2526D 五, draft)."""
    later = Vintages(earliest=2025)
    return YearRules(year, dt.date.fromisoformat(deadline), later, later, NEW_CREDITS, FIVE_PERCENT)


RULES: dict[int, YearRules] = {
    row.year: row
    for row in (
        _up_to(2019, "2021-12-31"),
        _up_to(2020, "2021-12-31"),
        _up_to(2021, "2023-12-31"),
        _up_to(2022, "2023-12-31"),
        _up_to(2023, "2024-12-31"),
        _up_to(2024, "2025-12-31"),
        _from_2025(2025, "2026-12-31"),
        _from_2025(2026, "2027-12-31"),
    )
}

#: Shanghai's own last days (domain.md 7.1); of other years none was found, there the national one stands.
SHANGHAI_DEADLINES = {
    2019: dt.date(2020, 10, 30),
    2020: dt.date(2021, 9, 30),
    2021: dt.date(2022, 12, 30),
}


def rules_of(year: int, scheme: Scheme = Scheme.NATIONAL) -> YearRules:
    """The rules of a compliance year. Raises UnknownYear.

    Shanghai's scheme takes its own allowances of any year, and SHCER beside CCER, both together within the cap.
    """
    try:
        national = RULES[year]
    except KeyError:
        raise UnknownYear(year) from None
    if scheme == Scheme.NATIONAL:
        return national
    return YearRules(
        year, SHANGHAI_DEADLINES.get(year, national.deadline), ALL, ALL, national.credits | {"SHCER"},
        national.credit_share, series="SHEA", scheme=scheme, source="registry-rules.md 4; domain.md 7.1, 7.5",
    )  # fmt: skip


def years() -> list[int]:
    """The compliance years whose rules are known."""
    return sorted(RULES)


@dataclass(frozen=True, slots=True)
class FineRule:
    """Either amounts of money, or multiples of the average price of the month before the deadline's month."""

    source: str
    low_fen: int = 0
    high_fen: int = 0
    low_times: int = 0
    high_times: int = 0

    @property
    def by_price(self) -> bool:
        return self.low_times > 0

    def bounds_fen(self, missing_t: int, turnover_fen: int = 0, volume_t: int = 0) -> tuple[int, int] | None:
        """Lowest and highest fine; None where it goes by a price and nothing was traded.

        The average stays the exact fraction turnover ÷ volume; only the fine itself is rounded, down to the fen.
        """
        if not self.by_price:
            return self.low_fen, self.high_fen
        if not volume_t:
            return None
        once = Fraction(turnover_fen, volume_t) * missing_t
        return int(once * self.low_times), int(once * self.high_times)


#: The last row whose day is not after the deadline holds.
FINES: tuple[tuple[dt.date, FineRule], ...] = (
    (dt.date(2021, 2, 1), FineRule("MEE Order 19, art. 40", low_fen=2_000_000, high_fen=3_000_000)),
    (dt.date(2024, 5, 1), FineRule("State Council Decree 775, art. 24", low_times=5, high_times=10)),
)

#: The last row whose day is not after the decision holds: whether the missing tonnes may be deducted as well.
DEDUCTIONS: tuple[tuple[dt.date, bool, str], ...] = (
    (dt.date(2021, 2, 1), True, "MEE Order 19, art. 40; State Council Decree 775, art. 24"),
    (dt.date(2026, 8, 15), False, "draft plan 2025–2026, tables 1–5, note 4"),
)


def fine_rule(deadline: dt.date) -> FineRule:
    """The rule of fines for a deadline. Raises LookupError for a day before the first rule."""
    found = [rule for since, rule in FINES if since <= deadline]
    if not found:
        raise LookupError(f"no rule of fines holds on {deadline}")
    return found[-1]


def deduction_t(missing_t: int, decided_on: dt.date) -> int:
    """Tonnes that a decision of this day may take from next year's allocation."""
    allowed = [allowed for since, allowed, _source in DEDUCTIONS if since <= decided_on]
    return missing_t if allowed and allowed[-1] else 0


def price_month(deadline: dt.date) -> dt.date:
    """The first day of the calendar month before the deadline's month."""
    return (deadline.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
