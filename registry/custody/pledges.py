"""Pledge (质押) of holdings for a loan, its release, and what follows a default (registry-rules.md 7).

submit   pledgor → another of the pledgor → pledgee; the tonnes wait in `pending`, then stand in `pledged`
release  pledgee → another of the pledgee; they are the pledgor's registry holding again
dispose  pledgee → another of the pledgee → the registry's checker; they go to the pledgee's trading account,
         to be sold there by listed trading. Only after the term's last day, and with a document that shows
         the default: what the sale brings beyond the debt is the pledgor's by their contract.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import Organisation, User
from registry.custody import locks
from registry.custody.models import Pledge
from registry.ledger.models import Account, Transfer
from registry.ledger.post import BEIJING

PLEDGE, RELEASE, DISPOSAL = "pledge", "pledge_release", "pledge_disposal"
State = Pledge.State
Purpose = Account.Purpose


@dataclass(frozen=True)
class Terms:
    """What pledgor and pledgee agreed: tonnes, fen, and the term from its first to its last day."""

    asset: str
    quantity_t: int
    loan_fen: int
    starts_on: dt.date
    ends_on: dt.date
    contract_number: str = ""


@transaction.atomic
def submit(
    *,
    pledgee: Organisation,
    terms: Terms,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> Pledge:
    """Names the tonnes to be pledged; they wait in `pending` for the pledgor's second person and the pledgee.

    Raises Refused: `NOT_A_HOLDER`, `SAME_ORGANISATION`, `HOLDER_SUSPENDED`, `TERM_INVALID`, `LOAN_INVALID`,
    `INSUFFICIENT_HOLDINGS`, and what asking raises.
    """
    pledgor = locks.holder(by.organisation)
    locks.holder(pledgee)
    if pledgee.pk == pledgor.pk:
        raise Refused("SAME_ORGANISATION", _("pledgee: name another organisation than your own."))
    lines = locks.checked({terms.asset: terms.quantity_t})
    _check_terms(terms, at)
    request = verbs.submit(
        PLEDGE,
        by=by,
        reason=reason,
        at=at,
        payload={
            "pledgee": pledgee.pk,
            "lines": lines,
            "loan_fen": terms.loan_fen,
            "starts_on": terms.starts_on.isoformat(),
            "ends_on": terms.ends_on.isoformat(),
        },
        documents=documents,
    )
    for organisation in locks.stand_still([pledgor.pk, pledgee.pk]).values():
        locks.active(organisation)
    pledge = Pledge.objects.create(
        pledgor=pledgor,
        pledgee=pledgee,
        asset_id=terms.asset,
        quantity_t=terms.quantity_t,
        loan_fen=terms.loan_fen,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        contract_number=terms.contract_number.strip(),
        request=request,
    )
    locks.to_pending(pledgor.pk, lines, f"pledge:{pledge.pk}", at)
    return pledge


def release(
    pledge_id: int, *, by: User, reason: str, at: dt.datetime, documents: Sequence[Document] = ()
) -> Request:
    """The pledgee asks to give the tonnes back. Raises Refused: `NOT_PLEDGED`, `NOT_YOURS`, `ASKED_ALREADY`."""
    return _end(RELEASE, pledge_id, by=by, reason=reason, at=at, documents=documents)


def dispose(
    pledge_id: int, *, by: User, reason: str, at: dt.datetime, documents: Sequence[Document] = ()
) -> Request:
    """The pledgee asks for the tonnes of a loan that was not repaid, to sell them.

    Raises Refused: `NOT_PLEDGED`, `NOT_YOURS`, `ASKED_ALREADY`, `TERM_RUNS`, `DOCUMENT_MISSING`.
    """
    return _end(DISPOSAL, pledge_id, by=by, reason=reason, at=at, documents=documents)


@transaction.atomic
def _end(
    kind: str, pledge_id: int, *, by: User, reason: str, at: dt.datetime, documents: Sequence[Document]
) -> Request:
    pledge = Pledge.objects.select_for_update(of=("self",)).select_related("pledgor").get(pk=pledge_id)
    if pledge.state != State.PLEDGED:
        raise Refused("NOT_PLEDGED", _("This pledge is not in force."))
    if pledge.pledgee_id != by.organisation_id:
        raise Refused("NOT_YOURS", _("Only the pledgee may ask for this."))
    before = pledge.release_request
    if before is not None and before.state == Request.State.PENDING:
        raise Refused("ASKED_ALREADY", _("Its end was asked for already and waits for the second person."))
    if kind == DISPOSAL:
        _check_default(pledge, at, documents)
    request = verbs.submit(
        kind, by=by, reason=reason, at=at, about=pledge.pledgor,
        payload={"pledge": pledge.pk, "lines": {pledge.asset_id: pledge.quantity_t}}, documents=documents,
    )  # fmt: skip
    pledge.release_request = request
    pledge.save(update_fields=["release_request"])
    return request


def pledge_now(request: Request, at: dt.datetime) -> None:
    """Approved by the pledgee: pending → pledged. Raises Refused `HOLDER_SUSPENDED`."""
    pledge = Pledge.objects.get(request=request)
    for organisation in locks.stand_still([pledge.pledgor_id, pledge.pledgee_id]).values():
        locks.active(organisation)
    locks.shift(
        pledge.pledgor_id, _lines(pledge), Purpose.PENDING, Purpose.PLEDGED,
        kind=Transfer.Kind.PLEDGE, cause=f"pledge:{pledge.pk}", at=at,
    )  # fmt: skip
    pledge.state, pledge.pledged_at = State.PLEDGED, at
    pledge.save(update_fields=["state", "pledged_at"])


def pledge_back(request: Request, at: dt.datetime) -> None:
    """Refused, withdrawn or expired: pending → registry."""
    pledge = Pledge.objects.get(request=request)
    locks.back(pledge.pledgor_id, _lines(pledge), f"pledge:{pledge.pk}", at)
    pledge.state = State.REFUSED
    pledge.save(update_fields=["state"])


def release_now(request: Request, at: dt.datetime) -> None:
    """pledged → the pledgor's registry holding; also of one that is suspended, where it stays."""
    pledge = Pledge.objects.get(release_request=request)
    locks.shift(
        pledge.pledgor_id, _lines(pledge), Purpose.PLEDGED, Purpose.REGISTRY,
        kind=Transfer.Kind.UNPLEDGE, cause=f"unpledge:{pledge.pk}", at=at,
    )  # fmt: skip
    _ended(pledge, State.RELEASED, at)


def dispose_now(request: Request, at: dt.datetime) -> None:
    """pledged → the pledgee's trading account. Raises Refused `HOLDER_SUSPENDED`: a frozen pledgor's stay."""
    pledge = Pledge.objects.get(release_request=request)
    for organisation in locks.stand_still([pledge.pledgor_id, pledge.pledgee_id]).values():
        locks.active(organisation)
    locks.give(
        pledge.pledgor_id, pledge.pledgee_id, _lines(pledge), Purpose.PLEDGED, Purpose.TRADING,
        kind=Transfer.Kind.TRANSFER, cause=f"disposal:{pledge.pk}", at=at,
    )  # fmt: skip
    _ended(pledge, State.DISPOSED, at)


def _ended(pledge: Pledge, state: Pledge.State, at: dt.datetime) -> None:
    pledge.state, pledge.released_at = state, at
    pledge.save(update_fields=["state", "released_at"])


def _lines(pledge: Pledge) -> dict[str, int]:
    return {pledge.asset_id: pledge.quantity_t}


def _check_terms(terms: Terms, at: dt.datetime) -> None:
    if terms.loan_fen <= 0:
        raise Refused("LOAN_INVALID", _("loan: an amount above zero is needed."))
    if not terms.starts_on < terms.ends_on or terms.ends_on < at.astimezone(BEIJING).date():
        raise Refused("TERM_INVALID", _("ends_on: a day after the first one, and not past."))


def _check_default(pledge: Pledge, at: dt.datetime, documents: Sequence[Document]) -> None:
    if at.astimezone(BEIJING).date() <= pledge.ends_on:
        raise Refused(
            "TERM_RUNS",
            _("The loan's term runs until %(day)s: the tonnes can be disposed of after that day.")
            % {"day": pledge.ends_on.isoformat()},
        )
    if not documents:
        raise Refused("DOCUMENT_MISSING", _("documents: attach what shows that the loan was not repaid."))
