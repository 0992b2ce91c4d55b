"""Too much in one hand: of a day's trade (交易集中), near the position limit (持仓限额), a large holder (大户).

**Concentration.** One member bought, or sold, at least `concentration_min_t` by listed trades, and at least
`concentration_bps` of the day's listed volume.

**Position.** What a member can trade of one instrument reached `position_bps` of the limit on this day, or the limit
itself; the day before it was below.

**Large holder.** A member's allowances of all vintages reached `holder_t` above its own latest allocation on this day;
the day before they were below. (The two follow the published rule of a pilot, domain.md 3.1.)
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from market_data.surveillance.rows import Day, Finding, Flow, Held, Leg, share_bps
from market_data.surveillance.thresholds import Thresholds, some


def concentrations(day: Day, flows: Sequence[Flow], thresholds: Thresholds) -> Iterator[Finding]:
    """Members that made most of the day's listed volume on one side."""
    own = [flow for flow in flows if flow.day == day.day and flow.listed]
    sums: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in own:
        sums[flow.buyer, "buyer"].append(flow)
        sums[flow.seller, "seller"].append(flow)
    for (member, role), rows in sorted(sums.items()):
        qty = sum(row.listed for row in rows)
        share = share_bps(qty, day.volume)
        if qty >= thresholds["concentration_min_t"] and share >= thresholds["concentration_bps"]:
            yield Finding(
                "concentration", f"{member}|{role}", ((member, role),),
                {
                    "traded_t": qty, "volume_t": day.volume, "share_bps": share,
                    "others_n": len(rows), "bought_n": int(role == "buyer"),
                },
                some(thresholds, "concentration"),
                (Leg(day.day, min(row.first_event for row in rows), max(row.last_event for row in rows)),),
            )  # fmt: skip


def positions(day: Day, held: Sequence[Held], thresholds: Thresholds) -> Iterator[Finding]:
    """Members that came near the limit of their position, or reached it; nothing where there is no limit."""
    limit = day.position_limit
    if not limit:
        return
    # Reached means reached: a limit whose share is no whole tonne is reached at the next whole one.
    near = -(-limit * thresholds["position_bps"] // 10_000)
    for row in sorted(held, key=lambda row: row.member):
        for level, name in ((limit, "limit"), (near, "near")):
            if row.before < level <= row.now:
                yield Finding(
                    "position", f"{row.member}|{name}", ((row.member, "holder"),),
                    {
                        "held_t": row.now, "before_t": row.before, "limit_t": limit,
                        "share_bps": share_bps(row.now, limit), "reached_n": int(name == "limit"),
                    },
                    some(thresholds, "position"),
                )  # fmt: skip
                break


def large_holders(held: Sequence[Held], thresholds: Thresholds) -> Iterator[Finding]:
    """Members that became large holders on the day, over all vintages."""
    for row in sorted(held, key=lambda row: row.member):
        level = row.allocation + thresholds["holder_t"]
        if row.before < level <= row.now:
            yield Finding(
                "large_holder", row.member, ((row.member, "holder"),),
                {
                    "held_t": row.now, "before_t": row.before, "allocation_t": row.allocation, "level_t": level,
                },
                some(thresholds, "large_holder"),
            )  # fmt: skip
