"""An allocation as CSV: the rows as they came with their results, an empty line, the entities (registry-rules.md 3)."""

import csv
import io
from collections.abc import Sequence

from registry.allocation.formulas.csv_rows import COLUMNS, Row
from registry.allocation.formulas.power import Allocation

UNIT_COLUMNS = (*COLUMNS, "ff", "electricity_t", "heat_t", "topup_t", "unit_t")
ENTITY_COLUMNS = ("entity", "initial_t", "floor_t", "final_t", "verified_t", "gap_rate_pct")


def result_csv(rows: Sequence[Row], allocation: Allocation) -> str:
    """Both sections, each with its header; the columns in the order of the rules, whatever order the file had."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(UNIT_COLUMNS)
    for row, unit in zip(rows, allocation.units, strict=True):
        results = (unit.ff, unit.electricity_t, unit.heat_t, unit.topup_t, unit.unit_t)
        writer.writerow((*row.fields, *results))
    text.write("\n")
    writer.writerow(ENTITY_COLUMNS)
    for entity in allocation.entities:
        gap = "" if entity.gap_rate_pct is None else entity.gap_rate_pct
        writer.writerow(
            (entity.entity, entity.initial_t, entity.floor_t, entity.final_t, entity.verified_t, gap)
        )
    return text.getvalue()
