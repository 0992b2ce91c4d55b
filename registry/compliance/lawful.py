"""Which tonnes a year's obligation takes: vintages, credits, sums, holdings (registry-rules.md 4).

Every refusal names the field, the rule and the way out. Where another firm helps, the words leave out figures
of the helped emitter that are nobody's but its own.
"""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.compliance import rules
from registry.compliance.models import ComplianceYear, Surrender
from registry.compliance.rules import Verdict, YearRules
from registry.compliance.selectors import credits_used_t, day_of, deadline_of, room_t
from registry.ledger.models import Account, Asset

LARGEST_T = 2**53
MOST_LINES = 50


def check(
    row: ComplianceYear,
    lines: Mapping[str, int],
    *,
    own: bool,
    at: dt.datetime,
    without: Surrender | None = None,
) -> int:
    """Tonnes of credits among the lines, where all of them are lawful for the year. The row is locked.

    `without`: a surrender that waits and is not to be counted twice; `row.pending_t` is already without it.
    Raises Refused.
    """
    _check_form(lines)
    scheme = rules.scheme_of(row.emitter.sector)
    year_rules = rules.rules_of(row.year, scheme)
    arrears = day_of(at) > deadline_of(row.year, scheme)
    credits_t = 0
    for asset, quantity_t in sorted(lines.items()):
        verdict = year_rules.verdict(asset, arrears=arrears)
        if not verdict.usable:
            raise _not_accepted(asset, verdict, year_rules)
        credits_t += quantity_t if verdict == Verdict.CREDIT else 0
    _check_sum(row, sum(lines.values()), own)
    used_t = credits_used_t(row) - (without.credits_t if without else 0)
    _check_credits(year_rules, row, used_t, credits_t, own)
    return credits_t


def check_holdings(giver: Organisation, lines: Mapping[str, int]) -> None:
    """Only what lies in the registry holding can be named. The giver is held. Raises Refused."""
    balances = dict(
        Account.objects.filter(
            holder=giver, purpose=Account.Purpose.REGISTRY, asset__in=list(lines)
        ).values_list("asset_id", "balance")
    )
    for asset, quantity_t in sorted(lines.items()):
        if balances.get(asset, 0) < quantity_t:
            raise Refused("INSUFFICIENT_HOLDINGS", too_little(asset, balances.get(asset, 0)))


def too_little(asset: str, held_t: int) -> str:
    return _(
        "%(asset)s: the registry holding has %(held)s t. Name less, or move tonnes from trading to the registry"
        " first."
    ) % {"asset": asset, "held": held_t}


def _check_form(lines: Mapping[str, int]) -> None:
    if not lines or len(lines) > MOST_LINES:
        raise Refused(
            "LINES_MISSING",
            _("lines: name at least one unit and at most %(most)s.") % {"most": MOST_LINES},
        )
    for asset, quantity_t in lines.items():
        if type(quantity_t) is not int or not 0 < quantity_t <= LARGEST_T:
            raise Refused(
                "QUANTITY_INVALID",
                _("%(asset)s: whole tonnes, at least 1. Leave out what is not to be surrendered.")
                % {"asset": asset},
            )
    known = set(
        Asset.objects.filter(code__in=list(lines))
        .exclude(kind=Asset.Kind.MONEY)
        .values_list("code", flat=True)
    )
    for asset in sorted(set(lines) - known):
        raise Refused(
            "ASSET_UNKNOWN",
            _("%(asset)s: there is no such allowance or credit. Take one of your registry holdings.")
            % {"asset": asset[:40]},
        )


def _not_accepted(asset: str, verdict: Verdict, year_rules: YearRules) -> Refused:
    values = {"asset": asset, "year": year_rules.year}
    if verdict == Verdict.TOO_LATE:
        words = _(
            "%(asset)s: %(year)s takes vintages up to its own; there is no borrowing from later years. Take an"
            " earlier vintage."
        )
        return Refused("VINTAGE_NOT_ACCEPTED", words % values)
    if verdict == Verdict.TOO_EARLY:
        words = _(
            "%(asset)s: %(year)s takes CEA25 and later only. Carry earlier vintages over first, or take CEA25."
        )
        return Refused("VINTAGE_NOT_ACCEPTED", words % values)
    if year_rules.scheme == rules.Scheme.SHANGHAI:
        code = "CREDIT_NOT_ACCEPTED" if verdict == Verdict.OTHER_CREDIT else "VINTAGE_NOT_ACCEPTED"
        words = _("%(asset)s: Shanghai's scheme does not take it for %(year)s. Take SHEA, or CCER and SHCER within 5 %% together.")  # fmt: skip
        return Refused(code, words % values)
    if verdict == Verdict.OTHER_CREDIT:
        words = _(
            "%(asset)s: %(year)s does not take this credit: only CCER from outside the covered sectors, from 2025"
            " on registered after 2024-01-22. Take allowances or such CCER."
        )
        return Refused("CREDIT_NOT_ACCEPTED", words % values)
    words = _("%(asset)s: no unit of the national market. Take CEA or CCER.")
    return Refused("VINTAGE_NOT_ACCEPTED", words % values)


def _check_sum(row: ComplianceYear, total_t: int, own: bool) -> None:
    left_t = room_t(row)
    if total_t <= left_t:
        return
    if not own:
        raise Refused(
            "OBLIGATION_EXCEEDED",
            _("lines: more than that emitter still has to surrender for %(year)s. Ask it how much it needs.")
            % {"year": row.year},
        )
    raise Refused(
        "OBLIGATION_EXCEEDED",
        _(
            "lines: %(total)s t are more than the %(left)s t still to be surrendered for %(year)s; what waits for"
            " approval counts. Name at most %(left)s t."
        )
        % {"total": total_t, "left": left_t, "year": row.year},
    )


def _check_credits(
    year_rules: YearRules, row: ComplianceYear, used_t: int, credits_t: int, own: bool
) -> None:
    cap_t = year_rules.credit_cap_t(row.obligation_t or 0)
    left_t = max(0, cap_t - used_t)
    if credits_t <= left_t:
        return
    if not own:
        raise Refused(
            "CREDIT_CAP_EXCEEDED",
            _("lines: more credits than 5 % of that emitter's obligation allow. Give allowances instead."),
        )
    raise Refused(
        "CREDIT_CAP_EXCEEDED",
        _(
            "lines: %(credits)s t of credits; 5 %% of the obligation, rounded down, are %(cap)s t, of which"
            " %(left)s t are left. Replace the rest by allowances."
        )
        % {"credits": credits_t, "cap": cap_t, "left": left_t},
    )
