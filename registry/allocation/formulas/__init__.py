"""The formulas of allocation, pure: no database, no framework, no clock. docs/allocation.md describes them.

`table` is the dated table of plans, `power` and `industry` allocate, `stages` pre- and final issuance with
adjustments, `csv_rows` and `csv_result` the file form, `derivation` the working behind each number.
"""

from registry.allocation.formulas.derivation import Step, Value
from registry.allocation.formulas.power import Allocation, EntityResult, UnitResult, allocate
from registry.allocation.formulas.table import UnknownYear, YearRules, industry_rules_of, rules_of, years
from registry.allocation.formulas.units import Cooling, UnitClass, UnitInput

__all__ = [
    "Allocation",
    "Cooling",
    "EntityResult",
    "Step",
    "UnitClass",
    "UnitInput",
    "UnitResult",
    "UnknownYear",
    "Value",
    "YearRules",
    "allocate",
    "industry_rules_of",
    "rules_of",
    "years",
]
