"""Offers that were not meant: listed and cancelled again and again (频繁报撤), and layers on one side while the
other side trades (虚假申报).

**Cancels.** Listings that their own member cancelled within `cancel_seconds`: at least `cancel_n` of them, together
at least `cancel_min_t`, and at least `cancel_share_bps` of all tonnes that the member listed on the day.

**Layering.** While a member's listings stood on one side, it traded on the other, and cancelled them within
`layering_minutes` of that trade: together at least `layering_min_t`, and at least `layering_ratio_n` times what it
traded meanwhile.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from exchange.matching.money import round_half_up
from market_data.surveillance.rows import MOST_NAMED, Day, Declared, Finding, Leg, Trade, Withdrawn, share_bps
from market_data.surveillance.thresholds import Thresholds, some


def frequent_cancels(
    day: Day, withdrawn: Sequence[Withdrawn], declared: Sequence[Declared], thresholds: Thresholds
) -> Iterator[Finding]:
    """Members whose listings were mostly taken back at once."""
    all_of = {row.member: row for row in declared}
    for member, rows in _by_member(withdrawn):
        quick = [row for row in rows if row.seconds <= thresholds["cancel_seconds"]]
        left = sum(row.left for row in quick)
        share = share_bps(left, all_of[member].qty)
        if (
            len(quick) >= thresholds["cancel_n"]
            and left >= thresholds["cancel_min_t"]
            and share >= thresholds["cancel_share_bps"]
        ):
            yield Finding(
                "cancels", member, ((member, "lister"),),
                {
                    "cancels_n": len(quick), "cancelled_t": left, "declared_t": all_of[member].qty,
                    "declared_n": all_of[member].orders, "share_bps": share,
                    "longest_seconds": int(max(row.seconds for row in quick)),
                },
                some(thresholds, "cancels"), (_span(day, quick),),
                orders=tuple(row.number for row in quick[:MOST_NAMED]),
            )  # fmt: skip


def layering(
    day: Day, withdrawn: Sequence[Withdrawn], trades: Sequence[Trade], thresholds: Thresholds
) -> Iterator[Finding]:
    """Members that traded on one side while they pretended on the other; the largest case of each member and side."""
    within = dt.timedelta(minutes=thresholds["layering_minutes"])
    for member, rows in _by_member(withdrawn):
        own = [trade for trade in trades if member in {trade.buyer, trade.seller}]
        for side, (trade, layers) in sorted(_worst(member, rows, own, within).items()):
            end = max(row.cancelled_event for row in layers)
            meanwhile = [
                each for each in own if each.side_of(member) == side and trade.event <= each.event < end
            ]
            pretended, traded = _tonnes(layers), sum(each.qty for each in meanwhile)
            if (
                pretended >= thresholds["layering_min_t"]
                and pretended >= thresholds["layering_ratio_n"] * traded
            ):
                yield _layered(day, member, side, layers, meanwhile, thresholds)


def could_layer(withdrawn: Sequence[Withdrawn], thresholds: Thresholds) -> list[str]:
    """Members that took back enough to be found by `layering`: nobody else's trades need be read."""
    return [member for member, rows in _by_member(withdrawn) if _tonnes(rows) >= thresholds["layering_min_t"]]


def _worst(
    member: str, rows: Sequence[Withdrawn], own: Sequence[Trade], within: dt.timedelta
) -> dict[str, tuple[Trade, list[Withdrawn]]]:
    """By the side it traded on, the trade during which most tonnes stood on the other and were soon taken back.

    One walk through the member's day: what stands is kept, so that a trade looks only at that.
    """
    coming = sorted(rows, key=lambda row: row.accepted_event)
    standing: list[Withdrawn] = []
    worst: dict[str, tuple[Trade, list[Withdrawn]]] = {}
    at = 0
    for trade in sorted(own, key=lambda trade: trade.event):
        while at < len(coming) and coming[at].accepted_event < trade.event:
            standing.append(coming[at])
            at += 1
        standing = [row for row in standing if row.cancelled_event > trade.event]
        side = trade.side_of(member)
        layers = [row for row in standing if row.side != side and row.cancelled_at - trade.at <= within]
        if layers and (side not in worst or _tonnes(layers) > _tonnes(worst[side][1])):
            worst[side] = trade, layers
    return worst


def _layered(
    day: Day,
    member: str,
    side: str,
    layers: Sequence[Withdrawn],
    meanwhile: Sequence[Trade],
    thresholds: Thresholds,
) -> Finding:
    others = sorted({trade.seller if trade.buyer == member else trade.buyer for trade in meanwhile})
    traded = sum(trade.qty for trade in meanwhile)
    return Finding(
        "layering", f"{member}|{side}",
        ((member, "lister"), *((other, "counterparty") for other in others[:MOST_NAMED])),
        {
            "cancelled_t": _tonnes(layers), "cancels_n": len(layers), "traded_t": traded,
            "trades_n": len(meanwhile), "price_fen": round_half_up(sum(each.price * each.qty for each in meanwhile), traded),
            "bought_n": int(side == "buy"),
        },
        some(thresholds, "layering"), (_span(day, layers),),
        tuple(trade.no for trade in meanwhile[:MOST_NAMED]), tuple(row.number for row in layers[:MOST_NAMED]),
    )  # fmt: skip


def _by_member(withdrawn: Sequence[Withdrawn]) -> list[tuple[str, list[Withdrawn]]]:
    found: dict[str, list[Withdrawn]] = defaultdict(list)
    for row in withdrawn:
        found[row.member].append(row)
    return sorted(found.items())


def _tonnes(rows: Sequence[Withdrawn]) -> int:
    return sum(row.left for row in rows)


def _span(day: Day, rows: Sequence[Withdrawn]) -> Leg:
    return Leg(day.day, min(row.accepted_event for row in rows), max(row.cancelled_event for row in rows))
