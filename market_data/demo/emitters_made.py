"""Invented emitters with units and figures: thrown with dice of a fixed seed from `emitters_stats.py`, the same on every
machine. The companies with people of their own (`people.py`) are among them.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.credit_codes import check_character
from exchange.history.simulation import Dice
from market_data.demo import emitters_stats as stats
from market_data.demo.people import HOUSES

#: Steel, cement and aluminium were first covered in 2024.
YEARS = {"power": (2021, 2022, 2023, 2024, 2025)} | dict.fromkeys(
    ("steel", "cement", "aluminium"), (2024, 2025)
)
CLASS_I_MW, LARGEST_UNIT_MW = 400, 1_000
#: Kilograms of CO2 for a MWh and for a GJ of heat, about the benchmarks of domain.md 5.2.
POWER_KG = {"I": 800, "II": 838, "III": 868, "IV": 352}
HEAT_KG = {"coal": 104, "gas": 54}


@dataclass(frozen=True, slots=True)
class Figure:
    """A unit's year: MWh, GJ, fractions in ten-thousandths, tonnes of product, tCO2 a tonne."""

    verified_t: int
    generation_mwh: int = 0
    heat_gj: int = 0
    load: int = 0
    heat_ratio: int = 0
    output_t: int | None = None
    intensity: str | None = None


@dataclass(slots=True)
class MadeUnit:
    code: str
    unit_class: str = ""
    capacity_mw: int | None = None
    cooling: str = ""
    years: dict[int, Figure] = field(default_factory=dict)


@dataclass(slots=True)
class Made:
    """One invented emitter."""

    code: str
    name_zh: str
    name_en: str
    province: str
    sector: str
    units: list[MadeUnit]
    credit_code: str = ""


def every_emitter(total: int = stats.TOTAL) -> list[Made]:
    """The named ones first, then as many of each sector as the market has; of a smaller `total`, the same shares.

    An emitter is the same whatever the total: a small nation is part of the whole one.
    """
    made = named_emitters()
    places, wanted = itertools.count(), wanted_of(total)
    for one in made:
        one.credit_code = _credit_code(one.province, next(places))
    named = Counter(one.sector for one in made)
    for sector, count in stats.COUNTS.items():
        for number in range(1, count - named[sector] + 1):
            place = next(places)
            if number <= wanted[sector] - named[sector]:
                one = _invented(sector, number)
                one.credit_code = _credit_code(one.province, place)
                made.append(one)
    return made


def wanted_of(total: int) -> dict[str, int]:
    """Emitters by sector for a nation of about `total`: never none, never more than the market has."""
    return {
        sector: min(max(count * total // stats.TOTAL, 1), count) for sector, count in stats.COUNTS.items()
    }


def _credit_code(province: str, place: int) -> str:
    first = f"Y9{province}{place:09d}"
    return first + check_character(first)


def named_emitters() -> list[Made]:
    """The companies whose people can sign in, with figures that fit what they hold (`holdings.py`)."""
    plain = {year: year - 2023 for year in YEARS["power"]}
    big = {
        year: Figure(
            2_700_000 if year > 2023 else 2_700_000 + 20_000 * away, 3_000_000, 1_000_000, 6_000, 500
        )
        for year, away in plain.items()
    }
    of_power = {
        "jianghai": [MadeUnit("1#", "I", 660, "water", big)],
        "yunling": [MadeUnit("1#", "II", 300, "air", _steady(520_000)), MadeUnit("2#", "II", 300, "air", _steady(500_000))],
        "beichen": [MadeUnit("1#", "III", 150, "water", _steady(430_000, heat=2_500)),
                    MadeUnit("2#", "IV", 180, "water", _steady(290_000, kg=352, heat=2_000))],
        "qingyu": [MadeUnit("1#", "I", 400, "water", _steady(640_000))],
    }  # fmt: skip
    of_industry = {
        "chiyan": ("steel", _process(1_230_000, 790_000)),
        "baisha": ("cement", _process(510_000, 600_000)),
    }
    houses = {house.code: house for house in HOUSES}
    found = []
    for code in [*of_power, *of_industry]:
        sector, units = ("power", of_power[code]) if code in of_power else of_industry[code]
        house = houses[code]
        found.append(Made(code, house.name_zh, house.name_en, house.province, sector, units))
    return found


def _steady(verified_t: int, *, kg: int = 830, heat: int = 0) -> dict[int, Figure]:
    """A unit's years around `verified_t`, a little less each year; `heat` is its share in ten-thousandths."""
    years = {}
    for year in YEARS["power"]:
        tonnes = verified_t + (2025 - year) * verified_t // 200
        generation = tonnes * (10_000 - heat) // 10 // kg
        years[year] = Figure(tonnes, generation, tonnes * heat // 1_000, 5_600 + year % 7 * 100, heat)
    return years


def _process(verified_t: int, output_t: int) -> list[MadeUnit]:
    years = {}
    for year in YEARS["steel"]:
        tonnes = verified_t + (2025 - year) * verified_t // 100
        years[year] = Figure(tonnes, output_t=output_t, intensity=_ratio(tonnes, output_t))
    return [MadeUnit("L1", years=years)]


def _ratio(tonnes: int, output_t: int) -> str:
    return str((Decimal(tonnes) / output_t).quantize(Decimal("0.0001")))


def _invented(sector: str, number: int) -> Made:
    dice = Dice(f"emitter {sector} {number}")
    weights = stats.WEIGHTS[sector]
    province = _drawn(dice, weights)
    # Every pair of syllables is used once before the next ending begins; 7 and 40 share no factor.
    ending, place = divmod(number * 7 % 1_600 + 1_600 * (number // 1_600), 1_600)
    ends = stats.LAST[sector]
    parts = (stats.FIRST[place // 40], stats.SECOND[place % 40], ends[(ending + number) % len(ends)])
    chinese, latin = zip(*(part.split(":") for part in parts), strict=True)
    name_en = f"{latin[0]}{latin[1]} {latin[2]}"
    units = list(_power_units(dice) if sector == "power" else _lines(dice, sector))
    return Made(f"syn-{sector}-{number:04d}", "".join(chinese), name_en, province, sector, units)


def _drawn(dice: Dice, weights: dict[str, int]) -> str:
    left = dice.below(sum(weights.values()))
    for name, weight in weights.items():
        left -= weight
        if left < 0:
            return name
    raise AssertionError("a throw lies below the sum of all weights")


def _quantile(dice: Dice, deciles: tuple[int, ...]) -> int:
    """A size drawn so that these are its deciles."""
    step, within = dice.below(10), dice.below(1_000)
    return deciles[step] + (deciles[step + 1] - deciles[step]) * within // 1_000


def _power_units(dice: Dice) -> Iterator[MadeUnit]:
    gas = dice.below(100) < 12
    total = max(_quantile(dice, stats.GAS_MW if gas else stats.COAL_MW) // 2, 12)
    count = max(1 + dice.below(2), -(-total // LARGEST_UNIT_MW))
    size = max(total // count, 6)
    unit_class = "IV" if gas else "III" if dice.below(100) < 15 else "I" if size >= CLASS_I_MW else "II"
    cooling = "air" if dice.below(100) < 25 else "water"
    for number in range(1, count + 1):
        yield MadeUnit(f"{number}#", unit_class, size, cooling, _generated(dice, unit_class, size))


def _generated(dice: Dice, unit_class: str, size_mw: int) -> dict[int, Figure]:
    """Full-load hours and heat wander about; emissions lie a few per cent around the benchmarks."""
    hours, heat = dice.between(3_600, 4_900), dice.below(4) * dice.below(1_200)
    skill, years = dice.between(9_550, 10_450), {}
    for year in YEARS["power"]:
        generation = size_mw * (hours + dice.between(-250, 250))
        heat_gj = generation * heat // 1_000
        kilos = POWER_KG[unit_class] * generation + HEAT_KG["gas" if unit_class == "IV" else "coal"] * heat_gj
        tonnes = kilos * (skill - (year - 2021) * 30) // 10_000 // 1_000
        load = dice.between(4_600, 8_200)
        years[year] = Figure(tonnes, generation, heat_gj, load, min(heat * 2, 9_000))
    return years


def _lines(dice: Dice, sector: str) -> Iterator[MadeUnit]:
    total = _quantile(dice, stats.OUTPUT_KT[sector]) * 1_000
    middle, spread = stats.INTENSITY_MILLI[sector]
    count = 1 + dice.below(2)
    for number in range(1, count + 1):
        milli, years = middle + dice.between(-spread, spread), {}
        for year in YEARS[sector]:
            output = total // count * dice.between(930, 1_050) // 1_000
            tonnes = output * milli // 1_000
            years[year] = Figure(tonnes, output_t=output, intensity=_ratio(tonnes, output))
        yield MadeUnit(f"L{number}", years=years)
