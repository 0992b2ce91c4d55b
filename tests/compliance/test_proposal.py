"""The cheapest lawful mix, by hand and against a search through every mix there is."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.compliance.proposal import Proposal, Way, propose

ALLOWANCES = frozenset({"CEA22", "CEA23", "CEA24"})
CREDITS = frozenset({"CCER"})
#: Shanghai's scheme
SHEA, BOTH = frozenset({"SHEA"}), frozenset({"CCER", "SHCER"})


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


def test_shanghais_two_credits_share_one_cap() -> None:
    """5 % in sum: what is held of either goes first, then the cheaper one is bought as far as there is room."""
    prices = {"SHEA": 6_500, "CCER": 8_900, "SHCER": 4_000}
    found = propose(1_000, {"SHEA": 900, "CCER": 20, "SHCER": 10}, SHEA, BOTH, 50, prices)
    totals = {use.asset: (use.held_t, use.bought_t) for use in found.best.uses}
    assert totals == {"SHEA": (900, 50), "CCER": (20, 0), "SHCER": (10, 20)}
    assert found.best.cost_fen == 50 * 6_500 + 20 * 4_000
    assert found.saved_fen == 20 * (6_500 - 4_000)


SMALL = st.integers(0, 6)
PRICE = st.integers(1, 9)


@settings(max_examples=300, deadline=None)
@given(
    need=st.integers(0, 9),
    held=st.fixed_dictionaries({"SHEA": SMALL, "CCER": SMALL, "SHCER": SMALL}),
    room=SMALL,
    prices=st.fixed_dictionaries({"SHEA": PRICE, "CCER": PRICE, "SHCER": PRICE}),
)
def test_no_lawful_mix_with_two_credits_is_better(
    need: int, held: dict[str, int], room: int, prices: dict[str, int]
) -> None:
    _compare(
        propose(need, held, SHEA, BOTH, room, prices),
        need,
        held,
        room,
        prices,
        ("CCER", "SHCER", "SHEA"),
        BOTH,
    )


@settings(max_examples=300, deadline=None)
@given(
    need=st.integers(0, 9),
    held=st.fixed_dictionaries({"CEA23": SMALL, "CEA24": SMALL, "CCER": SMALL}),
    room=SMALL,
    prices=st.fixed_dictionaries({"CEA23": PRICE, "CEA24": PRICE, "CCER": PRICE}),
)
def test_no_lawful_mix_is_better(need: int, held: dict[str, int], room: int, prices: dict[str, int]) -> None:
    found = propose(need, held, frozenset({"CEA23", "CEA24"}), CREDITS, room, prices)
    _compare(found, need, held, room, prices, ("CCER", "CEA23", "CEA24"), CREDITS)


def _compare(
    proposal: Proposal, need: int, held: dict[str, int], room: int, prices: dict[str, int],
    assets: tuple[str, str, str], credits_of: frozenset[str],
) -> None:  # fmt: skip
    best = proposal.best
    assert sum(use.total_t for use in best.uses) == need
    assert sum(use.total_t for use in best.uses if use.asset in credits_of) <= room
    assert all(use.held_t <= held[use.asset] for use in best.uses)
    found = (best.cost_fen, sum(use.held_t * prices[use.asset] for use in best.uses))
    assert found == cheapest_by_search(need, held, room, prices, assets, credits_of)


def cheapest_by_search(
    need: int, held: dict[str, int], room: int, prices: dict[str, int], assets: tuple[str, str, str],
    credits_of: frozenset[str],
) -> tuple[int, int]:  # fmt: skip
    """(money to pay, value given up) of the best of all mixes: totals by asset, held as far as they go."""
    best: tuple[int, int] | None = None
    for first, second in product(range(need + 1), repeat=2):
        totals = dict(zip(assets, (first, second, need - first - second), strict=True))
        if totals[assets[2]] < 0 or sum(totals[asset] for asset in credits_of) > room:
            continue
        paid = sum(max(0, qty - held[asset]) * prices[asset] for asset, qty in totals.items())
        given_up = sum(min(qty, held[asset]) * prices[asset] for asset, qty in totals.items())
        best = min(best, (paid, given_up)) if best else (paid, given_up)
    assert best is not None
    return best
