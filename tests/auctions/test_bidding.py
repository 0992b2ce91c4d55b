"""The window's beginning, and bids until its end, on the engine's own path."""

import pytest

from exchange.auction import bidding
from exchange.auction.models import Auction
from exchange.intake import Refused
from exchange.models import Command, Order
from registry.audit.run import reconcile
from tests.support.auctions import Hall, make_hall

pytestmark = pytest.mark.django_db
SELLER_T = 10_000_000


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()


def breaks() -> list[str]:
    return [str(one) for one in reconcile().breaks]


# --- opening ----------------------------------------------------------------------------------------------


def test_it_opens_with_its_window_at_the_floor_of_that_day(hall: Hall) -> None:
    auction = hall.announced(floor_rule="less_tenth")
    assert hall.at("11:59:59") == []
    assert hall.at("12:00") == [f"{auction} is being opened", f"{auction} is open"]
    auction.refresh_from_db()
    assert (auction.state, auction.floor_fen, auction.cap_fen, auction.set_aside) == (
        "open",
        4_320,
        5_280,
        False,
    )
    assert (hall.balance("A", "CEA25", "pending"), hall.balance("A", "CEA25", "order")) == (0, 100_000)
    assert breaks() == []


def test_the_set_aside_tonnes_can_only_go_into_the_auction(hall: Hall) -> None:
    """An order of the seller's own, stored before the opening is decided, cannot take them."""
    auction = hall.announced(quantity_t=SELLER_T)
    hall.market.submit("A", "list", "grab", side="sell", price="48.00", qty=1)
    hall.at("12:00", engine_too=False)
    hall.market.submit("A", "list", "grab-2", side="sell", price="48.00", qty=1)
    hall.drain()
    assert (
        list(Command.objects.filter(kind="list").values_list("reason", flat=True))
        == ["INSUFFICIENT_HOLDINGS"] * 2
    )
    assert Order.objects.get(kind="auction").leaves_t == SELLER_T
    hall.at("12:01")
    assert Auction.objects.get(pk=auction.pk).state == "open"


def test_halted_at_its_beginning_it_opens_when_the_instrument_resumes(hall: Hall) -> None:
    auction = hall.announced()
    hall.market.phase("halted")
    assert hall.at("12:10") == []
    hall.market.phase("afternoon")
    assert hall.at("12:20")[-1] == f"{auction} is open"


def test_halted_all_through_it_is_not_held_and_the_tonnes_go_back(hall: Hall) -> None:
    auction = hall.announced()
    hall.market.phase("halted")
    hall.at("12:30")
    assert hall.at("13:00") == [f"{auction} is not held"]
    auction.refresh_from_db()
    assert (auction.state, auction.why) == ("failed", "NOT_OPENED")
    assert (hall.balance("A", "CEA25"), hall.balance("A", "CEA25", "pending")) == (SELLER_T, 0)
    assert breaks() == []


def test_of_a_seller_suspended_meanwhile_it_is_not_held(hall: Hall) -> None:
    auction = hall.announced()
    hall.market.members["A"].status = "suspended"
    hall.market.members["A"].save()
    hall.at("12:00")
    auction.refresh_from_db()
    assert (auction.state, auction.why, auction.set_aside) == ("failed", "MEMBER_SUSPENDED", False)
    assert (hall.balance("A", "CEA25"), hall.balance("A", "CEA25", "pending")) == (SELLER_T, 0)
    assert breaks() == []


# --- bidding ----------------------------------------------------------------------------------------------


def test_money_is_locked_at_the_bid_and_free_when_it_is_withdrawn(hall: Hall) -> None:
    auction = hall.announced()
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "50.00", 1_000)
    assert hall.balance("B", "CNY", "order") == 5_000_000
    bidding.withdraw("b1", organisation=hall.market.members["B"], user=None, at=hall.now)
    hall.drain()
    assert hall.balance("B", "CNY", "order") == 0
    assert Order.objects.get(client_id="b1").status == "cancelled"


def test_a_changed_bid_takes_the_place_of_the_old_one_in_one_step(hall: Hall) -> None:
    auction = hall.announced()
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "50.00", 1_000)
    assert hall.bid(auction, "B", "b2", "50.50", 2_000, replaces="b1").reason == ""
    assert hall.bid(auction, "B", "b3", "99.00", 2_000, replaces="b2").reason == "PRICE_BAND"
    assert {bid.client_id: bid.status for bid in Order.objects.filter(kind="bid")} == {
        "b1": "cancelled",
        "b2": "open",
    }
    assert hall.balance("B", "CNY", "order") == 10_100_000
    assert breaks() == []


def test_before_and_after_the_window_nothing_is_taken(hall: Hall) -> None:
    auction = hall.announced()
    with pytest.raises(Refused, match="NOT_YET_OPEN"):
        hall.bid(auction, "B", "b1", "50.00", 1_000)
    hall.at("12:00")
    hall.bid(auction, "B", "b1", "50.00", 1_000)
    # The window is over, and beat has not come yet.
    hall.now = hall.moment("13:00")
    for replaces in (None, "b1"):
        with pytest.raises(Refused, match="WINDOW_CLOSED"):
            hall.bid(auction, "B", "b2", "50.00", 1_000, replaces=replaces)
    with pytest.raises(Refused, match="WINDOW_CLOSED"):
        bidding.withdraw("b1", organisation=hall.market.members["B"], user=None, at=hall.now)
    hall.at("13:00")
    assert Order.objects.get(client_id="b1").filled_t == 1_000


def test_only_those_whom_the_announcement_names_may_bid(hall: Hall) -> None:
    members = hall.market.members
    members["D"].kind = "institution"
    members["D"].save()
    members["C"].province = "310000"
    members["C"].save()
    chosen = hall.announced(bidders="named", named=(members["B"],))
    emitters = hall.announced(bidders="emitters")
    local = hall.announced(bidders="emitters", province="310000")
    hall.at("12:00")
    for auction, allowed in ((chosen, "B"), (emitters, "BC"), (local, "C")):
        for member in "ABCD":
            id_ = f"{auction.pk}-{member}"
            if member in allowed:
                assert hall.bid(auction, member, id_, "50.00", 1).reason == ""
            else:
                with pytest.raises(Refused, match="NOT_INVITED"):
                    hall.bid(auction, member, id_, "50.00", 1)


def test_the_same_bid_sent_twice_is_one_bid(hall: Hall) -> None:
    auction = hall.announced()
    hall.at("12:00")
    assert hall.bid(auction, "B", "b1", "50.00", 10).pk == hall.bid(auction, "B", "b1", "50.00", 10).pk
    with pytest.raises(Refused, match="DUPLICATE_ID"):
        hall.bid(auction, "B", "b1", "50.01", 10)
