"""The one dated table of the national plans: every benchmark, factor and share of 2019–2026 (domain.md 5.2–5.7).

A row holds for the compliance years it names. A new plan is a new row; no formula asks for a year.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from registry.allocation.formulas.load import Decay, Flat, LoadRule, Power, Slope
from registry.allocation.formulas.units import Cooling, UnitClass, UnitInput

D = Decimal


class UnknownYear(LookupError):
    """No plan in the table covers this compliance year."""


class Basis(StrEnum):
    """Which electricity a benchmark is per."""

    SUPPLY = "supply"  # 供电: what left the plant
    GENERATION = "generation"  # 发电: what the generator made


@dataclass(frozen=True)
class Document:
    """The plan a number comes from; a draft's numbers may still change."""

    number: str
    published: dt.date
    draft: bool = False


@dataclass(frozen=True)
class Benchmark:
    """One class: tCO2 per MWh and per GJ; the balance values the ministry published beside them, where it did."""

    unit_class: UnitClass
    electricity: Decimal
    heat: Decimal
    electricity_balance: Decimal | None = None
    heat_balance: Decimal | None = None


@dataclass(frozen=True)
class Corrections:
    """Cooling factor Fl of air-cooled coal units, and what one unit of heat ratio takes from Fr."""

    air_cooled: Decimal
    coal_heat: Decimal
    gas_heat: Decimal

    def cooling_factor(self, row: UnitInput) -> Decimal | None:
        """Fl; None for gas, whose formula has none."""
        if row.unit_class.is_gas:
            return None
        return self.air_cooled if row.cooling is Cooling.AIR else D(1)

    def heat_rate(self, row: UnitInput) -> Decimal:
        """The rate r of `Fr = 1 − r × heat ratio`."""
        return self.gas_heat if row.unit_class.is_gas else self.coal_heat


@dataclass(frozen=True)
class Relief:
    """How a plan spares entities: top-ups from 2021 on, a capped obligation before (domain.md 5.5)."""

    gas_topup: bool
    #: Share of verified emissions below which an entity's allocation does not fall.
    entity_floor: Decimal | None
    #: The obligation is at most the allocation and this share of verified emissions.
    obligation_cap: Decimal | None


@dataclass(frozen=True)
class YearRules:
    """The power sector's plan for one or more compliance years."""

    years: tuple[int, ...]
    label: str
    vintage: str
    document: Document
    basis: Basis
    benchmarks: tuple[Benchmark, ...]
    #: None: cooling and heat corrections are abolished.
    corrections: Corrections | None
    load: LoadRule
    relief: Relief
    #: Share of the previous year's verified emissions; from 2025 the most that a province may give.
    preallocation_share: Decimal

    def benchmark(self, unit_class: UnitClass) -> Benchmark:
        return next(row for row in self.benchmarks if row.unit_class == unit_class)


@dataclass(frozen=True)
class IndustryRules:
    """The plan for steel, cement and aluminium: `A = E × (1 + α)`, α = `slope × X` up to ±`most` (domain.md 5.6)."""

    years: tuple[int, ...]
    vintage: str
    document: Document
    #: None: the allocation equals the verified emissions.
    slope: Decimal | None
    #: |X| from which α no longer grows.
    band: Decimal
    most: Decimal
    preallocation_share: Decimal


def _benchmarks(
    electricity: tuple[str, str, str, str],
    heat: tuple[str, str],
    electricity_balance: tuple[str, str, str, str] | None = None,
    heat_balance: tuple[str, str] | None = None,
) -> tuple[Benchmark, ...]:
    """Rows of the classes I to IV; `heat` is coal, gas."""
    balances = electricity_balance or (None, None, None, None)
    rows = []
    for unit_class, per_mwh, balance in zip(UnitClass, electricity, balances, strict=True):
        column = 1 if unit_class.is_gas else 0
        rows.append(
            Benchmark(
                unit_class, D(per_mwh), D(heat[column]),
                None if balance is None else D(balance),
                None if heat_balance is None else D(heat_balance[column]),
            )
        )  # fmt: skip
    return tuple(rows)


PLAN_2019 = Document("国环规气候〔2020〕3号", dt.date(2020, 12, 29))
PLAN_2021 = Document("国环规气候〔2023〕1号", dt.date(2023, 3, 13))
PLAN_2023 = Document("国环规气候〔2024〕1号", dt.date(2024, 10, 16))
PLAN_2025 = Document("征求意见稿", dt.date(2026, 7, 27), draft=True)
INDUSTRY_2024 = Document("国环规气候〔2025〕2号", dt.date(2025, 11, 17))

CONVENTIONAL_COAL = frozenset({UnitClass.I, UnitClass.II})
LOW_LOAD = Power(D("1.015"), D(16), D(20))

#: 2019–2022: pure condensing units of conventional coal, in four bands.
CONDENSING = LoadRule(
    "condensing", CONVENTIONAL_COAL, True,
    (
        (D("0.85"), Flat()),
        (D("0.80"), Slope(D(1), D("0.0014"), D(85))),
        (D("0.75"), Slope(D("1.007"), D("0.0016"), D(80))),
        (D(0), LOW_LOAD),
    ),
)  # fmt: skip
#: 2023–2024: conventional coal below 65 %.
PEAKING = LoadRule("peaking", CONVENTIONAL_COAL, False, ((D("0.65"), Flat()), (D(0), LOW_LOAD)))
#: 2025–2026, draft: conventional coal below 50 %.
PEAKING_DRAFT = LoadRule(
    "peaking_draft", CONVENTIONAL_COAL, False,
    (
        (D("0.50"), Flat()),
        (D(0), Decay(D("7.254"), ((D("0.633"), D("29.822")), (D("5.643"), D("6.871"))))),
    ),
)  # fmt: skip

SUPPLY_CORRECTIONS = Corrections(air_cooled=D("1.05"), coal_heat=D("0.22"), gas_heat=D("0.6"))
CAPPED = Relief(gas_topup=False, entity_floor=None, obligation_cap=D("0.20"))
TOPPED_UP = Relief(gas_topup=True, entity_floor=D("0.80"), obligation_cap=None)

POWER: tuple[YearRules, ...] = (
    YearRules(
        (2019, 2020), "2019-2020", "CEA19-20", PLAN_2019, Basis.SUPPLY,
        _benchmarks(("0.877", "0.979", "1.146", "0.392"), ("0.126", "0.059")),
        SUPPLY_CORRECTIONS, CONDENSING, CAPPED, D("0.70"),
    ),
    YearRules(
        (2021,), "2021", "CEA21", PLAN_2021, Basis.SUPPLY,
        _benchmarks(
            ("0.8218", "0.8773", "0.9350", "0.3920"), ("0.1111", "0.0560"),
            ("0.8210", "0.8920", "0.9627", "0.3930"), ("0.1110", "0.0560"),
        ),
        SUPPLY_CORRECTIONS, CONDENSING, TOPPED_UP, D("0.70"),
    ),
    YearRules(
        (2022,), "2022", "CEA22", PLAN_2021, Basis.SUPPLY,
        _benchmarks(("0.8177", "0.8729", "0.9303", "0.3901"), ("0.1105", "0.0557")),
        SUPPLY_CORRECTIONS, CONDENSING, TOPPED_UP, D("0.70"),
    ),
    YearRules(
        (2023,), "2023", "CEA23", PLAN_2023, Basis.GENERATION,
        _benchmarks(
            ("0.7950", "0.8090", "0.8285", "0.3305"), ("0.1038", "0.0536"),
            ("0.7982", "0.8155", "0.8352", "0.3239"), ("0.1041", "0.0525"),
        ),
        None, PEAKING, TOPPED_UP, D("0.70"),
    ),
    YearRules(
        (2024,), "2024", "CEA24", PLAN_2023, Basis.GENERATION,
        _benchmarks(("0.7910", "0.8049", "0.8244", "0.3288"), ("0.1033", "0.0533")),
        None, PEAKING, TOPPED_UP, D("0.70"),
    ),
    YearRules(
        (2025,), "2025", "CEA25", PLAN_2025, Basis.GENERATION,
        _benchmarks(("0.7902", "0.8017", "0.8162", "0.3288"), ("0.1027", "0.0533")),
        None, PEAKING_DRAFT, TOPPED_UP, D("0.50"),
    ),
    YearRules(
        (2026,), "2026", "CEA26", PLAN_2025, Basis.GENERATION,
        _benchmarks(("0.7894", "0.7985", "0.8080", "0.3288"), ("0.1021", "0.0533")),
        None, PEAKING_DRAFT, TOPPED_UP, D("0.50"),
    ),
)  # fmt: skip

#: 2024 is the sectors' first managed year: no pre-allocation, and what was emitted is allocated.
INDUSTRY: tuple[IndustryRules, ...] = (
    IndustryRules((2024,), "CEA24", INDUSTRY_2024, None, D("0.20"), D("0.03"), D(0)),
    IndustryRules((2025,), "CEA25", INDUSTRY_2024, D("0.15"), D("0.20"), D("0.03"), D("0.50")),
    IndustryRules((2026,), "CEA26", PLAN_2025, D("0.15"), D("0.20"), D("0.03"), D("0.50")),
)


def rules_of(year: int) -> YearRules:
    """The power plan of a compliance year. Raises UnknownYear outside the table."""
    for row in POWER:
        if year in row.years:
            return row
    raise UnknownYear(year)


def industry_rules_of(year: int) -> IndustryRules:
    """The plan of steel, cement and aluminium. Raises UnknownYear before 2024 and after the table's end."""
    for row in INDUSTRY:
        if year in row.years:
            return row
    raise UnknownYear(year)


def years() -> tuple[int, ...]:
    """The compliance years for which there is a power plan."""
    return tuple(year for row in POWER for year in row.years)
