"""What counts as conspicuous: whole numbers by name, dated. Pure.

What the platform begins with stands here; a national regulator sets later values (`thresholds_set`), never for a
day that has begun. No text gives national figures (domain.md 3.1): these are starting points, and parameters.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Thresholds = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Threshold:
    """`unit` is `t`, `bps`, `n` (a count), `days`, `minutes` or `seconds`; `most` bounds what can be set."""

    name: str
    kind: str
    unit: str
    default: int
    least: int
    most: int


BEGINNING = dt.date(2000, 1, 1)
BILLION = 1_000_000_000

ALL: dict[str, Threshold] = {
    each.name: each
    for each in (
        Threshold("wash_days", "wash", "days", 5, 1, 30),
        Threshold("wash_min_t", "wash", "t", 1_000, 1, BILLION),
        Threshold("wash_match_bps", "wash", "bps", 8_000, 1, 10_000),
        Threshold("wash_share_bps", "wash", "bps", 3_000, 0, 10_000),
        Threshold("ring_days", "ring", "days", 5, 1, 30),
        Threshold("ring_min_t", "ring", "t", 1_000, 1, BILLION),
        Threshold("ring_match_bps", "ring", "bps", 8_000, 1, 10_000),
        Threshold("ring_members_n", "ring", "n", 5, 3, 6),
        Threshold("cancel_seconds", "cancels", "seconds", 300, 1, 86_400),
        Threshold("cancel_n", "cancels", "n", 20, 1, 1_000_000),
        Threshold("cancel_min_t", "cancels", "t", 10_000, 1, BILLION),
        Threshold("cancel_share_bps", "cancels", "bps", 7_000, 1, 10_000),
        Threshold("layering_minutes", "layering", "minutes", 10, 1, 240),
        Threshold("layering_min_t", "layering", "t", 10_000, 1, BILLION),
        Threshold("layering_ratio_n", "layering", "n", 5, 1, 1_000),
        Threshold("close_minutes", "close_move", "minutes", 10, 1, 240),
        Threshold("close_small_t", "close_move", "t", 100, 1, BILLION),
        Threshold("close_move_bps", "close_move", "bps", 100, 1, 10_000),
        Threshold("edge_small_t", "edge", "t", 10, 1, BILLION),
        Threshold("concentration_bps", "concentration", "bps", 5_000, 1, 10_000),
        Threshold("concentration_min_t", "concentration", "t", 50_000, 1, BILLION),
        Threshold("position_bps", "position", "bps", 9_000, 1, 10_000),
        Threshold("holder_t", "large_holder", "t", 500_000, 1, BILLION),
        Threshold("block_far_bps", "far_block", "bps", 2_000, 1, 10_000),
        Threshold("move_days", "price_move", "days", 5, 1, 30),
        Threshold("move_bps", "price_move", "bps", 2_000, 1, 10_000),
    )
}


def in_force(rows: Iterable[tuple[str, dt.date, int]], day: dt.date) -> dict[str, int]:
    """Every threshold as it holds on a day: the latest row (name, valid from, value) that is not after it."""
    values = {name: threshold.default for name, threshold in ALL.items()}
    for name, valid_from, value in sorted(rows, key=lambda row: row[1]):
        if valid_from <= day and name in values:
            values[name] = value
    return values


def some(thresholds: Thresholds, kind: str) -> dict[str, int]:
    """Those of one kind of alert, to be kept with what was found by them."""
    return {name: thresholds[name] for name, each in ALL.items() if each.kind == kind}
