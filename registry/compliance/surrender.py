"""Surrender (清缴): units of `registry` wait in `pending`, and go for good when the province approves.

Locks, here and everywhere: the request, the compliance year, the giver's holdings, the accounts. The sums of the
compliance year are changed in the transaction that posts the transfers, so they cannot part.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Decision, Document, Request
from accounts.models import Organisation, User
from registry.compliance import lawful
from registry.compliance.completion import note_completion
from registry.compliance.models import ComplianceYear, Surrender, SurrenderLine
from registry.ledger import tied
from registry.ledger.models import Account, Transfer
from registry.ledger.post import InsufficientBalance, Move, hold, post

KIND = "surrender"
REGISTRY, PENDING, GONE = (
    Account.Purpose.REGISTRY.value,
    Account.Purpose.PENDING.value,
    Account.Purpose.SURRENDERED.value,
)


@transaction.atomic
def submit(
    year: int,
    giver: Organisation,
    lines: Mapping[str, int],
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    beneficiary: Organisation | None = None,
    documents: Sequence[Document] = (),
    client_id: str = "",
) -> Surrender:
    """Names tonnes by asset for the obligation of a year; they move to `pending` (registry-rules.md 4).

    `beneficiary`: whose obligation, where another firm helps it (assisted surrender). Sent again with the same
    `client_id` it returns the first one.

    Raises Refused: `NOT_COVERED`, `OBLIGATION_UNKNOWN`, `LINES_MISSING`, `QUANTITY_INVALID`, `ASSET_UNKNOWN`,
    `VINTAGE_NOT_ACCEPTED`, `CREDIT_NOT_ACCEPTED`, `OBLIGATION_EXCEEDED`, `CREDIT_CAP_EXCEEDED`,
    `INSUFFICIENT_HOLDINGS`, `DUPLICATE_ID`, and those of `approvals.verbs.submit`.
    """
    if by.organisation_id != giver.pk:
        raise Refused("NOT_YOURS", _("You can only surrender what your own organisation holds."))
    owner = beneficiary or giver
    row = find_year(year, owner, locked=True)
    hold([giver.pk])
    if earlier := sent_before(giver, client_id):
        return _same(earlier, row, lines)
    credits_t = lawful.check(row, lines, own=owner.pk == giver.pk, at=at)
    lawful.check_holdings(giver, lines)
    total_t = sum(lines.values())
    untied = tied.untie(giver.pk, lines)
    made = Surrender.objects.create(
        compliance_year=row, giver=giver, quantity_t=total_t, credits_t=credits_t, submitted_by=by, submitted_at=at
    )  # fmt: skip
    SurrenderLine.objects.bulk_create(
        [
            SurrenderLine(
                surrender=made, asset_id=asset, quantity_t=qty, surrender_only_t=untied.get(asset, 0)
            )
            for asset, qty in sorted(lines.items())
        ]
    )
    made.request = verbs.submit(
        KIND,
        by=by,
        reason=reason,
        at=at,
        about=owner,
        payload={"surrender": made.pk, "year": year, "lines": dict(lines), "client_id": client_id},
        documents=documents,
    )
    made.save(update_fields=["request"])
    try:
        _move(made, REGISTRY, PENDING, Transfer.Kind.PENDING, at)
    except InsufficientBalance as error:
        raise Refused("INSUFFICIENT_HOLDINGS", lawful.too_little("", 0)) from error
    row.pending_t += total_t
    row.save(update_fields=["pending_t"])
    return made


def sent_before(giver: Organisation, client_id: str) -> Surrender | None:
    """The surrender that this organisation sent under this id of its own."""
    if not client_id:
        return None
    return Surrender.objects.filter(
        request__kind=KIND, request__organisation=giver, request__payload__client_id=client_id
    ).first()


def finish(request: Request, decision: Decision) -> None:
    """The province has approved: the tonnes go for good, and the year's sums with them.

    Raises Refused where the obligation or the credit cap has become too small meanwhile, or the rules no longer
    take a unit: then it can only be refused or withdrawn.
    """
    made = _of(request)
    row = ComplianceYear.objects.select_for_update(of=("self",)).get(pk=made.compliance_year_id)
    row.pending_t -= made.quantity_t
    lines = dict(made.lines.values_list("asset_id", "quantity_t"))
    lawful.check(row, lines, own=True, at=decision.at, without=made)
    hold([made.giver_id])
    _move(made, PENDING, GONE, Transfer.Kind.SURRENDER, decision.at)
    row.surrendered_t += made.quantity_t
    row.credits_t += made.credits_t
    row.save(update_fields=["pending_t", "surrendered_t", "credits_t"])
    _end(made, Surrender.State.APPROVED, decision.at)
    note_completion(row, decision.at)


def give_back(request: Request, at: dt.datetime) -> None:
    """Refused, withdrawn or expired: the tonnes return to the giver's registry holding."""
    made = _of(request)
    row = ComplianceYear.objects.select_for_update(of=("self",)).get(pk=made.compliance_year_id)
    hold([made.giver_id])
    _move(made, PENDING, REGISTRY, Transfer.Kind.RETURN, at)
    tied.tie_again(made.giver_id, dict(made.lines.values_list("asset_id", "surrender_only_t")))
    row.pending_t -= made.quantity_t
    row.save(update_fields=["pending_t"])
    refused = request.state == Request.State.REFUSED
    _end(made, Surrender.State.REFUSED if refused else Surrender.State.WITHDRAWN, at)


def cause_of(surrender_id: int) -> str:
    """What the ledger names as the cause of its transfers; the audit reads it."""
    return f"surrender:{surrender_id}"


def find_year(year: int, owner: Organisation, *, locked: bool = False) -> ComplianceYear:
    """The year to surrender for. Raises Refused: `NOT_COVERED`, `OBLIGATION_UNKNOWN`."""
    found = ComplianceYear.objects.select_related("emitter__organisation")
    if locked:
        found = found.select_for_update(of=("self",))
    row = found.filter(emitter=owner.pk, year=year).first()
    if row is None:
        raise Refused(
            "NOT_COVERED",
            _("year: this emitter is not covered in %(year)s. Choose a year of its list.") % {"year": year},
        )
    if row.obligation_t is None:
        raise Refused(
            "OBLIGATION_UNKNOWN",
            _("year: the emissions of %(year)s are not verified yet. Surrender once the obligation is known.")
            % {"year": year},
        )
    return row


def _same(earlier: Surrender, row: ComplianceYear, lines: Mapping[str, int]) -> Surrender:
    stored = dict(earlier.lines.values_list("asset_id", "quantity_t"))
    if earlier.compliance_year_id != row.pk or stored != dict(lines):
        raise Refused("DUPLICATE_ID", _("id: used for another surrender. Send it with a new id."))
    return earlier


def _of(request: Request) -> Surrender:
    return Surrender.objects.get(request=request)


def _end(made: Surrender, state: str, at: dt.datetime) -> None:
    made.state, made.decided_at = state, at
    made.save(update_fields=["state", "decided_at"])


def _move(made: Surrender, source: str, target: str, kind: Transfer.Kind, at: dt.datetime) -> None:
    cause = cause_of(made.pk)
    holder = made.giver_id
    moves = [
        Move(line.asset_id, line.quantity_t, (holder, source), (holder, target), kind.value, cause)
        for line in made.lines.order_by("asset")
    ]
    posted = post(moves, cause=f"{cause}:{kind.value}", at=at)
    assert posted, "each surrender is posted once in each direction"
