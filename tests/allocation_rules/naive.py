"""The allocation rules once more, written from registry-rules.md 3 alone: Fractions, fixed-point series, plain loops.

Slow and blunt on purpose; it shares nothing with the formulas but the rows that go in.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from registry.allocation.formulas.units import UnitInput

#: Digits of the series, far beyond the six that count.
ONE = 10**45

ELECTRICITY = {
    "2019": ("0.877", "0.979", "1.146", "0.392"),
    "2021": ("0.8218", "0.8773", "0.9350", "0.3920"),
    "2022": ("0.8177", "0.8729", "0.9303", "0.3901"),
    "2023": ("0.7950", "0.8090", "0.8285", "0.3305"),
    "2024": ("0.7910", "0.8049", "0.8244", "0.3288"),
    "2025": ("0.7902", "0.8017", "0.8162", "0.3288"),
    "2026": ("0.7894", "0.7985", "0.8080", "0.3288"),
}
HEAT = {
    "2019": ("0.126", "0.059"), "2021": ("0.1111", "0.0560"), "2022": ("0.1105", "0.0557"),
    "2023": ("0.1038", "0.0536"), "2024": ("0.1033", "0.0533"), "2025": ("0.1027", "0.0533"),
    "2026": ("0.1021", "0.0533"),
}  # fmt: skip
CLASSES = ("I", "II", "III", "IV")


def exponential(power: Fraction) -> Fraction:
    """e^power: halved until small, Taylor series on whole numbers, squared back."""
    halvings = 0
    while abs(power) > Fraction(1, 4):
        power, halvings = power / 2, halvings + 1
    scaled = power.numerator * ONE // power.denominator
    total, term = ONE, ONE
    for place in range(1, 60):
        term = term * scaled // (ONE * place)
        total += term
    result = Fraction(total, ONE)
    for _ in range(halvings):
        result = Fraction(floor(result * result * ONE), ONE)
    return result


def logarithm_of_1_015() -> Fraction:
    """ln 1.015 = 2 artanh(0.015 / 2.015)."""
    ratio = Fraction(15, 2015)
    return 2 * sum((ratio**place / place for place in range(1, 40, 2)), Fraction(0))


def low_load(load: Fraction) -> Fraction:
    power = 16 - 20 * load
    if power.denominator == 1 and power >= 0:
        return Fraction("1.015") ** int(power)
    return exponential(power * logarithm_of_1_015())


def four_bands(load: Fraction) -> Fraction:
    if load >= Fraction("0.85"):
        return Fraction(1)
    if load >= Fraction("0.80"):
        return 1 + Fraction("0.0014") * (85 - 100 * load)
    if load >= Fraction("0.75"):
        return Fraction("1.007") + Fraction("0.0016") * (80 - 100 * load)
    return low_load(load)


def exact_load_factor(row: UnitInput, year: int) -> Fraction:
    load = Fraction(row.load_factor)
    if row.unit_class not in {"I", "II"}:
        return Fraction(1)
    if year <= 2022:
        return four_bands(load) if row.heat_gj == 0 else Fraction(1)
    if year <= 2024:
        return low_load(load) if load < Fraction("0.65") else Fraction(1)
    if load >= Fraction("0.5"):
        return Fraction(1)
    first = Fraction("0.633") * (1 - exponential(-100 * load / Fraction("29.822")))
    second = Fraction("5.643") * (1 - exponential(-100 * load / Fraction("6.871")))
    return Fraction("7.254") - first - second


def half_up(number: Fraction, places: int) -> Fraction:
    """Halves away from zero."""
    size = Fraction(floor(abs(number) * 10**places + Fraction(1, 2)), 10**places)
    return -size if number < 0 else size


def exact_parts(row: UnitInput, year: int) -> tuple[Fraction, Fraction, Fraction]:
    """Ff, and Ae and Ah before they are rounded down."""
    key = "2019" if year <= 2020 else str(year)
    gas = row.unit_class == "IV"
    benchmark = Fraction(ELECTRICITY[key][CLASSES.index(row.unit_class)])
    ff = half_up(exact_load_factor(row, year), 6)
    heat = Fraction(row.heat_gj) * Fraction(HEAT[key][gas])
    if year >= 2023:
        return ff, Fraction(row.generation_mwh) * benchmark * ff, heat
    electricity = Fraction(row.supply_mwh) * benchmark
    if gas:
        return ff, electricity * (1 - Fraction("0.6") * Fraction(row.heat_ratio)), heat
    cooling = Fraction("1.05") if row.cooling == "air" else 1
    corrected = 1 - Fraction("0.22") * Fraction(row.heat_ratio)
    return ff, electricity * cooling * corrected * ff, heat


def unit(row: UnitInput, year: int) -> tuple[Fraction, int, int, int, int]:
    """Ff, electricity, heat, top-up and total."""
    ff, electricity, heat = exact_parts(row, year)
    electricity_t, heat_t = floor(electricity), floor(heat)
    topup_t = 0
    if year >= 2021 and row.unit_class == "IV" and row.verified_t > electricity_t + heat_t:
        topup_t = row.verified_t - electricity_t - heat_t
    return ff, electricity_t, heat_t, topup_t, electricity_t + heat_t + topup_t


def entity(rows: Sequence[UnitInput], year: int) -> tuple[int, int, int, int, Fraction | None, int]:
    """Initial, floor, final, verified, gap rate in percent and obligation, of the rows of one entity."""
    initial_t = sum(unit(row, year)[4] for row in rows)
    verified_t = sum(row.verified_t for row in rows)
    floor_t = floor(Fraction(8, 10) * verified_t) if year >= 2021 else 0
    final_t = max(initial_t, floor_t)
    gap = half_up(Fraction(100 * (verified_t - final_t), verified_t), 2) if verified_t else None
    if year >= 2021:
        return initial_t, floor_t, final_t, verified_t, gap, verified_t
    own_t = 0
    for row in rows:
        own_t += min(row.verified_t, unit(row, year)[4]) if row.unit_class == "IV" else row.verified_t
    capped_t = floor(final_t + Fraction(2, 10) * verified_t)
    return initial_t, floor_t, final_t, verified_t, gap, min(own_t, capped_t)
