"""What becomes of a shortfall: the province's regulator proposes, the national approver decides (registry-rules.md 4)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Decision, Document, Request
from accounts.models import Organisation, User
from registry.allocation.models import Adjustment
from registry.compliance import rules
from registry.compliance.models import Shortfall
from registry.compliance.selectors import day_of
from registry.words import grouped, yuan

KIND = "shortfall"
LONGEST_WORDS = 2_000
State = Shortfall.State
OFFICES = frozenset({Organisation.Kind.NATIONAL, Organisation.Kind.PROVINCE, Organisation.Kind.REGISTRY})


def visible_to(user: User) -> QuerySet[Shortfall]:
    """Authorities' own; an emitter its own; others none."""
    found = Shortfall.objects.select_related("compliance_year__emitter__organisation", "request")
    house = user.organisation
    if house.kind in {Organisation.Kind.NATIONAL, Organisation.Kind.REGISTRY}:
        return found
    if house.kind == Organisation.Kind.PROVINCE and house.province:
        return found.filter(compliance_year__emitter__organisation__province=house.province)
    return found.filter(compliance_year__emitter=house.pk)


def is_office(user: User) -> bool:
    """Whether the reader is of an authority or the registry: those see proposals, others decisions."""
    return user.organisation.kind in OFFICES


def may_propose(user: User, shortfall: Shortfall) -> bool:
    house = user.organisation
    return (
        shortfall.state == State.COMPUTED
        and house.kind == Organisation.Kind.PROVINCE
        and house.province == shortfall.compliance_year.emitter.organisation.province
        and user.has_role(User.Role.REGULATOR)
    )


@transaction.atomic
def propose(
    shortfall_id: int,
    *,
    fine_fen: int,
    deduction_t: int,
    decision: str,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> Shortfall:
    """Proposes a fine (fen) and a deduction (tonnes); both 0: that nothing follows. `decision`: its words.

    Raises Refused: `NOT_YOURS`, `NOT_OPEN`, `FINE_OUT_OF_BOUNDS`, `DEDUCTION_ENDED`, `DECISION_MISSING`, and
    those of `approvals.verbs.submit`.
    """
    row = Shortfall.objects.select_for_update(of=("self",)).get(pk=shortfall_id)
    emitter = row.compliance_year.emitter.organisation
    if by.organisation.kind != Organisation.Kind.PROVINCE or by.organisation.province != emitter.province:
        raise Refused("NOT_YOURS", _("Only the authority of the emitter's province proposes a decision."))
    if row.state != State.COMPUTED:
        raise Refused("NOT_OPEN", _("A decision was proposed or made already."))
    if not decision.strip() or len(decision) > LONGEST_WORDS:
        raise Refused("DECISION_MISSING", _("decision: say in words what is decided, and on which document."))
    _check_fine(row, fine_fen, deduction_t)
    _check_deduction(row, deduction_t, at)
    row.request = verbs.submit(
        KIND,
        by=by,
        reason=reason,
        at=at,
        about=emitter,
        payload={
            "shortfall": row.pk,
            "year": row.compliance_year.year,
            "fine_fen": fine_fen,
            "deduction_t": deduction_t,
            "decision": decision.strip(),
        },
        documents=documents,
    )
    row.state = State.PROPOSED
    row.save(update_fields=["request", "state"])
    return row


def decide(request: Request, decision: Decision) -> None:
    """The national approver has approved: it is written down; a deduction waits for the next allocation.

    Raises Refused `DEDUCTION_ENDED` where the day of this decision allows none any more.
    """
    row = _of(request)
    wanted = request.payload
    _check_deduction(row, wanted["deduction_t"], decision.at)
    row.fine_fen, row.decided_deduction_t = wanted["fine_fen"], wanted["deduction_t"]
    row.decision, row.decided_at = wanted["decision"], decision.at
    row.state = State.DECIDED if row.fine_fen or row.decided_deduction_t else State.DROPPED
    row.save(update_fields=["fine_fen", "decided_deduction_t", "decision", "decided_at", "state"])
    if row.decided_deduction_t:
        Adjustment.objects.create(
            emitter=row.compliance_year.emitter,
            year=row.compliance_year.year + 1,
            ground=Adjustment.Ground.ENFORCEMENT,
            ordered_t=row.decided_deduction_t,
            remaining_t=row.decided_deduction_t,
            reason=row.decision,
            state=Adjustment.State.IN_FORCE,
            request=request,
            at=decision.at,
        )


def reopen(request: Request) -> None:
    """Refused, withdrawn or expired: it waits for another proposal."""
    row = _of(request)
    row.state, row.request = State.COMPUTED, None
    row.save(update_fields=["state", "request"])


def _of(request: Request) -> Shortfall:
    return Shortfall.objects.select_for_update(of=("self",)).get(pk=request.payload["shortfall"])


def _check_fine(row: Shortfall, fine_fen: int, deduction_t: int) -> None:
    if type(fine_fen) is not int or fine_fen < 0:
        raise Refused("FINE_OUT_OF_BOUNDS", _("fine: an amount in yuan, 0 or more."))
    nothing = fine_fen == 0 and deduction_t == 0
    known = row.working.get("price_known", True)
    if nothing or not known or row.fine_low_fen <= fine_fen <= row.fine_high_fen:
        return
    raise Refused(
        "FINE_OUT_OF_BOUNDS",
        _(
            "fine: the rule allows %(low)s to %(high)s yuan. Propose one of these, or 0 with no deduction to drop it."
        )
        % {"low": yuan(row.fine_low_fen), "high": yuan(row.fine_high_fen)},
    )


def _check_deduction(row: Shortfall, deduction_t: int, at: dt.datetime) -> None:
    most_t = rules.deduction_t(row.missing_t, day_of(at))
    if type(deduction_t) is int and 0 <= deduction_t <= most_t:
        return
    if most_t == 0:
        raise Refused(
            "DEDUCTION_ENDED", _("deduction: decisions from 2026-08-15 on deduct nothing. Propose 0 t.")
        )
    raise Refused(
        "DEDUCTION_OUT_OF_BOUNDS",
        _("deduction: at most the missing %(most)s t. Propose no more.") % {"most": grouped(most_t)},
    )
