"""Reductions and their working in words of the active language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from registry.factors.shipped import Factor
from registry.factors.wording import UNIT_NAMES
from registry.inclusion.methodologies import METHODOLOGIES, working_of
from registry.inclusion.models import ActivityRecord, Scene
from registry.words import decimal_text, grouped


def kilograms(grams: int) -> str:
    """ "1 234.500" for 1234500 g."""
    return f"{grouped(grams // 1000)}.{grams % 1000:03d}"


def unit_of(methodology: str) -> str:
    return str(UNIT_NAMES[METHODOLOGIES[methodology].unit])


def working_words(record: ActivityRecord) -> str:
    """ "12.5 km × (0.1112 − 0.0159) = 1.191 kg"."""
    amount, unit = decimal_text(record.amount), unit_of(record.scene.methodology)
    baseline, scene = decimal_text(record.baseline), decimal_text(record.scene_factor)
    factor = f"({baseline} − {scene})" if record.scene_factor else baseline
    return f"{amount} {unit} × {factor} = {kilograms(record.reduction_g)} kg"


def points_words(record: ActivityRecord) -> str:
    """ "1.191 kg × 10 = 11"."""
    rate = decimal_text(Decimal(record.points_a_kg))
    return f"{kilograms(record.reduction_g)} kg × {rate} = {grouped(record.points)}"


def methodology_rows(factors: Mapping[str, Factor]) -> list[dict[str, Any]]:
    """Every methodology with its factors of a day, as pages and the API show it."""
    names = dict(Scene.Methodology.choices)
    rows = []
    for row in METHODOLOGIES.values():
        one = working_of(row, Decimal(1), factors)
        scene = factors[row.scene].value if row.scene else Decimal(0)
        rows.append(
            {
                "methodology": row, "name": names[row.code], "unit": UNIT_NAMES[row.unit],
                "baseline": factors[row.baseline], "scene_factor": scene,
                "reduction": decimal_text(one.baseline - one.scene) if one else "0",
                "most": decimal_text(row.most), "not_with": [str(names[code]) for code in sorted(row.not_with)],
            }
        )  # fmt: skip
    return rows
