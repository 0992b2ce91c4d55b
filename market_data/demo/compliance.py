"""What the demo's emitters surrendered for 2021 to 2024: nearly all in time, a few in part or not at all.

Units that an emitter was issued and still holds are used first; what it lacks it bought at the time, which stands in
the books as issued and surrendered in one posting, because the demo has no trades of those years. Its credits came
from a project (`credits.py`). The named
companies keep what `holdings.py` gave them. One batch a year: a second start finds it and does nothing.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts.models import Organisation
from exchange import clock
from exchange.history.simulation import Dice
from market_data.demo.credits import issue_of_the_past
from market_data.demo.holdings import OPENINGS
from market_data.demo.people import HOUSES
from registry.certificates.issuing import canonical, digest, stated
from registry.compliance import completion, deadline, rules
from registry.compliance.models import Certificate, ComplianceYear, Deadline, Surrender
from registry.compliance.surrender import cause_of
from registry.copying import copy_rows
from registry.ledger.models import Account, Asset, Batch, Transfer
from registry.ledger.post import BEIJING, Move, hold, post

YEARS = (2021, 2022, 2023, 2024)
#: Credits traded from January 2024 on; before that the demo's emitters used none.
CREDITS_FROM = 2023
CREDIT = "CCER"
#: Of ten thousand emitters: who surrendered nothing, who a part, who used credits.
NOTHING, PART, WITH_CREDITS = 25, 75, 400
SURRENDER_COLUMNS = (
    "id", "compliance_year_id", "giver_id", "quantity_t", "credits_t", "state", "submitted_at", "decided_at",
)  # fmt: skip
CERTIFICATE_COLUMNS = ("number", "kind", "organisation_id", "content", "sha256", "issued_at")
REGISTRY, SOURCE, GONE = (
    Account.Purpose.REGISTRY.value,
    Account.Purpose.SOURCE.value,
    Account.Purpose.SURRENDERED.value,
)


@dataclass(slots=True)
class Given:
    """What one emitter surrendered for a year, by asset, and how much of that it had to buy."""

    row: ComplianceYear
    at: dt.datetime
    lines: dict[str, int] = field(default_factory=dict)
    bought: dict[str, int] = field(default_factory=dict)

    @property
    def total_t(self) -> int:
        return sum(self.lines.values())


def settle_surrenders() -> int:
    """Deadlines of all years, surrenders of those that are over, and their deadlines passed; returns how many."""
    Deadline.objects.bulk_create(
        [Deadline(year=year, day=rules.rules_of(year).deadline) for year in rules.years()],
        ignore_conflicts=True,
    )
    made = 0
    for year in YEARS:
        if not Batch.objects.filter(cause=_cause(year)).exists():
            with transaction.atomic():
                made += _settle(year)
    for year in deadline.due(clock.now()):
        night = rules.rules_of(year).deadline + dt.timedelta(days=1)
        deadline.pass_deadline(year, dt.datetime.combine(night, dt.time(0, 1), BEIJING))
    return made


def _cause(year: int) -> str:
    return f"demo:surrendered:{year}"


def _settle(year: int) -> int:
    rows = list(
        ComplianceYear.objects.select_for_update(of=("self",))
        .filter(year=year, obligation_t__gt=0, surrendered_t=0, emitter__synthetic=True)
        .select_related("emitter__organisation")
        .order_by("pk")
    )
    given = [one for one in _thrown(rows, _balances(year)) if one.total_t]
    if not given:
        return 0
    credits_t = sum(one.bought.get(CREDIT, 0) for one in given)
    seller = issue_of_the_past(year, credits_t) if credits_t else 0
    hold([*(row.emitter_id for row in rows), *([seller] if seller else [])])
    surrenders = _surrenders(given)
    post(_moves(given, surrenders, seller, _cause(year)), cause=_cause(year), at=clock.now())
    _note(given)
    _certify(given)
    return len(given)


def _balances(year: int) -> dict[int, dict[str, int]]:
    """Registry holdings that the year takes, by emitter; of the named companies what is beyond their beginning."""
    found: dict[int, dict[str, int]] = {}
    rows = Account.objects.filter(purpose=REGISTRY, balance__gt=0, asset__kind=Asset.Kind.ALLOWANCE)
    for holder, code, asset, balance in rows.values_list("holder", "holder__code", "asset", "balance"):
        kept = OPENINGS[code].issued_t.get(asset, 0) if code in OPENINGS else 0
        if balance > kept and rules.rules_of(year).verdict(asset, arrears=False).usable:
            found.setdefault(holder, {})[asset] = balance - kept
    return found


def _thrown(rows: list[ComplianceYear], balances: dict[int, dict[str, int]]) -> list[Given]:
    """Each emitter's surrender by dice of its own; the named companies complete every year."""
    named = {house.code for house in HOUSES}
    given = []
    for row in rows:
        code = row.emitter.organisation.code
        dice = Dice(f"surrender {row.year} {code}")
        obligation = row.obligation_t or 0
        luck = dice.below(10_000)
        share = 100 if code in named or luck >= PART else 0 if luck < NOTHING else dice.between(40, 95)
        one = Given(row, _moment(dice, rules.rules_of(row.year).deadline))
        _fill(one, obligation * share // 100, balances.get(row.emitter_id, {}), dice)
        given.append(one)
    return given


def _moment(dice: Dice, last: dt.date) -> dt.datetime:
    """In the last three months before the deadline, more often towards its end."""
    days = min(dice.below(90), dice.below(90))
    return dt.datetime.combine(
        last - dt.timedelta(days=days), dt.time(9 + dice.below(8), dice.below(60)), BEIJING
    )


def _fill(one: Given, wanted: int, held: dict[str, int], dice: Dice) -> None:
    """Credits, then what is held, the oldest vintage first, then what it bought of the year's own vintage."""
    year_rules = rules.rules_of(one.row.year)
    if one.row.year >= CREDITS_FROM and wanted and dice.below(10_000) < WITH_CREDITS:
        cap = year_rules.credit_cap_t(one.row.obligation_t or 0)
        credit = min(cap * dice.between(20, 100) // 100, wanted)
        if credit:
            one.lines[CREDIT] = one.bought[CREDIT] = credit
            wanted -= credit
    for asset in sorted(held):
        take = min(held[asset], wanted)
        if take:
            one.lines[asset] = take
            wanted -= take
    if wanted:
        own = f"CEA{one.row.year - 2000}"
        one.lines[own] = one.lines.get(own, 0) + wanted
        one.bought[own] = wanted


def _surrenders(given: list[Given]) -> list[int]:
    """Written with COPY; their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('registry_surrender', 'id')) FROM generate_series(1, %s)",
            [len(given)],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        copy_rows(cursor, "registry_surrender", SURRENDER_COLUMNS, (
            (pk, one.row.pk, one.row.emitter_id, one.total_t, one.lines.get(CREDIT, 0),
             Surrender.State.APPROVED.value, one.at - dt.timedelta(days=2), one.at)
            for pk, one in zip(ids, given, strict=True)
        ))  # fmt: skip
        copy_rows(cursor, "registry_surrenderline", ("surrender_id", "asset_id", "quantity_t"), (
            (pk, asset, quantity)
            for pk, one in zip(ids, given, strict=True)
            for asset, quantity in sorted(one.lines.items())
        ))  # fmt: skip
    return ids


def _moves(given: list[Given], surrenders: list[int], seller: int, cause: str) -> list[Move]:
    """`seller`: who had the credits that were bought."""
    registry = Organisation.objects.get(code="registry").pk
    kinds = Transfer.Kind
    moves = []
    for surrender, one in zip(surrenders, given, strict=True):
        holder = one.row.emitter_id
        for asset, quantity in one.bought.items():
            source, kind = (registry, SOURCE), kinds.ISSUANCE
            if asset == CREDIT:
                source, kind = (seller, REGISTRY), kinds.TRANSFER
            moves.append(Move(asset, quantity, source, (holder, REGISTRY), kind.value, cause))
        for asset, quantity in one.lines.items():
            moves.append(
                Move(
                    asset, quantity, (holder, REGISTRY), (holder, GONE), Transfer.Kind.SURRENDER.value,
                    cause_of(surrender),
                )
            )  # fmt: skip
    return moves


def _note(given: list[Given]) -> None:
    """The sums of the years, and when they were complete."""
    for one in given:
        one.row.surrendered_t = one.total_t
        one.row.credits_t = one.lines.get(CREDIT, 0)
        one.row.completed_at = one.at if one.total_t >= (one.row.obligation_t or 0) else None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_complianceyear AS row SET surrendered_t = new.gone, credits_t = new.credits,"
            " completed_at = new.at FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])"
            " AS new (id, gone, credits, at) WHERE row.id = new.id",
            [
                [one.row.pk for one in given],
                [one.row.surrendered_t for one in given],
                [one.row.credits_t for one in given],
                [one.row.completed_at for one in given],
            ],
        )


def _certify(given: list[Given]) -> None:
    """A certificate for each year that is complete."""
    kind = Certificate.Kind.COMPLIANCE.value
    rows = []
    for one in given:
        if one.row.completed_at is not None:
            last = rules.rules_of(one.row.year).deadline
            house = one.row.emitter.organisation
            whole = stated(kind, house, completion.content(one.row, one.at, last=last), one.at)
            rows.append((whole["number"], kind, house.pk, canonical(whole), digest(whole), one.at))
    with connection.cursor() as cursor:
        copy_rows(cursor, "registry_certificate", CERTIFICATE_COLUMNS, rows)
