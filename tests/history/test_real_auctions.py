"""The real auction days against the rules (trading-rules.md: One-way auction). Never committed: the bulletins.

The bulletins print a day's auctions in one sum, without vintages; lots and previous closes by vintage are domain.md 9.5's,
and must add up to what the bulletins say. Of an auction's bids nothing is published: what is shown is that lawful
ones exist which give its volume and turnover to the fen, and that the core, with the market's real parameters, sells
exactly that.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from exchange.history.bulletins import BulletinRow, read
from exchange.matching.auction import highest_bid, lower_floor
from exchange.matching.book import Book, Parameters
from exchange.matching.market import Market
from exchange.matching.money import yuan

pytestmark = pytest.mark.real_data
OFFERED_T = 100_000  # the least that may be offered; less can be sold


@dataclass(frozen=True)
class Lot:
    day: str
    vintage: str
    volume_t: int
    turnover_fen: int
    prev_close_fen: int


LOTS = (
    Lot("2025-07-16", "CEA23", 100_000, 745_220_000, 7_410),
    Lot("2025-07-16", "CEA24", 30_000, 231_930_000, 7_597),
    Lot("2025-08-28", "CEA24", 5_000, 34_890_000, 6_978),
    Lot("2025-09-05", "CEA23", 2_000, 13_460_000, 6_730),
    Lot("2025-10-30", "CEA24", 100_000, 447_500_000, 4_433),
    Lot("2025-11-04", "CEA24", 100_000, 489_485_000, 4_872),
)


@pytest.fixture(scope="module")
def auction_days(real_data: Path) -> dict[dt.date, BulletinRow]:
    with (real_data / "cea_daily.csv").open(newline="") as file:
        rows, _ = read(file, before=dt.date(2100, 1, 1))
    return {row.day: row for row in rows if row.auction.volume_t}


def test_the_lots_are_the_auctions_of_the_bulletins_every_day_of_them(
    auction_days: dict[dt.date, BulletinRow],
) -> None:
    sums: dict[dt.date, tuple[int, int]] = {}
    for lot in LOTS:
        volume, turnover = sums.get(day := dt.date.fromisoformat(lot.day), (0, 0))
        sums[day] = volume + lot.volume_t, turnover + lot.turnover_fen
    assert {
        day: (row.auction.volume_t, row.auction.turnover_fen) for day, row in auction_days.items()
    } == sums


def test_no_auction_moved_a_close_or_a_listed_figure(auction_days: dict[dt.date, BulletinRow]) -> None:
    for row in auction_days.values():
        parts = (row.listed, row.block, row.auction)
        assert sum(part.volume_t for part in parts) == row.total.volume_t
        assert sum(part.turnover_fen for part in parts) == row.total.turnover_fen


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: f"{lot.day}-{lot.vintage}")
def test_each_lot_is_lawful_and_the_core_sells_it_to_the_fen(
    lot: Lot, auction_days: dict[dt.date, BulletinRow]
) -> None:
    assert dt.date.fromisoformat(lot.day) in auction_days
    low, rest = divmod(lot.turnover_fen, lot.volume_t)
    bids = [(low + 1, rest), (low, lot.volume_t - rest)]
    floor = lot.prev_close_fen if low >= lot.prev_close_fen else lower_floor(lot.prev_close_fen)
    assert floor <= low <= low + bool(rest) <= highest_bid(lot.prev_close_fen)
    market = Market()
    market.books[lot.vintage] = Book(lot.vintage, lot.prev_close_fen, Parameters())
    market.books[lot.vintage].phase = "morning"
    market.members = {"S": "active", "B": "active"}
    market.wallets.put("S", lot.vintage, OFFERED_T)
    market.wallets.put("B", "CNY", lot.turnover_fen)
    said = market.apply({
        "cmd": "auction", "id": "a", "member": "S", "instrument": lot.vintage, "floor": yuan(floor), "qty": OFFERED_T,
        "model": "pay_as_bid",
    })  # fmt: skip
    for number, (fen, qty) in enumerate(bids):
        if qty:
            said += market.apply({
                "cmd": "bid", "id": f"b{number}", "member": "B", "auction": {"member": "S", "id": "a"},
                "price": yuan(fen), "qty": qty,
            })  # fmt: skip
    assert all(type(event).__name__ == "Accepted" for event in said), said
    market.apply({"cmd": "auction_close", "id": "a", "member": "S"})
    bar = market.books[lot.vintage].bar(lot.day)
    assert (bar.auction_volume, bar.auction_turnover) == (lot.volume_t, lot.turnover_fen)
    assert (bar.volume, bar.close) == (0, lot.prev_close_fen)
