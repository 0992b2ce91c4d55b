"""An emitter's year in words and widths, in the active language, for its page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registry.compliance.forms import Typed
from registry.compliance.models import ComplianceYear
from registry.compliance.proposal import Proposal, Way
from registry.compliance.rules import Verdict
from registry.compliance.sheet import Line, Sheet
from registry.words import grouped, yuan

#: Further ways than these say nothing new.
WAYS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of holdings; `value` stands in the form's field."""

    line: Line
    usable: str
    why: str
    close: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class ShownWay:
    words: str
    cost: str
    #: against the best way; empty for it
    more: str
    asset: str
    missing: str


def lines_shown(sheet: Sheet, typed: Typed | None) -> list[Row]:
    """The form begins with what the proposal takes from the registry, or with what was typed."""
    rows = []
    for line in sheet.lines:
        value = str(line.now_t) if line.now_t else ""
        if typed is not None:
            value = typed.raw.get(line.asset, "")
        error = typed.errors.get(line.asset, "") if typed else ""
        close = "" if line.close_fen is None else yuan(line.close_fen)
        usable = _("usable") if line.verdict.usable else _("not usable")
        rows.append(Row(line, usable, _why(line.verdict), close, value, error))
    return rows


def state_word(state: str) -> str:
    """The state of a year. "Open" is a price elsewhere, so it has a context of its own here."""
    if state == ComplianceYear.State.OPEN:
        return pgettext("compliance year", "Open")
    return str(ComplianceYear.State(state).label)


def days_words(days: int) -> str:
    """How long there is until a deadline."""
    if days < 0:
        return _("over")
    if days <= 1:
        return _("1 day left") if days else _("today")
    return _("%(days)s days left") % {"days": days}


def _why(verdict: Verdict) -> str:
    return {
        Verdict.ALLOWANCE: "",
        Verdict.CREDIT: _("credit, within 5 %"),
        Verdict.TOO_LATE: _("vintage of a later year"),
        Verdict.TOO_EARLY: _("carry over first"),
        Verdict.OTHER_CREDIT: _("credit that this year does not take"),
        Verdict.FOREIGN: _("of another market"),
    }[verdict]


def ways_shown(found: Proposal) -> list[ShownWay]:
    """The cheapest first; where nothing is to be bought, one line that says so."""
    return [_way(way, found.best) for way in found.ways[:WAYS_SHOWN]]


def _way(way: Way, best: Way) -> ShownWay:
    bought = [use for use in way.uses if use.bought_t]
    words = " + ".join(
        _("buy %(amount)s t %(asset)s at %(price)s")
        % {"amount": grouped(use.bought_t), "asset": use.asset, "price": yuan(use.price_fen or 0)}
        for use in bought
    )
    more = way.cost_fen - best.cost_fen
    enough = _("nothing to buy: what you hold is enough")
    unpriced = _("use what you hold; nothing to buy has a price yet")
    return ShownWay(
        words=words or (unpriced if way.missing_t else enough),
        cost=yuan(way.cost_fen),
        more=f"+{yuan(more)}" if more else "",
        asset=way.first or (bought[0].asset if bought else ""),
        missing=grouped(way.missing_t) if way.missing_t else "",
    )


def credits_line(sheet: Sheet) -> str:
    """How many credits may be used, and whether that pays today."""
    share = sheet.credits
    words = _("up to %(cap)s t (5 %% of the obligation), %(used)s t used or waiting, %(held)s t held") % {
        "cap": grouped(share.cap_t),
        "used": grouped(share.used_t),
        "held": grouped(share.held_t),
    }
    if sheet.proposal.saved_fen:
        words += _("; credits instead of allowances save %(saved)s yuan at today's close") % {
            "saved": yuan(sheet.proposal.saved_fen)
        }
    return words


def widths(sheet: Sheet) -> list[tuple[str, str, str]]:
    """(class, left, width) of the bar's parts in percent of the need: gone, waiting, in the registry, in trading."""
    need = max(sheet.row.obligation_t or 0, 1)
    found, left = [], 0
    parts = (
        ("gone", sheet.row.surrendered_t),
        ("waiting", sheet.row.pending_t),
        ("ready", sheet.usable_registry_t),
        ("move", sheet.usable_trading_t),
    )
    for name, quantity_t in parts:
        width = min(quantity_t, need - left)
        if width > 0:
            found.append((name, _percent(left, need), _percent(width, need)))
            left += width
    return found


def _percent(part_t: int, whole_t: int) -> str:
    """ "12.34%" for an SVG attribute; exact integers, rounded down."""
    hundredths = part_t * 10_000 // whole_t
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
