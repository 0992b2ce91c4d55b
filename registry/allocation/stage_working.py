"""From what an emitter is due to what is issued or recalled now, step by step (registry-rules.md 3).

Pure. `Before` is what its earlier plans of the year gave; a correction is a final stage whose "pre-allocation" is
all that was given so far, so that afterwards issued + deducted is again what the emitter is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from registry.allocation.formulas.derivation import SourceKind, Step, Value, from_step
from registry.allocation.formulas.stages import FinalStage, final_stage, pre_stage

T = "t"


@dataclass(frozen=True, slots=True)
class Before:
    """Earlier plans of the year: issued less what was to be recalled, deducted less what was returned."""

    issued_t: int = 0
    deducted_t: int = 0

    @property
    def accounted_t(self) -> int:
        return self.issued_t + self.deducted_t


@dataclass(frozen=True, slots=True)
class Outcome:
    """What this plan does for one emitter, and the working of it."""

    issue_t: int
    recall_t: int
    deducted_t: int
    returned_t: int
    steps: tuple[Step, ...]


def _given(symbol: str, tonnes: int, name: str) -> Value:
    return Value(symbol, Decimal(tonnes), T, SourceKind.GIVEN, name)


def _step(
    key: str, template: str, values: Sequence[Value], tonnes: int, document: str, case: str = ""
) -> Step:
    return Step(key, case, template, tuple(values), Decimal(tonnes), T, "", document)


def pre_outcome(units_t: Sequence[tuple[str, int]], to_deduct_t: int, document: str) -> Outcome:
    """The pre-stage: adjustments first, what is left of the pre-allocation is issued."""
    pre_t = sum(tonnes for _, tonnes in units_t)
    stage = pre_stage(pre_t, to_deduct_t)
    parts = [
        Value(f"P{place}", Decimal(tonnes), T, SourceKind.UNIT, unit)
        for place, (unit, tonnes) in enumerate(units_t, 1)
    ]
    pre, deducted = from_step("P", pre_t, T, "pre"), from_step("d", stage.deducted_t, T, "deducted")
    total = " + ".join(f"{{{part.symbol}}}" for part in parts) or "0"
    steps = [_step("pre", total, parts, pre_t, document)]
    if to_deduct_t:
        steps.append(
            _step("deducted", "min({P}, {D})", (pre, _given("D", to_deduct_t, "to_deduct")), stage.deducted_t,
                  document)
        )  # fmt: skip
        steps.append(_step("issue", "{P} − {d}", (pre, deducted), stage.issue_t, document))
    else:
        steps.append(_step("issue", "{P}", (pre,), stage.issue_t, document))
    return Outcome(stage.issue_t, 0, stage.deducted_t, 0, tuple(steps))


def final_outcome(target_t: int, before: Before, to_deduct_t: int, document: str) -> Outcome:
    """The final stage, or a correction: the difference to what was given so far is issued or recalled."""
    stage = final_stage(target_t, before.accounted_t, before.issued_t, before.deducted_t, to_deduct_t)
    steps = [
        _step("accounted", "{I} + {Dd}",
              (_given("I", before.issued_t, "issued_before"), _given("Dd", before.deducted_t, "deducted_before")),
              before.accounted_t, document)
    ]  # fmt: skip
    due = from_step("Af", target_t, T, "final")
    accounted = from_step("G", before.accounted_t, T, "accounted")
    if target_t >= before.accounted_t:
        steps += _top_up(due, accounted, stage, target_t - before.accounted_t, to_deduct_t, document)
    else:
        steps += _recall(due, accounted, stage, before, document)
    return Outcome(stage.issue_t, stage.recall_t, stage.deducted_t, stage.returned_t, tuple(steps))


def _top_up(
    due: Value, accounted: Value, stage: FinalStage, lack_t: int, to_deduct_t: int, document: str
) -> list[Step]:
    if not to_deduct_t:
        return [_step("issue", "{Af} − {G}", (due, accounted), stage.issue_t, document)]
    lack = from_step("L", lack_t, T, "lack")
    given, deducted = _given("D", to_deduct_t, "to_deduct"), from_step("d", stage.deducted_t, T, "deducted")
    return [
        _step("lack", "{Af} − {G}", (due, accounted), lack_t, document),
        _step("deducted", "min({L}, {D})", (lack, given), stage.deducted_t, document),
        _step("issue", "{L} − {d}", (lack, deducted), stage.issue_t, document),
    ]


def _recall(due: Value, accounted: Value, stage: FinalStage, before: Before, document: str) -> list[Step]:
    if not before.deducted_t:
        return [_step("recall", "{G} − {Af}", (accounted, due), stage.recall_t, document)]
    given = _given("Dd", before.deducted_t, "deducted_before")
    returned = from_step("r", stage.returned_t, T, "returned")
    return [
        _step("returned", "max({Dd} − {Af}, 0)", (given, due), stage.returned_t, document),
        _step("recall", "{G} − {Af} − {r}", (accounted, due, returned), stage.recall_t, document),
    ]
