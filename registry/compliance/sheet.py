"""All of an emitter's year for its page and the API: need, have, what of it is usable, gap, and the cheapest way."""

import datetime as dt
from dataclasses import dataclass

from registry.compliance import rules
from registry.compliance.completion import certificates_of
from registry.compliance.models import Certificate, ComplianceYear, Shortfall, Surrender
from registry.compliance.proposal import Proposal, propose
from registry.compliance.rules import Verdict
from registry.compliance.selectors import Held, credits_used_t, day_of, holdings, room_t, state_and_deadline
from registry.market_port import market
from registry.models import Asset


@dataclass(frozen=True, slots=True)
class Line:
    """One asset that is held, or proposed to be bought: how much, whether the year takes it, what is proposed."""

    asset: str
    verdict: Verdict
    registry_t: int
    trading_t: int
    locked_t: int
    close_fen: int | None
    #: of the proposal: to be surrendered in all, of it at hand in the registry, to be moved there, to be bought
    proposed_t: int = 0
    now_t: int = 0
    move_t: int = 0
    buy_t: int = 0


@dataclass(frozen=True, slots=True)
class Credits:
    """Tonnes: the cap, what of it is used or waits, what is left, and what is held of accepted credits."""

    cap_t: int
    used_t: int
    left_t: int
    held_t: int


@dataclass(frozen=True, slots=True)
class Sheet:
    row: ComplianceYear
    state: str
    deadline: dt.date
    today: dt.date
    #: still to be named in a surrender
    room_t: int
    lines: list[Line]
    credits: Credits
    proposal: Proposal

    @property
    def days_left(self) -> int:
        """Days until the deadline; 0 on it, below 0 after it."""
        return (self.deadline - self.today).days

    @property
    def usable_registry_t(self) -> int:
        """Free holdings in the registry that the year takes; credits as far as the cap has room."""
        allowances, accepted = self._sums([(line.verdict, line.registry_t) for line in self.lines])
        return allowances + min(accepted, self.credits.left_t)

    @property
    def usable_trading_t(self) -> int:
        """The same in trading: to be moved first."""
        _allowances, before = self._sums([(line.verdict, line.registry_t) for line in self.lines])
        allowances, accepted = self._sums([(line.verdict, line.trading_t) for line in self.lines])
        return allowances + min(accepted, max(0, self.credits.left_t - before))

    @property
    def have_t(self) -> int:
        """What counts towards the obligation: surrendered, waiting, and free usable holdings, credits to the cap."""
        return self.row.surrendered_t + self.row.pending_t + self.usable_registry_t + self.usable_trading_t

    @property
    def gap_t(self) -> int:
        return max(0, (self.row.obligation_t or 0) - self.have_t)

    @staticmethod
    def _sums(held: list[tuple[Verdict, int]]) -> tuple[int, int]:
        allowances = sum(qty for verdict, qty in held if verdict == Verdict.ALLOWANCE)
        return allowances, sum(qty for verdict, qty in held if verdict == Verdict.CREDIT)


def sheet_of(row: ComplianceYear, at: dt.datetime) -> Sheet:
    """Reads everything at `at`. Raises UnknownYear for a year without rules."""
    today = day_of(at)
    state, deadline = state_and_deadline(row, today)
    year_rules = rules.rules_of(row.year, rules.scheme_of(row.emitter.sector))
    arrears = today > deadline
    held = {each.asset: each for each in holdings(row.emitter_id)}
    codes = {*held, *Asset.objects.exclude(kind=Asset.Kind.MONEY).values_list("code", flat=True)}
    verdicts = {code: year_rules.verdict(code, arrears=arrears) for code in codes}
    closes = market().latest_closes_fen()
    share = _credits(row, year_rules, held, verdicts)
    found = propose(
        room_t(row),
        {asset: each.total_t for asset, each in held.items()},
        frozenset(code for code, verdict in verdicts.items() if verdict == Verdict.ALLOWANCE),
        frozenset(code for code, verdict in verdicts.items() if verdict == Verdict.CREDIT),
        share.left_t,
        closes,
    )
    return Sheet(
        row=row,
        state=state,
        deadline=deadline,
        today=today,
        room_t=room_t(row),
        lines=_lines(held, verdicts, closes, found),
        credits=share,
        proposal=found,
    )


def _credits(
    row: ComplianceYear, year_rules: rules.YearRules, held: dict[str, Held], verdicts: dict[str, Verdict]
) -> Credits:
    cap_t = year_rules.credit_cap_t(row.obligation_t or 0)
    used_t = credits_used_t(row)
    held_t = sum(each.total_t for asset, each in held.items() if verdicts[asset] == Verdict.CREDIT)
    return Credits(cap_t, used_t, max(0, cap_t - used_t), held_t)


def _lines(
    held: dict[str, Held], verdicts: dict[str, Verdict], closes: dict[str, int], found: Proposal
) -> list[Line]:
    """What is held, and what the best way buys; usable ones first."""
    uses = {use.asset: use for use in found.best.uses}
    lines = []
    for asset in {*held, *uses}:
        each, use = held.get(asset, Held(asset)), uses.get(asset)
        held_used = use.held_t if use else 0
        now_t = min(held_used, each.registry_t)
        lines.append(
            Line(
                asset, verdicts[asset], each.registry_t, each.trading_t, each.locked_t, closes.get(asset),
                use.total_t if use else 0, now_t, held_used - now_t, use.bought_t if use else 0,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (not line.verdict.usable, line.asset))


@dataclass(frozen=True, slots=True)
class Papers:
    """What came of the year so far."""

    surrenders: list[Surrender]
    certificates: list[Certificate]
    shortfall: Shortfall | None


def papers_of(row: ComplianceYear) -> Papers:
    given = row.surrenders.select_related("giver", "request").prefetch_related("lines").order_by("-pk")
    return Papers(list(given), certificates_of(row), Shortfall.objects.filter(compliance_year=row).first())
