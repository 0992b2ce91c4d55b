"""One-way auctions of the deliberately naive market (see `naive`)."""

from typing import TYPE_CHECKING, Any

from tests.matching import naive_rules as rules
from tests.matching.naive_rules import fen_of

if TYPE_CHECKING:
    from tests.matching.naive import NaiveMarket

Line = dict[str, Any]


def auction(market: "NaiveMarket", c: Line) -> None:
    reason = rules.entry(market, c, {"morning", "break", "afternoon"}) or rules.auction_floor(market, c)
    reason = reason or rules.means(market, {**c, "side": "sell"})
    if reason:
        return market.reject(c, reason)
    offer = market.accept(c, c["instrument"], "sell", fen_of(c["floor"]) or 0, c["qty"], resting=False)
    offer.model = c["model"]
    return None


def bid(market: "NaiveMarket", c: Line) -> None:
    offer = market.find(c["auction"], "auction")
    if offer is None or offer.member == c["member"]:
        return market.reject(c, "UNKNOWN_ORDER")
    if offer.leaves == 0:
        return market.reject(c, "NOT_OPEN")
    c = {**c, "instrument": offer.instrument, "side": "buy"}
    reason = rules.entry(market, c, {"morning", "break", "afternoon"})
    reason = reason or rules.bid_price(market, c, offer)
    old = market.find(c["replaces"]) if c.get("replaces") else None
    if not reason and c.get("replaces"):
        known = old is not None and old.auction is offer and old.member == c["member"]
        reason = "UNKNOWN_ORDER" if not known else "NOT_OPEN" if old and not old.leaves else None
    # Whether it could be paid once the old one is gone: taken away for the question, and put back.
    gone = old.leaves if old is not None and not reason else 0
    if old is not None:
        old.gone += gone
    reason = reason or rules.means(market, c)
    if old is not None:
        old.gone -= gone
    if reason:
        return market.reject(c, reason)
    bid = market.accept(c, offer.instrument, "buy", rules.price_of(c), c["qty"], resting=False)
    bid.auction = offer
    if old is not None:
        market.end(old, "cancelled")
    return None


def auction_close(market: "NaiveMarket", c: Line) -> None:
    offer = market.find(c, "auction")
    if offer is None:
        return market.reject(c, "UNKNOWN_ORDER")
    if offer.leaves == 0:
        return market.reject(c, "NOT_OPEN")
    bids = [o for o in market.open() if o.auction is offer]
    bids.sort(key=lambda bid: -bid.price)  # stable: among equals the oldest stays first
    shares, left = [], offer.qty
    for bid in bids:
        shares.append(min(bid.qty, left))
        left -= shares[-1]
    lowest = min((bid.price for bid, share in zip(bids, shares, strict=True) if share), default=0)
    for bid, share in zip(bids, shares, strict=True):
        if share:
            price = lowest if offer.model == "uniform" else bid.price
            market.trade("auction", offer, bid, price, share)
    for order in (*bids, offer):
        if order.leaves:
            market.end(order, "cancelled")
    return None
