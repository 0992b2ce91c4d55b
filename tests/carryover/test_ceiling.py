"""The tables of registry-rules.md 5 and domain.md 5.8, and the edges of each number in them."""

import datetime as dt

import pytest

from registry.carryover.ceiling import RULES, Rule, Working

RULE = RULES[0]


def working(
    net_sales_t: int, held_t: int, *, pending_t: int = 0, asked_t: int = 0, sector: str = "power"
) -> Working:
    sold, bought = (net_sales_t, 0) if net_sales_t >= 0 else (0, -net_sales_t)
    return Working(RULE, sector, sold, bought, held_t, pending_t, asked_t)


@pytest.mark.parametrize(
    ("net_sales_t", "held_t", "ceiling_t", "can_carry_t"),
    [
        (-5_000, 50_000, 10_000, 10_000),
        (40_000, 60_000, 70_000, 60_000),
        (40_000, 80_000, 70_000, 70_000),
        (3_333, 100_000, 14_999, 14_999),
        (0, 9_999, 10_000, 9_999),
        (1, 20_000, 10_001, 10_001),
    ],
)
def test_the_table(net_sales_t: int, held_t: int, ceiling_t: int, can_carry_t: int) -> None:
    found = working(net_sales_t, held_t)
    assert (found.ceiling_t, found.room_t) == (ceiling_t, can_carry_t)


@pytest.mark.parametrize(
    ("sector", "base_t"), [("power", 10_000), ("steel", 100_000), ("cement", 100_000), ("aluminium", 100_000)]
)
def test_the_base_goes_by_sector(sector: str, base_t: int) -> None:
    assert working(0, 10**9, sector=sector).ceiling_t == base_t


def test_what_was_pending_at_the_cut_off_does_not_count_as_held() -> None:
    assert working(40_000, 60_000, pending_t=12_000).room_t == 48_000


def test_applications_add_up() -> None:
    assert working(0, 50_000, asked_t=7_500).room_t == 2_500
    assert working(0, 50_000, asked_t=10_000).room_t == 0
    assert working(-1, 5_000, asked_t=10_000).room_t == 0


@pytest.mark.parametrize("asset", ["CEA19-20", "CEA21", "CEA22", "CEA23", "CEA24"])
def test_vintages_of_2019_to_2024_are_carried(asset: str) -> None:
    assert RULE.takes(asset)


@pytest.mark.parametrize(
    "asset", ["CEA25", "CEA24-25", "CEA18", "CEA18-19", "CEA", "CCER", "SHEA24", "CNY", "CEA244"]
)
def test_nothing_else_is(asset: str) -> None:
    assert not RULE.takes(asset)


def test_each_rule_is_whole_and_dated() -> None:
    for rule in RULES:
        assert isinstance(rule, Rule)
        assert rule.traded_from < rule.traded_to <= rule.cut_off.date() < rule.apply_from < rule.apply_to
        assert rule.cut_off.utcoffset() == dt.timedelta(hours=8)
        assert not rule.takes(rule.target)
