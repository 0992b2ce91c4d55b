"""What the machine draws: small instruments, members, prices near the previous close, sizes; and what is wrong."""

from typing import Any

from hypothesis import strategies as st

from exchange.matching.book import PHASES

Line = dict[str, Any]

MEMBERS = ("M1", "M2", "M3", "M4")
#: 13 levels of one fen; launch day's, in steps of five fen; a price at which rounding bites.
INSTRUMENTS: tuple[Line, ...] = (
    {"code": "CEA24", "prev_close": "0.20", "band_bps": 3000, "max_qty": 30, "block_min_qty": 20,
     "position_limit": 90},
    {"code": "CEA19-20", "prev_close": "48.00", "band_bps": 100, "tick": "0.05", "block_min_qty": 10},
    {"code": "CCER", "prev_close": "0.15", "band_bps": 4000, "block_band_bps": 5000, "max_qty": 9,
     "block_min_qty": 10, "position_limit": None},
)  # fmt: skip
CODES = tuple(str(line["code"]) for line in INSTRUMENTS)
BAD_PRICES: tuple[Any, ...] = (
    "NaN",
    "1e3",
    "٣",
    "+1",
    "-0.20",
    "0.00",
    "0.005",
    "",
    " 1",
    "1.",
    ".5",
    "48,00",
    None,
    True,
    [],
    -1,
    0,
)
#: member, steps from the previous close, tonnes
Row = tuple[str, int, int]
BAD_QUANTITIES: tuple[Any, ...] = (0, -5, 31, 10**30, "5", 1.5, True, None, [])

members, codes = st.sampled_from(MEMBERS), st.sampled_from(CODES)
sides = st.sampled_from(("buy", "sell"))
#: How far from the previous close, in ticks; mostly near it, seldom outside every band.
steps = st.one_of(st.integers(-2, 2), st.integers(-7, 7), st.integers(-12, 12))
sizes = st.one_of(st.integers(1, 9), st.integers(1, 31))
block_sizes = st.one_of(st.just(20), st.integers(8, 40))
#: Which of the orders so far; counted from the newest.
picks = st.one_of(st.integers(0, 5), st.integers(0, 60))
bid_rows = st.lists(st.tuples(members, st.integers(-3, 3), block_sizes), max_size=5)
now_and_then = st.integers(0, 11).map(lambda number: number == 7)
three_quarters = st.integers(0, 3).map(bool)
phases = st.sampled_from((*PHASES, "morning", *["afternoon"] * 6))
