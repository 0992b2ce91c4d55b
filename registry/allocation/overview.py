"""What the page of a plan shows before its lines: sums, the distribution as a picture, the biggest changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from registry.allocation.models import Plan, PlanRow
from registry.allocation.selectors import with_last_year
from registry.words import grouped

#: Gap rates in percent, from one edge to the next; beyond the last and below the first lie the ends.
EDGES_PCT = tuple(Decimal(edge) / 2 for edge in range(-40, 41, 5))
#: Pre-allocations in tonnes.
EDGES_T = (1, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
HEIGHT, WIDTH, STEP_GAP = 140, 640, 2
CHANGES = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the picture, with its place in it."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


def distribution(plan: Plan) -> list[Bar]:
    """How many emitters lie between two edges of the gap rate; of a pre-allocation, of its size."""
    if plan.stage == Plan.Stage.PRE:
        sizes = [Decimal(tonnes) for tonnes in plan.rows.values_list("pre_t", flat=True)]
        edges = [Decimal(edge) for edge in EDGES_T]
        return bars(counts(sizes, edges), labels([grouped(edge) for edge in EDGES_T], "t"))
    rates = list(plan.rows.exclude(gap_rate_pct=None).values_list("gap_rate_pct", flat=True))
    return bars(counts([rate for rate in rates if rate is not None], EDGES_PCT), labels(EDGES_PCT, "%"))


def counts(values: Sequence[Decimal], edges: Sequence[Decimal]) -> list[int]:
    """Below the first edge, from each edge up to the next, from the last on."""
    from bisect import bisect_right

    found = [0] * (len(edges) + 1)
    for value in values:
        found[bisect_right(edges, value)] += 1
    return found


def labels(edges: Sequence[object], unit: str) -> list[str]:
    between = [f"{low} … {high} {unit}" for low, high in pairwise(edges)]
    return [f"< {edges[0]} {unit}", *between, f"≥ {edges[-1]} {unit}"]


def bars(numbers: Sequence[int], names: Sequence[str]) -> list[Bar]:
    most, width = max([*numbers, 1]), WIDTH / len(numbers)
    return [
        Bar(
            label=name,
            count=number,
            x=round(place * width, 2),
            y=round(HEIGHT - HEIGHT * number / most, 2),
            width=round(width - STEP_GAP, 2),
            height=round(HEIGHT * number / most, 2),
        )
        for place, (number, name) in enumerate(zip(numbers, names, strict=True))
    ]


def biggest_changes(plan: Plan) -> list[PlanRow]:
    """The lines that differ most from the allocation of the year before, up or down."""
    from django.db.models.functions import Abs

    # Its annotations are names that the types do not know.
    rows: Any = with_last_year(plan.rows.defer("units", "steps"), plan)
    return list(
        rows.exclude(last_t=None)
        .exclude(change_t=0)
        .select_related("emitter__organisation")
        .order_by(Abs("change_t").desc(), "pk")[:CHANGES]
    )


def phase_words() -> dict[str, str]:
    """Of `progress.Progress.phase`."""
    return {
        "queued": _("Waiting for a worker"),
        "checking": _("Checking that nothing has changed"),
        "locking": _("Holding the accounts"),
        "posting": _("Writing transfers"),
        "recording": _("Bringing the years up to date"),
    }
