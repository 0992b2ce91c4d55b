"""Unit rows for tests: one with everything given, and what Hypothesis draws."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from registry.allocation.formulas import Cooling, UnitClass, UnitInput, years

#: Loads at which a curve begins or ends, and their neighbours.
EDGES = ("0", "0.4999", "0.5", "0.6499", "0.65", "0.7499", "0.75", "0.7999", "0.80", "0.8499", "0.85", "1")


def a_unit(**given: Any) -> UnitInput:
    """A class I unit at full load that generated and emitted nothing; `given` says what is different."""
    row: dict[str, Any] = {
        "entity": "E1", "unit": "U1", "unit_class": "I", "generation_mwh": "0", "supply_mwh": "0", "heat_gj": "0",
        "load_factor": "1", "heat_ratio": "0", "cooling": "water", "verified_t": 0,
    } | given  # fmt: skip
    for name in ("generation_mwh", "supply_mwh", "heat_gj", "load_factor", "heat_ratio"):
        row[name] = Decimal(row[name])
    return UnitInput(**row)


quantities = st.one_of(
    st.just(Decimal(0)),
    st.integers(0, 30_000_000).map(Decimal),
    st.decimals(0, 10**9, places=3),
)
loads = st.one_of(
    st.sampled_from(EDGES).map(Decimal), st.decimals(0, 1, places=4), st.decimals(0, 1, places=9)
)
plan_years = st.sampled_from(years())


@st.composite
def units(draw: st.DrawFn, entity: str = "E1", unit: str = "U1") -> UnitInput:
    return UnitInput(
        entity, unit, draw(st.sampled_from(UnitClass)), draw(quantities), draw(quantities), draw(quantities),
        draw(loads), draw(st.one_of(st.just(Decimal(0)), st.decimals(0, 1, places=4))),
        draw(st.sampled_from(Cooling)), draw(st.one_of(st.just(0), st.integers(0, 30_000_000))),
    )  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> list[UnitInput]:
    """Up to eight units of up to three entities, in any order."""
    entities = draw(st.lists(st.sampled_from(("E1", "E2", "E3")), min_size=1, max_size=8))
    return [draw(units(entity, f"U{place}")) for place, entity in enumerate(entities)]
