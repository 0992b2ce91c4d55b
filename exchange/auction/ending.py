"""What follows when the engine has closed an auction: certificates, and nothing of an authority's left over."""

import datetime as dt
from typing import Any

from accounts.models import Organisation
from exchange import clock
from exchange.auction import asking, results
from exchange.auction.models import Auction
from exchange.auction.results import Result
from registry.certificates import issue
from registry.compliance.models import Certificate


def end(auction: Auction, at: dt.datetime) -> None:
    """Notes the end, certifies the result, recalls what an authority did not sell. The auction is locked."""
    result = results.of(auction)
    assert result is not None, "the engine has closed it"
    if auction.pays_for_allocation and result.unsold_t:
        asking.recall(auction, "trading", result.unsold_t, at)
    if result.sold_t:
        auction.certificate = issue(
            Certificate.Kind.AUCTION.value, auction.seller, _result_content(auction, result), at
        )
        for buyer_id, bought in results.by_buyer(auction).items():
            buyer = Organisation.objects.get(pk=buyer_id)
            content = _common(auction, buyer) | {
                "bought_t": bought.qty_t,
                "average_fen": bought.average_fen,
                "turnover_fen": bought.turnover_fen,
            }
            issue(Certificate.Kind.PURCHASE.value, buyer, content, at)
    auction.state, auction.ended_at = Auction.State.ENDED, at
    auction.save(update_fields=["state", "ended_at", "certificate"])


def _common(auction: Auction, holder: Organisation) -> dict[str, Any]:
    """What both certificates state. Never the other side: who traded with whom is nobody's to read."""
    return {
        "auction": auction.pk,
        "asset": auction.instrument.asset_id,
        "model": auction.price_model,
        "surrender_only": auction.surrender_only,
        "window": f"{_moment(auction.opens_at)}–{_moment(auction.closes_at)[-5:]}",
        "synthetic": hasattr(holder, "emitter") and holder.emitter.synthetic,
    }


def _result_content(auction: Auction, result: Result) -> dict[str, Any]:
    assert auction.floor_fen is not None, "it was open"
    return _common(auction, auction.seller) | {
        "offered_t": auction.quantity_t,
        "sold_t": result.sold_t,
        "floor_fen": auction.floor_fen,
        "clearing_fen": result.clearing_fen if auction.price_model == Auction.Price.UNIFORM else None,
        "average_fen": result.average_fen,
        "turnover_fen": result.turnover_fen,
        "bids": result.bids,
        "bidders": result.bidders,
    }


def _moment(at: dt.datetime) -> str:
    return at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
