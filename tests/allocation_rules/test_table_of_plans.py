"""The dated table: every year has its row, its document and its numbers."""

import csv
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from registry.allocation.formulas import UnitClass, UnknownYear, industry_rules_of, rules_of, years
from registry.allocation.formulas.table import INDUSTRY, POWER, Basis
from tests.support.house_rules import ROOT

BASES = {"供电": Basis.SUPPLY, "发电": Basis.GENERATION}


def test_every_year_from_2019_to_2026_has_one_row() -> None:
    assert years() == tuple(range(2019, 2027))
    assert [year for row in INDUSTRY for year in row.years] == [2024, 2025, 2026]


@pytest.mark.parametrize("year", [2018, 2027, 0, -2024])
def test_other_years_have_none(year: int) -> None:
    with pytest.raises(UnknownYear):
        rules_of(year)
    with pytest.raises(UnknownYear):
        industry_rules_of(year)


def test_2019_and_2020_are_one_plan_with_one_vintage() -> None:
    assert rules_of(2019) is rules_of(2020)
    assert rules_of(2019).vintage == "CEA19-20"
    assert [rules_of(year).vintage for year in (2021, 2026)] == ["CEA21", "CEA26"]


def test_only_2025_and_2026_are_draft() -> None:
    assert [row.label for row in POWER if row.document.draft] == ["2025", "2026"]


def test_shares_of_the_pre_allocation() -> None:
    assert [str(row.preallocation_share) for row in POWER] == ["0.70"] * 5 + ["0.50"] * 2
    assert industry_rules_of(2024).preallocation_share == 0


def test_corrections_of_cooling_and_heat_end_with_2022() -> None:
    assert [row.label for row in POWER if row.corrections] == ["2019-2020", "2021", "2022"]


def test_only_2019_and_2020_cap_the_obligation_instead_of_topping_up() -> None:
    for row in POWER:
        before_2021 = row.label == "2019-2020"
        assert (row.relief.obligation_cap is not None) is before_2021
        assert (row.relief.entity_floor is None) is before_2021
        assert row.relief.gas_topup is not before_2021


def test_the_formulas_load_no_framework() -> None:
    """import-linter reads the source; this is what an interpreter really loads."""
    code = (
        "import sys, registry.allocation.formulas.csv_result, registry.allocation.formulas.balance,"
        " registry.allocation.formulas.stages, registry.allocation.formulas.csv_text;"
        "print({name.split('.')[0] for name in sys.modules} & {'django', 'celery', 'redis', 'psycopg2'})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.real_data
def test_every_number_is_the_ministrys(real_data: Path) -> None:
    with (real_data / "power_sector_benchmarks.csv").open(encoding="utf-8-sig", newline="") as file:
        theirs = list(csv.DictReader(file))
    assert len(theirs) == sum(len(row.benchmarks) for row in POWER) == 28
    for place, line in enumerate(theirs):
        rules = next(row for row in POWER if row.label == line["compliance_year"])
        ours = rules.benchmark(list(UnitClass)[place % 4])
        assert ("燃气" in line["unit_type"]) is ours.unit_class.is_gas
        assert line["electricity_benchmark_tco2_per_mwh"] == str(ours.electricity)
        assert line["heat_benchmark_tco2_per_gj"] == str(ours.heat)
        assert optional(line["balance_value"]) == ours.electricity_balance
        assert optional(line["heat_balance_value"]) == ours.heat_balance
        assert BASES[line["electricity_basis"]] is rules.basis
        assert line["document"] == rules.document.number
        assert line["status"].startswith("draft") is rules.document.draft
        assert line["status"] in {"final", f"draft {rules.document.published}"}


def optional(text: str) -> Decimal | None:
    return Decimal(text) if text else None
