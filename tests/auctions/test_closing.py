"""The end of an auction to its certificates, on the engine's own path; worked examples by hand."""

from typing import Any

import pytest

from exchange.auction import bidding, results, windows
from exchange.auction.models import Auction
from exchange.models import Bar, Command, Event, Trade
from exchange.settlement import close_day
from registry.audit.run import reconcile
from registry.compliance.models import Certificate
from registry.models import Transfer
from tests.support.auctions import Hall, make_hall
from tests.support.market import BILLION_FEN, office

pytestmark = pytest.mark.django_db
SELLER_T = 10_000_000


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()


def breaks() -> list[str]:
    return [str(one) for one in reconcile().breaks]


def with_bids(hall: Hall, **changes: Any) -> Auction:
    """100 000 t at 48.00 or more; bids for 150 000 t: 50.00 × 60 000 · 49.00 × 30 000, then 30 000 · 48.00 × 30 000."""
    auction = hall.announced(**changes)
    hall.at("12:00")
    for member, id_, price, qty in (
        ("D", "low", "48.00", 30_000), ("B", "old", "49.00", 30_000), ("C", "new", "49.00", 30_000),
        ("B", "top", "50.00", 60_000),
    ):  # fmt: skip
        assert hall.bid(auction, member, id_, price, qty).reason == ""
    return auction


def fills(auction: Auction) -> list[tuple[str, str, int, int]]:
    """(bid, buyer, fen, tonnes) in the order of the trades."""
    rows = Trade.objects.filter(listing=Auction.objects.get(pk=auction.pk).command_id).order_by("no")
    return [(row.taker.client_id, row.buyer.code, row.price_fen, row.qty_t) for row in rows]


def test_a_uniform_auction_fills_by_price_then_time_at_the_lowest_accepted_bid(hall: Hall) -> None:
    auction = with_bids(hall)
    hall.at("13:00")
    assert fills(auction) == [
        ("top", "B", 4_900, 60_000), ("old", "B", 4_900, 30_000), ("new", "C", 4_900, 10_000),
    ]  # fmt: skip
    # 60 000 × (50 − 49) of the first bid, and 20 000 × 49 of the cut one, are free again.
    assert hall.balance("B", "CNY") == BILLION_FEN - 90_000 * 4_900
    assert hall.balance("C", "CNY") == BILLION_FEN - 10_000 * 4_900
    assert hall.balance("D", "CNY") == BILLION_FEN
    assert hall.balance("A", "CNY") == BILLION_FEN + 490_000_000
    assert (hall.balance("B", "CEA25", "unsettled"), hall.balance("C", "CEA25", "unsettled")) == (
        90_000,
        10_000,
    )
    bar = Bar.objects.get()
    assert (bar.auction_volume_t, bar.auction_turnover_fen, bar.auction_trades) == (100_000, 490_000_000, 3)
    assert (bar.volume_t, bar.close_fen, bar.high_fen) == (0, 4_800, None)
    assert breaks() == []


def test_in_a_pay_as_bid_auction_each_pays_its_own_bid(hall: Hall) -> None:
    auction = with_bids(hall, price_model="pay_as_bid")
    hall.at("13:00")
    assert [(bid, fen) for bid, _, fen, _ in fills(auction)] == [
        ("top", 5_000),
        ("old", 4_900),
        ("new", 4_900),
    ]
    assert hall.balance("A", "CNY") == BILLION_FEN + 60_000 * 5_000 + 40_000 * 4_900
    result = results.of(Auction.objects.get(pk=auction.pk))
    assert result is not None
    assert (result.average_fen, result.lowest_fen, result.highest_fen) == (4_960, 4_900, 5_000)


def test_what_nobody_bid_for_goes_back_to_the_seller(hall: Hall) -> None:
    auction = hall.announced()
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "48.00", 25_000)
    hall.at("13:00")
    assert fills(auction) == [("b1", "B", 4_800, 25_000)]
    assert (hall.balance("A", "CEA25"), hall.balance("A", "CEA25", "order")) == (SELLER_T - 25_000, 0)
    assert breaks() == []


def test_without_a_bid_it_ends_without_a_price_and_without_a_certificate(hall: Hall) -> None:
    auction = hall.announced()
    hall.at("12:00")
    hall.at("13:00")
    auction.refresh_from_db()
    result = results.of(auction)
    assert result is not None
    assert (auction.state, result.sold_t, result.clearing_fen, result.curve) == ("ended", 0, None, ())
    assert auction.certificate is None
    assert hall.balance("A", "CEA25") == SELLER_T


def test_the_demand_curve_adds_up_the_bids_that_stood_at_the_end(hall: Hall) -> None:
    auction = with_bids(hall)
    hall.bid(auction, "C", "gone", "51.00", 7)
    bidding.withdraw("gone", organisation=hall.market.members["C"], user=None, at=hall.now)
    hall.bid(auction, "D", "lower", "48.50", 5_000, replaces="low")
    hall.at("13:00")
    result = results.of(Auction.objects.get(pk=auction.pk))
    assert result is not None
    assert [(step.price_fen, step.qty_t, step.cumulative_t, step.filled_t) for step in result.curve] == [
        (5_000, 60_000, 60_000, 60_000), (4_900, 60_000, 120_000, 40_000), (4_850, 5_000, 125_000, 0),
    ]  # fmt: skip
    assert (result.bids, result.bidders, result.bid_t, result.winners) == (4, 3, 125_000, 2)
    assert (result.clearing_fen, result.turnover_fen) == (4_900, 490_000_000)


def test_fees_are_on_both_sides_and_settled_with_the_trades(db: None) -> None:
    hall = make_hall(fee_bps=10)
    with_bids(hall)
    hall.at("13:00")
    assert hall.balance("A", "CNY") == BILLION_FEN + 490_000_000 - 490_000
    assert hall.balance("C", "CNY") == BILLION_FEN - 49_000_000 - 49_000
    assert hall.held_by(office("exchange"), "CNY") == 980_000
    assert breaks() == []


def test_the_close_is_one_command_however_often_beat_comes(hall: Hall) -> None:
    auction = with_bids(hall)
    for _ in range(3):
        windows.advance(hall.moment("13:00"))
    hall.at("13:00")
    trades, certificates = Trade.objects.count(), Certificate.objects.count()
    for _ in range(3):
        assert hall.at("14:00") == []
    assert Command.objects.filter(kind="auction_close").count() == 1
    assert (Trade.objects.count(), Certificate.objects.count()) == (trades, certificates) == (3, 3)
    assert Event.objects.filter(kind="rejected").count() == 0
    assert Auction.objects.get(pk=auction.pk).state == "ended"


def test_all_of_the_result_is_posted_in_one_batch_of_the_ledger(hall: Hall) -> None:
    with_bids(hall)
    hall.at("13:00")
    kinds = Transfer.objects.filter(kind__in=["trade", "payment"])
    assert kinds.count() == 6
    assert kinds.values("batch").distinct().count() == 1


def test_what_is_overdue_closes_before_the_day_does(hall: Hall) -> None:
    """Beat was away from noon to the evening: the close of the day finds the window over, and closes it first."""
    auction = with_bids(hall)
    close_day(hall.market.day, at=hall.moment("15:05"))
    assert len(fills(auction)) == 3
    hall.at("15:06")
    assert Auction.objects.get(pk=auction.pk).state == "ended"
    assert hall.balance("B", "CEA25") == SELLER_T + 90_000


def test_a_day_that_ends_before_the_window_lets_offer_and_bids_expire(hall: Hall) -> None:
    auction = with_bids(hall)
    close_day(hall.market.day, at=hall.moment("12:30"))
    hall.at("12:31")
    auction.refresh_from_db()
    result = results.of(auction)
    assert result is not None
    assert (auction.state, result.expired, result.sold_t, result.bids) == ("ended", True, 0, 4)
    assert (hall.balance("A", "CEA25"), hall.balance("B", "CNY")) == (SELLER_T, BILLION_FEN)
    assert breaks() == []


def test_a_halt_at_the_end_of_the_window_does_not_keep_it_open(hall: Hall) -> None:
    auction = with_bids(hall)
    hall.market.phase("halted")
    hall.at("13:00")
    assert len(fills(auction)) == 3


# --- certificates, paid allocation -------------------------------------------------------------------------


def test_the_seller_gets_a_certificate_of_the_result_and_each_buyer_one_of_its_purchase(hall: Hall) -> None:
    auction = with_bids(hall)
    hall.at("13:00")
    auction.refresh_from_db()
    assert auction.certificate is not None
    stated = auction.certificate.content
    assert auction.certificate.number.startswith(f"JJ-{hall.market.day.year}-")
    assert (stated["holder_code"], stated["sold_t"], stated["clearing_fen"], stated["bidders"]) == (
        "A",
        100_000,
        4_900,
        3,
    )
    bought = {row.organisation.code: row.content for row in Certificate.objects.filter(kind="purchase")}
    assert {code: (content["bought_t"], content["turnover_fen"]) for code, content in bought.items()} == {
        "B": (90_000, 441_000_000), "C": (10_000, 49_000_000),
    }  # fmt: skip
    for content in bought.values():
        assert "A" not in content.values(), "a certificate never names the other side"


def test_of_a_paid_allocation_the_unsold_tonnes_are_recalled_and_the_money_is_the_authoritys(
    hall: Hall,
) -> None:
    nation = office("national")
    auction = hall.decide(hall.ask("regulator", "national"), "checker@registry")
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "49.00", 30_000)
    hall.at("13:00")
    assert fills(auction) == [("b1", "B", 4_900, 30_000)]
    assert hall.held_by(nation, "CNY") == 147_000_000
    for purpose in ("trading", "order", "pending"):
        assert hall.held_by(nation, "CEA25", purpose) == 0
    recalls = Transfer.objects.filter(kind="recall")
    assert [row.amount for row in recalls] == [70_000]
    assert breaks() == []


def test_a_paid_allocation_that_is_not_held_is_recalled_whole(hall: Hall) -> None:
    hall.decide(hall.ask("regulator", "national"), "checker@registry")
    hall.market.phase("halted")
    hall.at("13:00")
    nation = office("national")
    assert (hall.held_by(nation, "CEA25"), hall.held_by(nation, "CEA25", "pending")) == (0, 0)
    assert breaks() == []


def test_an_authority_can_do_nothing_on_the_market_but_sell_by_auction(hall: Hall) -> None:
    hall.decide(hall.ask("regulator", "national"), "checker@registry")
    hall.at("12:00")
    hall.market.members["nation"] = office("national")
    hall.market.submit("nation", "list", "l1", side="sell", price="48.00", qty=1)
    hall.drain()
    assert Command.objects.get(client_id="l1").reason == "UNKNOWN_MEMBER"
