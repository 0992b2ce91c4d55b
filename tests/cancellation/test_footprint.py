import datetime as dt
from decimal import Decimal

import pytest

from registry.cancellation.footprint import ITEMS, LARGEST, BadRow, Footprint
from registry.cancellation.footprint import footprint as by_factors
from registry.factors.shipped import SHIPPED, latest

DAY = dt.date(2026, 3, 2)


def footprint(amounts: dict[str, Decimal], day: dt.date) -> Footprint:
    return by_factors(amounts, latest(SHIPPED, day))


def test_a_conference_by_hand() -> None:
    """120 people: 40 fly 2 400 km, 80 by rail 600 km, 240 nights, 15 000 kWh, 360 meals."""
    found = footprint(
        {
            "flight": Decimal(96_000),  # 40 × 2 400 × 0.27257 = 26 166.720
            "rail": Decimal(48_000),  # 80 × 600 × 0.03546 = 1 702.080
            "hotel": Decimal(240),  # 240 × 53.5 = 12 840
            "electricity": Decimal(15_000),  # 15 000 × 0.5366 = 8 049
            "meal": Decimal(360),  # 360 × 1.877 = 675.720
        },
        DAY,
    )
    assert [str(row.kg) for row in found.rows] == [
        "26166.720", "1702.080", "12840.000", "8049.000", "675.720"
    ]  # fmt: skip
    assert found.kg == Decimal("49433.520")
    assert found.tonnes == 50


@pytest.mark.parametrize(("meals", "tonnes"), [("0", 0), ("0.001", 1), ("532", 1), ("533", 2)])
def test_tonnes_are_rounded_up(meals: str, tonnes: int) -> None:
    """532 × 1.877 = 998.564 kg; 533 × 1.877 = 1 000.441 kg."""
    assert footprint({"meal": Decimal(meals)}, DAY).tonnes == tonnes


def test_the_factor_of_the_day_holds() -> None:
    """The national factors of 2021 and 2022 were published on 2024-04-12 and 2024-12-26."""
    days = dt.date(2024, 4, 11), dt.date(2024, 4, 12), dt.date(2024, 12, 25), dt.date(2024, 12, 26)
    found = [str(footprint({"electricity": Decimal(1_000)}, day).kg) for day in days]
    assert found == ["570.300", "556.800", "556.800", "536.600"]


def test_each_row_shows_amount_factor_and_source() -> None:
    (row,) = footprint({"hotel": Decimal("2.50")}, DAY).rows
    shown = row.as_dict()
    assert (shown["amount"], shown["factor"], shown["unit"], shown["kg"]) == (
        "2.5",
        "53.5",
        "room-night",
        "133.750",
    )
    assert "China" in shown["source"]


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", str(LARGEST + 1)])
def test_what_is_no_amount_names_its_row(amount: str) -> None:
    with pytest.raises(BadRow) as bad:
        footprint({"rail": Decimal(amount)}, DAY)
    assert bad.value.item == "rail"


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(BadRow):
        footprint({"rocket": Decimal(1)}, DAY)


def test_every_item_has_one_factor_with_a_source_today() -> None:
    assert [item for item in latest(SHIPPED, DAY) if item in ITEMS] == list(ITEMS)
    assert all(row.source and row.value > 0 for row in SHIPPED)
