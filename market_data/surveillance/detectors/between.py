"""Trades that give everybody back what they had: wash trades (对敲) between two, rings (循环交易) among several.

Bought allowances cannot be sold on the same day (T+1), so both look back over some trading days.

**Wash.** Within `wash_days`, A sold to B and B to A, each at least `wash_min_t`; the smaller way is at least
`wash_match_bps` of the larger; what went to and fro (twice the smaller way) is at least `wash_share_bps` of all
that the one of the two who traded less has traded; and they traded with each other on the day itself.

**Ring.** Within `ring_days`, A sold to B, B to C … and the last to A, three to `ring_members_n` members, each step
at least `ring_min_t`, the smallest at least `ring_match_bps` of the largest; and one step was on the day itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from exchange.matching.money import round_half_up
from market_data.surveillance.rows import Finding, Flow, Leg, share_bps
from market_data.surveillance.thresholds import Thresholds, some

#: Rings of one day, and steps of the search for them: a market in which everybody trades with everybody has more
#: than anybody could read.
MOST_RINGS = 200
MOST_STEPS = 1_000_000

Way = tuple[str, str]


@dataclass(slots=True)
class _Sum:
    """All that one sold to another within the days looked at."""

    qty: int = 0
    turnover: int = 0
    trades: int = 0
    days: set[dt.date] = field(default_factory=set)
    legs: list[Leg] = field(default_factory=list)


def _sums(flows: Sequence[Flow], days: Sequence[dt.date]) -> dict[Way, _Sum]:
    wanted, sums = set(days), defaultdict[Way, _Sum](_Sum)
    for flow in flows:
        if flow.day in wanted:
            each = sums[flow.seller, flow.buyer]
            each.qty += flow.qty
            each.turnover += flow.turnover
            each.trades += flow.trades
            each.days.add(flow.day)
            each.legs.append(Leg(flow.day, flow.first_event, flow.last_event))
    return dict(sums)


def _legs(*sums: _Sum) -> tuple[Leg, ...]:
    """One a day, from the first event of any to the last."""
    by_day: dict[dt.date, Leg] = {}
    for leg in (leg for each in sums for leg in each.legs):
        known = by_day.get(leg.day, leg)
        by_day[leg.day] = Leg(
            leg.day, min(known.first_event, leg.first_event), max(known.last_event, leg.last_event)
        )
    return tuple(by_day[day] for day in sorted(by_day))


def wash_trades(
    flows: Sequence[Flow], trading_days: Sequence[dt.date], thresholds: Thresholds
) -> Iterator[Finding]:
    """Pairs that sold to each other and back. `trading_days` end with the day itself, the earliest first."""
    day = trading_days[-1]
    sums = _sums(flows, trading_days[-thresholds["wash_days"] :])
    traded: dict[str, int] = defaultdict(int)
    for (seller, buyer), each in sums.items():
        traded[seller] += each.qty
        traded[buyer] += each.qty
    for one, other in sorted(sums):
        back = sums.get((other, one))
        if back is None or one > other:
            continue
        there = sums[one, other]
        smaller, larger = sorted((there.qty, back.qty))
        share = share_bps(2 * smaller, min(traded[one], traded[other]))
        if (
            day in there.days | back.days
            and smaller >= thresholds["wash_min_t"]
            and share_bps(smaller, larger) >= thresholds["wash_match_bps"]
            and share >= thresholds["wash_share_bps"]
        ):
            yield Finding(
                "wash", f"{one}|{other}", ((one, "first"), (other, "second")),
                {
                    "there_t": there.qty, "back_t": back.qty, "there_fen": round_half_up(there.turnover, there.qty),
                    "back_fen": round_half_up(back.turnover, back.qty), "trades_n": there.trades + back.trades,
                    "match_bps": share_bps(smaller, larger), "share_bps": share,
                },
                some(thresholds, "wash"), _legs(there, back),
            )  # fmt: skip


def ring_trades(
    flows: Sequence[Flow], trading_days: Sequence[dt.date], thresholds: Thresholds
) -> Iterator[Finding]:
    """Rings of three and more. Found once each, told from the member whose code comes first."""
    day = trading_days[-1]
    sums = {
        way: each
        for way, each in _sums(flows, trading_days[-thresholds["ring_days"] :]).items()
        if each.qty >= thresholds["ring_min_t"]
    }
    found = 0
    for ring in _rings(sums, thresholds):
        steps = [sums[way] for way in _ways(ring)]
        if not any(day in step.days for step in steps):
            continue
        quantities = [step.qty for step in steps]
        yield Finding(
            "ring", "|".join(ring), tuple((member, "member") for member in ring),
            {
                "members_n": len(ring), "smallest_t": min(quantities), "largest_t": max(quantities),
                "match_bps": share_bps(min(quantities), max(quantities)),
                "trades_n": sum(step.trades for step in steps),
            },
            some(thresholds, "ring"), _legs(*steps),
        )  # fmt: skip
        found += 1
        if found == MOST_RINGS:
            return


def _ways(ring: Sequence[str]) -> list[Way]:
    return list(zip(ring, (*ring[1:], ring[0]), strict=True))


def _rings(sums: dict[Way, _Sum], thresholds: Thresholds) -> Iterator[tuple[str, ...]]:
    """Closed ways through different members whose steps match, each begun at its first code; depth first."""
    onward: dict[str, list[str]] = defaultdict(list)
    for seller, buyer in sorted(sums):
        onward[seller].append(buyer)
    most, match = thresholds["ring_members_n"], thresholds["ring_match_bps"]
    steps_left = MOST_STEPS
    for start in sorted(onward):
        waiting: list[tuple[tuple[str, ...], int, int]] = [((start,), 0, 0)]
        while waiting and steps_left:
            steps_left -= 1
            path, smallest, largest = waiting.pop()
            for buyer in reversed(onward.get(path[-1], [])):
                qty = sums[path[-1], buyer].qty
                low, high = min(smallest or qty, qty), max(largest, qty)
                if share_bps(low, high) < match:
                    continue
                if buyer == start and len(path) > 2:
                    yield path
                elif buyer > start and buyer not in path and len(path) < most:
                    waiting.append(((*path, buyer), low, high))
