"""What auctions look like in the API: asked for, bid on, shown."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import OneOf, Strict, Text
from accounts.approvals.verbs import LONGEST_REASON
from exchange import clock
from exchange.api.serializers import ClientId, Price, Quantity
from exchange.auction import results
from exchange.auction.models import Auction
from exchange.auction.results import Result
from exchange.auction.selectors import Standing, standing
from exchange.auction.terms import MOST_NAMED
from exchange.matching.money import yuan
from exchange.refusals import text


@extend_schema_field({"type": "string", "format": "date-time"})
class Moment(Text):
    """An ISO time with its offset."""

    def to_internal_value(self, data: Any) -> dt.datetime:  # type: ignore[override]
        words = super().to_internal_value(data)
        try:
            moment = dt.datetime.fromisoformat(words)
            if moment.tzinfo is not None:
                return moment.astimezone(clock.BEIJING)
        except (ValueError, OverflowError):
            pass
        raise serializers.ValidationError(_("A time with offset such as 2026-01-05T09:30:00+08:00."))


class AuctionRequest(Strict):
    """An application, an announcement or a paid allocation, by who asks; `seller` is the exchange operator's to name."""

    seller = Text(max_length=64, required=False, help_text="code; only for the exchange operator")
    instrument = Text(max_length=64)
    quantity = Quantity(help_text="whole tonnes, at least the instrument's smallest block")
    floor = OneOf(Auction.Floor.values)
    model = OneOf(Auction.Price.values)
    opens_at = Moment()
    closes_at = Moment()
    bidders = OneOf(Auction.Bidders.values)
    province = Text(max_length=6, required=False, allow_blank=True, help_text="of emitters, GB/T 2260")
    named = serializers.ListField(
        child=Text(max_length=64), max_length=MOST_NAMED, required=False, help_text="codes"
    )
    surrender_only = serializers.BooleanField(required=False, default=False)
    reason = Text(max_length=LONGEST_REASON)


class BidRequest(Strict):
    id = ClientId()
    price = Price()
    qty = Quantity()
    replaces = ClientId(required=False, help_text="of an own open bid, which ends when this one is accepted")


class CurveStep(serializers.Serializer[Any]):
    """All bids at one price."""

    price = serializers.CharField(help_text="yuan per tonne")
    qty = serializers.IntegerField()
    cumulative = serializers.IntegerField(help_text="tonnes bid at this price or more")
    filled = serializers.IntegerField()


class ResultSerializer(serializers.Serializer[Any]):
    sold = serializers.IntegerField()
    unsold = serializers.IntegerField()
    turnover = serializers.CharField()
    clearing_price = serializers.CharField(allow_null=True, help_text="the lowest accepted bid")
    lowest_price = serializers.CharField(allow_null=True, help_text="of the trades")
    highest_price = serializers.CharField(allow_null=True, help_text="of the trades")
    average_price = serializers.CharField(allow_null=True)
    bids = serializers.IntegerField(help_text="that stood when the window ended")
    bidders = serializers.IntegerField()
    winners = serializers.IntegerField()
    bid_quantity = serializers.IntegerField()
    expired = serializers.BooleanField(help_text="the day ended before the window; nothing was ranked")
    curve = CurveStep(many=True, help_text="the demand, highest price first")


class AuctionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(Standing.values)
    origin = serializers.ChoiceField(Auction.Origin.values)
    seller = serializers.CharField(help_text="code")
    seller_name = serializers.CharField()
    instrument = serializers.CharField()
    quantity = serializers.IntegerField()
    floor_rule = serializers.ChoiceField(Auction.Floor.values)
    floor = serializers.CharField(allow_null=True, help_text="yuan per tonne; known when it opens")
    cap = serializers.CharField(allow_null=True, help_text="highest lawful bid")
    model = serializers.ChoiceField(Auction.Price.values)
    bidders = serializers.ChoiceField(Auction.Bidders.values)
    province = serializers.CharField(allow_blank=True)
    named = serializers.ListField(child=serializers.CharField(), help_text="codes of those who may bid")
    surrender_only = serializers.BooleanField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    announced_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField(allow_blank=True, help_text="code, where it was not held")
    why_text = serializers.CharField(allow_blank=True)
    request = serializers.IntegerField(allow_null=True, help_text="while it waits for approval: its request")
    certificate = serializers.CharField(allow_null=True, help_text="number of the certificate of the result")
    result = ResultSerializer(allow_null=True, help_text="null while bids are sealed, and in lists")


def auction_shown(auction: Auction, at: dt.datetime, *, with_result: bool = False) -> dict[str, Any]:
    """An auction of `selectors.announced` or `visible_for`."""
    result = results.of(auction) if with_result else None
    return {
        "number": auction.pk,
        "state": standing(auction, at).value,
        "origin": auction.origin,
        "seller": auction.seller.code,
        "seller_name": auction.seller.name,
        "instrument": auction.instrument.code,
        "quantity": auction.quantity_t,
        "floor_rule": auction.floor_rule,
        "floor": maybe(auction.floor_fen),
        "cap": maybe(auction.cap_fen),
        "model": auction.price_model,
        "bidders": auction.bidders,
        "province": auction.province,
        "named": auction.named,
        "surrender_only": auction.surrender_only,
        "opens_at": moment(auction.opens_at),
        "closes_at": moment(auction.closes_at),
        "announced_at": moment(auction.announced_at),
        "ended_at": moment(auction.ended_at),
        "why": auction.why,
        "why_text": text(auction.why) if auction.why else "",
        "request": auction.request_id if auction.announced_at is None else None,
        "certificate": auction.certificate.number if auction.certificate else None,
        "result": result and result_shown(result),
    }


def result_shown(result: Result) -> dict[str, Any]:
    return {
        "sold": result.sold_t,
        "unsold": result.unsold_t,
        "turnover": yuan(result.turnover_fen),
        "clearing_price": maybe(result.clearing_fen),
        "lowest_price": maybe(result.lowest_fen),
        "highest_price": maybe(result.highest_fen),
        "average_price": maybe(result.average_fen),
        "bids": result.bids,
        "bidders": result.bidders,
        "winners": result.winners,
        "bid_quantity": result.bid_t,
        "expired": result.expired,
        "curve": [
            {
                "price": yuan(step.price_fen), "qty": step.qty_t, "cumulative": step.cumulative_t,
                "filled": step.filled_t,
            }
            for step in result.curve
        ],
    }  # fmt: skip


def maybe(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def moment(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(clock.BEIJING).isoformat()
