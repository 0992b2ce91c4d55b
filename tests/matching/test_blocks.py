"""trading-rules.md by hand: Block agreement (大宗协议)."""

from typing import Any

import pytest

from tests.matching.floor import Floor


@pytest.mark.parametrize(
    ("prev_close", "low", "under", "high", "over"),
    [("48.00", "33.60", "33.59", "62.40", "62.41"), ("43.16", "30.21", "30.20", "56.11", "56.12"),
     ("74.20", "51.94", "51.93", "96.46", "96.47")],
)  # fmt: skip
def test_a_blocks_band_is_thirty_percent_and_both_edges_may_be_traded_at(
    prev_close: str, low: str, under: str, high: str, over: str
) -> None:
    floor = Floor(prev_close)
    assert floor.block("k", "YUNLING", sell=100_000, at=under) == ["PRICE_BAND"]
    assert floor.block("k", "YUNLING", sell=100_000, at=over) == ["PRICE_BAND"]
    assert floor.block("k", "YUNLING", sell=100_000, at=low) == ["accepted k"]
    assert floor.block("l", "YUNLING", sell=100_000, at=high) == ["accepted l"]


def test_a_block_stands_outside_the_book_and_the_quote() -> None:
    floor = Floor()
    floor.block("k", "YUNLING", sell=100_000, at="40.00")
    assert floor.book() == []
    assert floor.list("b", "BEIHAI", buy=1, at="48.00") == ["accepted b"]
    assert floor.block_accept("l", "PUJIANG", "YUNLING k") == ["accepted l", "trade k l 100000 @ 40.00"]
    assert floor.pair.core.books["CEA"].day.last is None


def test_a_block_is_accepted_whole_by_anybody_but_its_offerer() -> None:
    floor = Floor()
    floor.block("k", "BEIHAI", buy=100_000, at="50.00")
    assert floor.wallet("BEIHAI") == ("95000000.00", "5000000.00", "0.00")
    assert floor.block_accept("l", "BEIHAI", "BEIHAI k") == ["UNKNOWN_ORDER"]
    assert floor.block_accept("l", "YUNLING", "BEIHAI k") == ["accepted l", "trade k l 100000 @ 50.00"]
    assert floor.wallet("BEIHAI", "CEA") == (500_000, 0, 100_000)
    assert floor.wallet("YUNLING", "CEA") == (400_000, 0, 0)
    assert floor.block_accept("m", "JIANGHAI", "BEIHAI k") == ["NOT_OPEN"]


def test_a_block_for_one_named_member_is_unknown_to_others() -> None:
    floor = Floor()
    floor.block("k", "YUNLING", sell=100_000, at="40.00", counterparty="BEIHAI")
    assert floor.block_accept("l", "PUJIANG", "YUNLING k") == ["UNKNOWN_ORDER"]
    assert floor.block_accept("l", "BEIHAI", "YUNLING k")[0] == "accepted l"
    assert floor.block_accept("m", "PUJIANG", "YUNLING k") == ["UNKNOWN_ORDER"]


def test_only_a_block_offer_can_be_accepted() -> None:
    floor = Floor()
    floor.list("h", "YUNLING", sell=10, at="48.00")
    floor.auction("a", "YUNLING", 100_000, "48.00")
    for name in ("h", "a", "none"):
        assert floor.block_accept("l", "BEIHAI", f"YUNLING {name}") == ["UNKNOWN_ORDER"]


def test_an_acceptance_counts_as_a_block_that_is_not_open() -> None:
    """The delivered scenarios say so (random-5)."""
    floor = Floor()
    floor.block("k", "YUNLING", sell=100_000, at="40.00")
    floor.block_accept("l", "BEIHAI", "YUNLING k")
    assert floor.block_accept("m", "PUJIANG", "BEIHAI l") == ["NOT_OPEN"]


def test_a_withdrawn_block_frees_what_it_locked_and_cannot_be_accepted() -> None:
    floor = Floor()
    floor.block("k", "YUNLING", sell=100_000, at="40.00")
    assert floor.wallet("YUNLING", "CEA") == (400_000, 100_000, 0)
    assert floor.cancel("k", "YUNLING") == ["cancelled k 100000"]
    assert floor.wallet("YUNLING", "CEA") == (500_000, 0, 0)
    assert floor.block_accept("l", "BEIHAI", "YUNLING k") == ["NOT_OPEN"]


def test_an_acceptance_is_checked_like_a_block_of_the_other_side_in_the_tables_order() -> None:
    floor = Floor(position_limit=550_000)
    floor.member("BROKE", status="suspended")
    floor.block("k", "YUNLING", sell=100_000, at="40.00")
    floor.list("dup", "BEIHAI", buy=1, at="43.20")
    floor.phase("morning")
    assert floor.block_accept("l", "NOBODY", "YUNLING k") == ["UNKNOWN_MEMBER"]
    assert floor.block_accept("l", "BROKE", "YUNLING k") == ["MEMBER_SUSPENDED"]
    assert floor.block_accept("dup", "BEIHAI", "YUNLING k") == ["DUPLICATE_ID"]
    assert floor.block_accept("l", "BEIHAI", "YUNLING k") == ["MARKET_CLOSED"]
    floor.phase("afternoon")
    assert floor.block_accept("l", "BEIHAI", "YUNLING k") == ["POSITION_LIMIT"]
    floor.do("member", id="BROKE")
    assert floor.block_accept("l", "BROKE", "YUNLING k") == ["INSUFFICIENT_FUNDS"]


def test_both_sides_of_a_block_pay_fees() -> None:
    floor = Floor(fees=8)
    floor.block("k", "YUNLING", sell=100_000, at="40.00")
    floor.block_accept("l", "BEIHAI", "YUNLING k")
    assert floor.wallet("YUNLING") == ("103996800.00", "0.00", "0.00")
    assert floor.wallet("BEIHAI") == ("95996800.00", "0.00", "0.00")
    assert floor.fees() == "6400.00"


def test_a_block_for_several_is_unknown_to_others_and_goes_to_the_first_who_accepts() -> None:
    floor = Floor()
    floor.block("k", "YUNLING", sell=100_000, at="40.00", counterparties=["BEIHAI", "PUJIANG"])
    assert floor.block_accept("l", "JIANGHAI", "YUNLING k") == ["UNKNOWN_ORDER"]
    assert floor.block_accept("l", "PUJIANG", "YUNLING k")[0] == "accepted l"
    assert floor.block_accept("m", "BEIHAI", "YUNLING k") == ["NOT_OPEN"]


@pytest.mark.parametrize(
    "named",
    [
        {"counterparties": []}, {"counterparties": ["BEIHAI", "NOBODY"]}, {"counterparties": ["YUNLING"]},
        {"counterparties": ["BEIHAI"], "counterparty": "BEIHAI"},
    ],
)  # fmt: skip
def test_whom_a_block_names_must_be_others_that_exist(named: dict[str, Any]) -> None:
    floor = Floor()
    assert floor.block("k", "YUNLING", sell=100_000, at="40.00", **named) == ["BAD_COUNTERPARTY"]
    assert floor.wallet("YUNLING", "CEA") == (500_000, 0, 0)


def counter(floor: Floor, name: str, member: str, answers: str, **offer: Any) -> list[str]:
    owner, id_ = answers.split()
    answered = {"member": owner, "id": id_}
    return floor.block(name, member, counterparty=owner, answers=answered, **offer)


def test_an_offer_that_answers_another_ends_it_and_frees_what_it_locked() -> None:
    floor = Floor()
    floor.block("k", "YUNLING", sell=100_000, at="40.00", counterparty="BEIHAI")
    said = counter(floor, "l", "BEIHAI", "YUNLING k", buy=100_000, at="39.00")
    assert said == ["accepted l", "cancelled k 100000"]
    assert floor.wallet("YUNLING", "CEA") == (500_000, 0, 0)
    assert floor.wallet("BEIHAI") == ("96100000.00", "3900000.00", "0.00")
    assert floor.block_accept("m", "BEIHAI", "YUNLING k") == ["NOT_OPEN"]
    assert floor.block_accept("m", "YUNLING", "BEIHAI l")[0] == "accepted m"


def test_an_answer_that_is_refused_leaves_the_offer_it_would_have_ended() -> None:
    floor = Floor()
    floor.member("BROKE", cny="1.00")
    floor.block("k", "YUNLING", sell=100_000, at="40.00", counterparty="BROKE")
    assert counter(floor, "l", "BROKE", "YUNLING k", buy=100_000, at="39.00") == ["INSUFFICIENT_FUNDS"]
    assert floor.wallet("YUNLING", "CEA") == (400_000, 100_000, 0)
    floor.do("credit", member="BROKE", asset="CNY", amount="4000000.00")
    assert floor.block_accept("m", "BROKE", "YUNLING k")[0] == "accepted m"


def test_only_an_open_offer_to_oneself_alone_can_be_answered_by_an_offer() -> None:
    floor = Floor()
    floor.instrument("CCER", "48.00", phase="afternoon")
    for name, more in (("all", {}), ("two", {"counterparties": ["BEIHAI", "PUJIANG"]}), ("other", {"counterparty": "PUJIANG"}),
                       ("gone", {"counterparty": "BEIHAI"}), ("mine", {"counterparty": "BEIHAI"})):  # fmt: skip
        floor.block(name, "YUNLING", sell=100_000, at="40.00", **more)
    floor.cancel("gone", "YUNLING")
    for name in ("all", "two", "other", "none"):
        assert counter(floor, "l", "BEIHAI", f"YUNLING {name}", buy=100_000, at="39.00") == ["UNKNOWN_ORDER"]
    assert counter(floor, "l", "BEIHAI", "YUNLING gone", buy=100_000, at="39.00") == ["NOT_OPEN"]
    elsewhere = counter(floor, "l", "BEIHAI", "YUNLING mine", buy=100_000, at="48.00", code="CCER")
    assert elsewhere == ["UNKNOWN_ORDER"]
