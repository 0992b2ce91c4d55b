"""The cheapest lawful mix, by hand and against a search through every mix there is."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.compliance.proposal import Proposal, Way, propose

ALLOWANCES = frozenset({"CEA22", "CEA23", "CEA24"})
CREDITS = frozenset({"CCER"})


def test_the_sketch_of_the_page() -> None:
    """ui.md: need 2 700 000, have 2 621 916: 78 084 CCER at 89.91 instead of CEA at 97.49 save 591 877 yuan."""
    found = propose(
        2_700_000,
        {"CEA24": 2_400_000, "CEA23": 200_000, "CEA22": 21_916},
        ALLOWANCES,
        CREDITS,
        135_000,
        {"CCER": 8_991, "CEA24": 9_749, "CEA23": 9_800, "CEA22": 9_900},
    )
    assert {use.asset: use.bought_t for use in found.best.uses if use.bought_t} == {"CCER": 78_084}
    assert found.best.cost_fen == 702_053_244
    assert found.saved_fen == 59_187_672
    assert [way.first for way in found.ways] == ["CCER", "CEA24", "CEA23", "CEA22"]


def test_beyond_the_cap_the_rest_is_the_cheapest_allowance() -> None:
    found = propose(1_000, {}, ALLOWANCES, CREDITS, 50, {"CCER": 100, "CEA23": 200, "CEA24": 300})
    assert {use.asset: use.bought_t for use in found.best.uses} == {"CCER": 50, "CEA23": 950}
    assert found.best.cost_fen == 50 * 100 + 950 * 200


def test_of_what_is_held_the_cheapest_goes_first() -> None:
    found = propose(100, {"CEA23": 80, "CEA24": 80}, ALLOWANCES, CREDITS, 5, {"CEA23": 300, "CEA24": 200})
    assert {use.asset: use.held_t for use in found.best.uses} == {"CEA24": 80, "CEA23": 20}
    assert (found.best.cost_fen, len(found.ways)) == (0, 1)


def test_held_credits_beyond_the_cap_stay() -> None:
    found = propose(100, {"CCER": 50, "CEA24": 100}, ALLOWANCES, CREDITS, 5, {"CCER": 100, "CEA24": 200})
    assert {use.asset: use.held_t for use in found.best.uses} == {"CCER": 5, "CEA24": 95}


def test_what_the_year_does_not_take_is_not_used() -> None:
    found = propose(100, {"CEA25": 100}, ALLOWANCES, CREDITS, 5, {"CEA24": 200})
    assert {use.asset: use.total_t for use in found.best.uses} == {"CEA24": 100}


def test_without_a_price_nothing_is_pretended() -> None:
    found = propose(100, {"CEA24": 40}, ALLOWANCES, CREDITS, 5, {})
    assert (found.best.missing_t, found.best.cost_fen) == (60, 0)


def test_nothing_needed() -> None:
    found = propose(0, {"CEA24": 40}, ALLOWANCES, CREDITS, 5, {"CEA24": 100})
    assert found == Proposal(0, (Way("", ()),))


SMALL = st.integers(0, 6)
PRICE = st.integers(1, 9)


@settings(max_examples=300)
@given(
    need=st.integers(0, 9),
    held=st.fixed_dictionaries({"CEA23": SMALL, "CEA24": SMALL, "CCER": SMALL}),
    room=SMALL,
    prices=st.fixed_dictionaries({"CEA23": PRICE, "CEA24": PRICE, "CCER": PRICE}),
)
def test_no_lawful_mix_is_better(need: int, held: dict[str, int], room: int, prices: dict[str, int]) -> None:
    best = propose(need, held, frozenset({"CEA23", "CEA24"}), CREDITS, room, prices).best
    assert sum(use.total_t for use in best.uses) == need
    assert sum(use.total_t for use in best.uses if use.asset in CREDITS) <= room
    assert all(use.held_t <= held[use.asset] for use in best.uses)
    found = (
        best.cost_fen,
        sum(use.held_t * prices[use.asset] for use in best.uses),
    )
    assert found == cheapest_by_search(need, held, room, prices)


def cheapest_by_search(need: int, held: dict[str, int], room: int, prices: dict[str, int]) -> tuple[int, int]:
    """(money to pay, value given up) of the best of all mixes: totals by asset, held as far as they go."""
    best: tuple[int, int] | None = None
    for credit, first in product(range(min(need, room) + 1), range(need + 1)):
        second = need - credit - first
        if second < 0:
            continue
        totals = {"CCER": credit, "CEA23": first, "CEA24": second}
        paid = sum(max(0, qty - held[asset]) * prices[asset] for asset, qty in totals.items())
        given_up = sum(min(qty, held[asset]) * prices[asset] for asset, qty in totals.items())
        best = min(best, (paid, given_up)) if best else (paid, given_up)
    assert best is not None
    return best
