"""Differentiated allocation (差异化分配): issued to the province's account, which surrenders what is owed and hands on
the rest (domain.md 4.2, 5.7; PLAN2324 五(四)). All quantities are tonnes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Organisation
from registry.allocation.models import Plan, PlanRow
from registry.compliance.completion import note_completion
from registry.compliance.models import ComplianceYear, Deadline, Surrender, SurrenderLine
from registry.compliance.rules import UnknownYear, rules_of
from registry.compliance.surrender import cause_of
from registry.ledger.models import Account, Transfer
from registry.ledger.post import BEIJING, Move

Purpose, Kind = Account.Purpose, Transfer.Kind
Years = Mapping[tuple[int, int], ComplianceYear]


@dataclass(frozen=True, slots=True)
class Settled:
    """What was surrendered from the province's account, and the moves of it all."""

    surrendered_t: int
    moves: list[Move]


def owed(plan: Plan, row: PlanRow, years: Years, at: dt.datetime) -> list[tuple[ComplianceYear, int]]:
    """What the emitter still owes and this vintage may pay, the oldest year first.

    Earlier years whose deadline has passed (`ground` arrears), and with a judicial freeze the plan's own year as
    well. What waits in a submitted surrender is not owed twice.
    """
    found = []
    for (emitter_id, year), row_of_year in sorted(years.items()):
        own = year == plan.year
        if emitter_id != row.emitter_id or (own and row.province_ground != PlanRow.Ground.FREEZE):
            continue
        past = _is_past(year, at)
        if not own and not past:
            continue
        missing = (row_of_year.obligation_t or 0) - row_of_year.surrendered_t - row_of_year.pending_t
        if missing > 0 and _accepted(plan.asset_id, year, arrears=past):
            found.append((row_of_year, missing))
    return found


def settle(
    plan: Plan,
    row: PlanRow,
    years: Years,
    authority: Organisation,
    operator_id: int,
    cause: str,
    at: dt.datetime,
) -> Settled:
    """Issues to the authority, surrenders there what is owed, hands the rest on. The years are locked by the caller."""
    asset, province = plan.asset_id, (authority.pk, Purpose.REGISTRY.value)
    source = (operator_id, Purpose.SOURCE.value)
    moves = [Move(asset, row.issue_t, source, province, Kind.ISSUANCE.value, cause)]
    left = row.issue_t
    for year, missing in owed(plan, row, years, at):
        paid = min(left, missing)
        if not paid:
            break
        left -= paid
        surrendered = (authority.pk, Purpose.SURRENDERED.value)
        noted = _note(plan, year, authority, paid, at)
        moves.append(Move(asset, paid, province, surrendered, Kind.SURRENDER.value, cause_of(noted.pk)))
    if left:
        entity = (row.emitter_id, Purpose.REGISTRY.value)
        moves.append(Move(asset, left, province, entity, Kind.TRANSFER.value, cause))
    return Settled(row.issue_t - left, moves)


def _note(plan: Plan, year: ComplianceYear, authority: Organisation, paid: int, at: dt.datetime) -> Surrender:
    """The surrender as any other: named, approved with the plan, counted in its year."""
    surrender = Surrender.objects.create(
        compliance_year=year, giver=authority, quantity_t=paid, state=Surrender.State.APPROVED,
        submitted_by=plan.made_by, submitted_at=at, decided_at=at,
    )  # fmt: skip
    SurrenderLine.objects.create(surrender=surrender, asset_id=plan.asset_id, quantity_t=paid)
    year.surrendered_t += paid
    year.save(update_fields=["surrendered_t"])
    note_completion(year, at)
    return surrender


def _is_past(year: int, at: dt.datetime) -> bool:
    """Whether the last day to surrender for this year is over."""
    told = Deadline.objects.filter(year=year).values_list("day", flat=True).first()
    try:
        return (told or rules_of(year).deadline) < at.astimezone(BEIJING).date()
    except UnknownYear:
        return False


def _accepted(asset: str, year: int, *, arrears: bool) -> bool:
    try:
        return rules_of(year).verdict(asset, arrears=arrears).usable
    except UnknownYear:
        return False
