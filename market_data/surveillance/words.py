"""Alerts in words: what was seen in one sentence, and every figure with its name and unit."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from market_data.surveillance.models import Alert
from market_data.surveillance.thresholds import ALL
from registry.words import grouped, tonnes, yuan

ROLES = {
    "first": gettext_lazy("one of the two"),
    "second": gettext_lazy("the other of the two"),
    "member": gettext_lazy("in the ring"),
    "lister": gettext_lazy("listed"),
    "taker": gettext_lazy("took"),
    "counterparty": gettext_lazy("counterparty"),
    "buyer": gettext_lazy("bought"),
    "seller": gettext_lazy("sold"),
    "holder": gettext_lazy("holder"),
}

FIGURES = {
    "there_t": gettext_lazy("sold by the first to the second"),
    "back_t": gettext_lazy("sold by the second to the first"),
    "there_fen": gettext_lazy("average price, first to second"),
    "back_fen": gettext_lazy("average price, second to first"),
    "trades_n": gettext_lazy("trades"),
    "match_bps": gettext_lazy("smaller way of the larger"),
    "share_bps": gettext_lazy("share"),
    "members_n": gettext_lazy("members"),
    "smallest_t": gettext_lazy("smallest step"),
    "largest_t": gettext_lazy("largest step"),
    "cancels_n": gettext_lazy("listings cancelled"),
    "cancelled_t": gettext_lazy("tonnes cancelled"),
    "declared_t": gettext_lazy("tonnes listed on the day"),
    "declared_n": gettext_lazy("listings of the day"),
    "longest_seconds": gettext_lazy("longest time that one stood"),
    "traded_t": gettext_lazy("tonnes traded"),
    "price_fen": gettext_lazy("price"),
    "close_fen": gettext_lazy("close"),
    "without_fen": gettext_lazy("close without these trades"),
    "prev_close_fen": gettext_lazy("previous close"),
    "moved_bps": gettext_lazy("moved by"),
    "volume_t": gettext_lazy("listed volume of the day"),
    "at_edge_n": gettext_lazy("of it trades at the edge of the band"),
    "others_n": gettext_lazy("counterparties"),
    "held_t": gettext_lazy("held at the end of the day"),
    "before_t": gettext_lazy("held the day before"),
    "limit_t": gettext_lazy("position limit"),
    "allocation_t": gettext_lazy("own allocation"),
    "level_t": gettext_lazy("level of a large holder"),
    "away_bps": gettext_lazy("away from the close"),
    "since_fen": gettext_lazy("close at the beginning"),
    "days_n": gettext_lazy("trading days"),
}
#: Figures that are a yes or no, told by the sentence.
FLAGS = {"bought_n", "high_n", "reached_n"}

THRESHOLDS = {
    "wash_days": gettext_lazy("Wash trades: trading days looked at"),
    "wash_min_t": gettext_lazy("Wash trades: least tonnes each way"),
    "wash_match_bps": gettext_lazy("Wash trades: smaller way of the larger, at least"),
    "wash_share_bps": gettext_lazy("Wash trades: share of all that one of the two traded, at least"),
    "ring_days": gettext_lazy("Rings: trading days looked at"),
    "ring_min_t": gettext_lazy("Rings: least tonnes of a step"),
    "ring_match_bps": gettext_lazy("Rings: smallest step of the largest, at least"),
    "ring_members_n": gettext_lazy("Rings: members, at most"),
    "cancel_seconds": gettext_lazy("Listed and cancelled: within"),
    "cancel_n": gettext_lazy("Listed and cancelled: listings, at least"),
    "cancel_min_t": gettext_lazy("Listed and cancelled: tonnes, at least"),
    "cancel_share_bps": gettext_lazy("Listed and cancelled: share of all that was listed, at least"),
    "layering_minutes": gettext_lazy("Layering: cancelled after the trade within"),
    "layering_min_t": gettext_lazy("Layering: tonnes, at least"),
    "layering_ratio_n": gettext_lazy("Layering: times what was traded, at least"),
    "close_minutes": gettext_lazy("Close: last minutes of the day"),
    "close_small_t": gettext_lazy("Close: small trades, at most"),
    "close_move_bps": gettext_lazy("Close: moved by, at least"),
    "edge_small_t": gettext_lazy("Edge of the band: all that traded there, at most"),
    "concentration_bps": gettext_lazy("Concentration: share of the day's listed volume, at least"),
    "concentration_min_t": gettext_lazy("Concentration: tonnes, at least"),
    "position_bps": gettext_lazy("Position: share of the limit, at least"),
    "holder_t": gettext_lazy("Large holder: tonnes above the own allocation, at least"),
    "block_far_bps": gettext_lazy("Block: away from the close, at least"),
    "move_days": gettext_lazy("Price move: over so many trading days"),
    "move_bps": gettext_lazy("Price move: at least"),
}


def per_cent(bps: int) -> str:
    """ "94.73 %" for 9473."""
    return f"{Decimal(bps).scaleb(-2):.2f} %"


UNITS: dict[str, Callable[[int], str]] = {
    "t": tonnes,
    "fen": lambda value: _("%s yuan/t") % yuan(value),
    "bps": per_cent,
    "seconds": lambda value: _("%s s") % grouped(value),
    "minutes": lambda value: _("%s min") % grouped(value),
    "days": lambda value: _("%s days") % grouped(value),
    "n": grouped,
}


def figure_text(name: str, value: int) -> str:
    """A figure with its unit, which a threshold knows and the end of any other name tells."""
    return UNITS[ALL[name].unit if name in ALL else name.rpartition("_")[2]](value)


def figures_shown(alert: Alert) -> list[tuple[str, str]]:
    """(what, how much) of every figure."""
    return [
        (str(FIGURES.get(name, name)), figure_text(name, value))
        for name, value in alert.figures.items()
        if name not in FLAGS
    ]


def thresholds_shown(alert: Alert) -> list[tuple[str, str]]:
    """(which, how much) of what it was compared with."""
    return [
        (str(THRESHOLDS.get(name, name)), figure_text(name, value))
        for name, value in alert.thresholds.items()
    ]


def parties_shown(alert: Alert) -> list[tuple[str, str, str]]:
    """(code, name, part) of everybody whom it concerns."""
    return [
        (party.organisation.code, party.organisation.name, str(ROLES.get(party.role, party.role)))
        for party in alert.parties.all()
    ]


def sentence(alert: Alert) -> str:
    """What was seen, in one sentence of the active language, with names, numbers and units."""
    figures = {name: figure_text(name, value) for name, value in alert.figures.items()}
    names = [party.organisation.name for party in alert.parties.all()]
    values = {**figures, "one": names[0] if names else "", "other": names[1] if len(names) > 1 else ""}
    flag = next((alert.figures[name] for name in FLAGS if name in alert.figures), None)
    said: str = SENTENCES[alert.kind, flag] % {**values, "names": " → ".join(names)}
    return said


#: By kind, and by the yes or no of its flag where it has one.
SENTENCES: dict[tuple[str, int | None], Any] = {
    ("wash", None): gettext_lazy(
        "%(one)s sold %(there_t)s to %(other)s at %(there_fen)s and bought %(back_t)s back at %(back_fen)s."
    ),
    ("ring", None): gettext_lazy("%(names)s and back to the first: %(smallest_t)s to %(largest_t)s a step."),
    ("cancels", None): gettext_lazy(
        "%(one)s cancelled %(cancels_n)s listings of %(cancelled_t)s soon after listing them: %(share_bps)s of all that it listed."
    ),
    ("layering", 1): gettext_lazy(
        "While %(cancelled_t)s of its sell listings stood, %(one)s bought %(traded_t)s at %(price_fen)s, then cancelled them."
    ),
    ("layering", 0): gettext_lazy(
        "While %(cancelled_t)s of its buy listings stood, %(one)s sold %(traded_t)s at %(price_fen)s, then cancelled them."
    ),
    ("close_move", None): gettext_lazy(
        "%(one)s took %(traded_t)s at %(price_fen)s in the last minutes: the close is %(close_fen)s, without it %(without_fen)s."
    ),
    ("edge", 1): gettext_lazy(
        "All that traded at the upper edge of the band, %(price_fen)s, is %(traded_t)s."
    ),
    ("edge", 0): gettext_lazy(
        "All that traded at the lower edge of the band, %(price_fen)s, is %(traded_t)s."
    ),
    ("concentration", 1): gettext_lazy(
        "%(one)s bought %(traded_t)s, %(share_bps)s of the day's listed volume."
    ),
    ("concentration", 0): gettext_lazy(
        "%(one)s sold %(traded_t)s, %(share_bps)s of the day's listed volume."
    ),
    ("position", 1): gettext_lazy(
        "%(one)s can trade %(held_t)s and has reached its position limit of %(limit_t)s."
    ),
    ("position", 0): gettext_lazy("%(one)s can trade %(held_t)s, %(share_bps)s of its position limit."),
    ("large_holder", None): gettext_lazy(
        "%(one)s holds %(held_t)s of all vintages; the level of a large holder is %(level_t)s."
    ),
    ("far_block", None): gettext_lazy(
        "A block of %(traded_t)s from %(other)s to %(one)s at %(price_fen)s, %(away_bps)s from the close of %(close_fen)s."
    ),
    ("price_move", None): gettext_lazy(
        "The close moved by %(moved_bps)s within %(days_n)s trading days, to %(close_fen)s."
    ),
}
