"""The dated table of surrender, fines and deductions (registry-rules.md 4, domain.md 4.3, 4.4 and 8.4)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.compliance import rules
from registry.compliance.rules import Scheme, Verdict, rules_of
from registry.emitters.models import NATIONAL_SECTORS, Sector

VINTAGES = ("CEA19-20", "CEA21", "CEA22", "CEA23", "CEA24", "CEA25", "CEA26")

#: year → which of VINTAGES are accepted before the deadline, and once it has passed
MATRIX = {
    2019: ("1000000", "1111111"),
    2020: ("1000000", "1111111"),
    2021: ("1100000", "1111111"),
    2022: ("1110000", "1111111"),
    2023: ("1111000", "1111111"),
    2024: ("1111100", "1111111"),
    2025: ("0000011", "0000011"),
    2026: ("0000011", "0000011"),
}


@pytest.mark.parametrize("year", MATRIX)
def test_the_matrix_of_vintages(year: int) -> None:
    for arrears, row in zip((False, True), MATRIX[year], strict=True):
        accepted = [rules_of(year).verdict(asset, arrears=arrears).usable for asset in VINTAGES]
        assert "".join("01"[one] for one in accepted) == row, f"arrears {arrears}"


@pytest.mark.parametrize(
    ("asset", "until_2024", "from_2025"),
    [
        ("CCER", Verdict.CREDIT, Verdict.CREDIT),
        ("CCER-2017", Verdict.CREDIT, Verdict.OTHER_CREDIT),
        ("CCER-CS", Verdict.OTHER_CREDIT, Verdict.OTHER_CREDIT),
        ("SHCER", Verdict.OTHER_CREDIT, Verdict.OTHER_CREDIT),
        ("SHEA", Verdict.FOREIGN, Verdict.FOREIGN),
        ("CNY", Verdict.FOREIGN, Verdict.FOREIGN),
        ("CEA", Verdict.FOREIGN, Verdict.FOREIGN),
        ("", Verdict.FOREIGN, Verdict.FOREIGN),
    ],
)
def test_credits_by_class_and_year(asset: str, until_2024: Verdict, from_2025: Verdict) -> None:
    assert rules_of(2024).verdict(asset, arrears=False) == until_2024
    assert rules_of(2024).verdict(asset, arrears=True) == until_2024
    assert rules_of(2025).verdict(asset, arrears=False) == from_2025


def test_why_a_vintage_is_barred() -> None:
    assert rules_of(2023).verdict("CEA24", arrears=False) == Verdict.TOO_LATE
    assert rules_of(2025).verdict("CEA24", arrears=True) == Verdict.TOO_EARLY


def test_shanghai_takes_its_own_allowances_and_shcer() -> None:
    shanghai = rules_of(2024, Scheme.SHANGHAI)
    assert shanghai.verdict("SHEA", arrears=False) == Verdict.ALLOWANCE
    assert shanghai.verdict("SHCER", arrears=False) == Verdict.CREDIT
    assert shanghai.verdict("CCER", arrears=False) == Verdict.CREDIT
    assert shanghai.verdict("CEA24", arrears=False) == Verdict.FOREIGN
    assert shanghai.verdict("SHEAF112023", arrears=False) == Verdict.FOREIGN, "a forward is no allowance"
    assert shanghai.credit_cap_t(1_000) == 50


def test_a_sector_says_which_scheme_it_surrenders_in() -> None:
    assert [rules.scheme_of(sector) for sector in Sector.values] == [Scheme.NATIONAL] * 4 + [Scheme.SHANGHAI]
    assert set(rules.PILOTS) == set(Sector.values) - set(NATIONAL_SECTORS)


@pytest.mark.parametrize(
    ("year", "day"), [(2019, "2020-10-30"), (2020, "2021-09-30"), (2021, "2022-12-30"), (2024, "2025-12-31")]
)
def test_shanghais_deadlines_are_its_own_where_they_are_known(year: int, day: str) -> None:
    """domain.md 7.1."""
    assert rules_of(year, Scheme.SHANGHAI).deadline.isoformat() == day


@pytest.mark.parametrize(
    ("year", "deadline"),
    [
        (2019, "2021-12-31"),
        (2020, "2021-12-31"),
        (2021, "2023-12-31"),
        (2022, "2023-12-31"),
        (2023, "2024-12-31"),
        (2024, "2025-12-31"),
        (2025, "2026-12-31"),
        (2026, "2027-12-31"),
    ],
)
def test_deadlines(year: int, deadline: str) -> None:
    assert rules_of(year).deadline.isoformat() == deadline


def test_a_year_without_rules_is_an_error() -> None:
    with pytest.raises(rules.UnknownYear):
        rules_of(2018)


@pytest.mark.parametrize(
    ("obligation_t", "cap_t"),
    [(0, 0), (19, 0), (20, 1), (39, 1), (40, 2), (2_700_000, 135_000), (2_700_019, 135_000), (10**15, 5 * 10**13)],
)  # fmt: skip
def test_five_percent_rounded_down(obligation_t: int, cap_t: int) -> None:
    assert rules_of(2024).credit_cap_t(obligation_t) == cap_t


@given(st.integers(0, 10**15))
def test_the_cap_is_never_above_five_percent(obligation_t: int) -> None:
    cap_t = rules_of(2025).credit_cap_t(obligation_t)
    assert 20 * cap_t <= obligation_t < 20 * (cap_t + 1)


def test_the_worked_fine_of_decree_775() -> None:
    """domain.md 4.4: 10 000 t missing, average 62.36 yuan: 3 118 000 to 6 236 000 yuan."""
    rule = rules.fine_rule(dt.date(2024, 12, 31))
    assert rule.bounds_fen(10_000, 6_236, 1) == (311_800_000, 623_600_000)


def test_the_average_is_not_rounded_before_it_is_multiplied() -> None:
    """200 yuan for 3 t are 66.666… yuan: 5 × 3 t cost exactly 1 000 yuan, not 5 × 3 × 66.67."""
    rule = rules.fine_rule(dt.date(2025, 12, 31))
    assert rule.bounds_fen(3, 20_000, 3) == (100_000, 200_000)
    assert rule.bounds_fen(1, 20_000, 3) == (33_333, 66_666)


def test_without_trades_there_is_no_average() -> None:
    assert rules.fine_rule(dt.date(2024, 12, 31)).bounds_fen(10_000, 0, 0) is None


def test_before_the_decree_a_fine_is_a_sum() -> None:
    rule = rules.fine_rule(dt.date(2023, 12, 31))
    assert rule.bounds_fen(10_000) == (2_000_000, 3_000_000)
    assert not rule.by_price
    assert rules.fine_rule(dt.date(2024, 5, 1)).by_price
    assert not rules.fine_rule(dt.date(2024, 4, 30)).by_price
    with pytest.raises(LookupError):
        rules.fine_rule(dt.date(2020, 12, 31))


def test_deductions_end_with_the_code() -> None:
    assert rules.deduction_t(500, dt.date(2026, 8, 14)) == 500
    assert rules.deduction_t(500, dt.date(2026, 8, 15)) == 0


@pytest.mark.parametrize(
    ("deadline", "month"),
    [("2024-12-31", "2024-11-01"), ("2025-01-31", "2024-12-01"), ("2025-03-01", "2025-02-01")],
)
def test_the_month_before_the_deadlines_month(deadline: str, month: str) -> None:
    assert rules.price_month(dt.date.fromisoformat(deadline)).isoformat() == month
