"""Judicial freeze and its end (registry-rules.md 7): by an authority's document, by two people.

    named   a quantity of an asset: taken when the second person approves, from the registry holding first
            and the rest from the trading account, so that moving it to and fro in between helps nobody
    whole   all of the registry holding and the trading account as they are then; and the organisation is
            suspended while it lasts, which is what "can neither list nor take" (registry-rules.md 2) asks:
            its open listings are cancelled, and what comes back from them, from requests or pledges, or is
            issued to it, stays where it arrives, as nothing of it can be moved, listed or asked for

A frozen tonne is still held. What is in orders, bought today, pending or pledged is locked already, and the same
tonne is locked only once. Money is the settlement bank's matter.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import Organisation, User
from registry.custody import locks
from registry.custody.models import Freeze, FreezeLine
from registry.ledger.models import Account, Transfer
from registry.ledger.post import Move, post
from registry.market_port import market
from registry.words import tonnes

FREEZE, UNFREEZE = "freeze", "unfreeze"
State = Freeze.State
Place = tuple[str, str]


@transaction.atomic
def submit(
    *,
    organisation: Organisation,
    lines: locks.Lines,
    document_number: str,
    ordered_by: str,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> Freeze:
    """Asks for a freeze of these tonnes, or, without lines, of everything. Nothing is locked before the approval.

    Raises Refused: `NOT_A_HOLDER`, `NOT_YOURS` (another province's), `DOCUMENT_MISSING`, `UNKNOWN_ASSET`,
    `NOTHING_ASKED`, and what asking raises.
    """
    check_reach(by, organisation)
    whole = not lines
    asked = {} if whole else locks.checked(lines)
    _check_document(document_number, ordered_by, documents)
    request = verbs.submit(
        FREEZE,
        by=by,
        reason=reason,
        at=at,
        about=organisation,
        payload={"lines": asked, "whole": whole, "document": document_number, "ordered_by": ordered_by},
        documents=documents,
    )
    return Freeze.objects.create(
        organisation=organisation,
        document_number=document_number.strip(),
        ordered_by=ordered_by.strip(),
        whole=whole,
        request=request,
    )


@transaction.atomic
def lift(
    freeze_id: int, *, by: User, reason: str, at: dt.datetime, documents: Sequence[Document] = ()
) -> Request:
    """Asks for the end of a freeze, by a document that orders it.

    Raises Refused: `NOT_FROZEN`, `NOT_YOURS`, `ASKED_ALREADY`, `DOCUMENT_MISSING`; Freeze.DoesNotExist.
    """
    freeze = Freeze.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=freeze_id)
    if freeze.state != State.FROZEN:
        raise Refused("NOT_FROZEN", _("This freeze is not in force."))
    check_reach(by, freeze.organisation)
    before = freeze.release_request
    if before is not None and before.state == Request.State.PENDING:
        raise Refused("ASKED_ALREADY", _("Its end was asked for already and waits for the second person."))
    if not documents:
        raise Refused("DOCUMENT_MISSING", _("documents: attach the document that orders it."))
    request = verbs.submit(
        UNFREEZE,
        by=by,
        reason=reason,
        at=at,
        about=freeze.organisation,
        payload={"freeze": freeze.pk, "document": freeze.document_number},
        documents=documents,
    )
    freeze.release_request = request
    freeze.save(update_fields=["release_request"])
    return request


def freeze_now(request: Request, at: dt.datetime) -> None:
    """The effect of the approval. Raises Refused `INSUFFICIENT_HOLDINGS` where less is there than was named."""
    freeze = Freeze.objects.select_related("organisation").get(request=request)
    organisation = locks.stand_still([freeze.organisation_id])[freeze.organisation_id]
    there = locks.free(organisation.pk)
    taken = everything(there) if freeze.whole else allotted(request.payload["lines"], there)
    FreezeLine.objects.bulk_create(
        FreezeLine(freeze=freeze, asset_id=asset, purpose=purpose, quantity_t=quantity)
        for (asset, purpose), quantity in taken.items()
    )
    cause = f"freeze:{freeze.pk}"
    moves = [
        Move(
            asset, quantity, (organisation.pk, purpose), (organisation.pk, Account.Purpose.FROZEN.value),
            Transfer.Kind.FREEZE.value, cause,
        )
        for (asset, purpose), quantity in taken.items()
    ]  # fmt: skip
    post(moves, cause=cause, at=at)
    if freeze.whole:
        freeze.suspended_it = _suspend(organisation)
        market().cancel_open_orders(organisation)
    freeze.state, freeze.frozen_at = State.FROZEN, at
    freeze.save(update_fields=["state", "frozen_at", "suspended_it"])


def everything(there: dict[str, dict[str, int]]) -> dict[Place, int]:
    return {(asset, purpose): t for asset, places in there.items() for purpose, t in places.items()}


def allotted(lines: locks.Lines, there: dict[str, dict[str, int]]) -> dict[Place, int]:
    """Where the named tonnes are taken from: by asset and purpose. Raises Refused `INSUFFICIENT_HOLDINGS`."""
    taken: dict[Place, int] = {}
    for asset, quantity in lines.items():
        left = quantity
        for purpose in locks.FREE:
            part = min(left, there.get(asset, {}).get(purpose, 0))
            if part:
                taken[asset, purpose.value] = part
                left -= part
        if left:
            raise Refused(
                "INSUFFICIENT_HOLDINGS",
                _("%(asset)s: %(asked)s are to be frozen and %(found)s are free. Refuse this, and ask for what is there or for everything.")
                % {"asset": asset, "asked": tonnes(quantity), "found": tonnes(quantity - left)},
            )  # fmt: skip
    return taken


def unfreeze_now(request: Request, at: dt.datetime) -> None:
    """Every tonne goes back to where it was; a whole freeze's last end also ends the suspension."""
    freeze = Freeze.objects.get(release_request=request)
    organisation = locks.stand_still([freeze.organisation_id])[freeze.organisation_id]
    cause = f"unfreeze:{freeze.pk}"
    moves = [
        Move(
            line.asset_id, line.quantity_t, (organisation.pk, Account.Purpose.FROZEN.value),
            (organisation.pk, line.purpose), Transfer.Kind.UNFREEZE.value, cause,
        )
        for line in freeze.lines.order_by("pk")
    ]  # fmt: skip
    post(moves, cause=cause, at=at)
    freeze.state, freeze.released_at = State.RELEASED, at
    freeze.save(update_fields=["state", "released_at"])
    if freeze.whole and freeze.suspended_it and not _whole_in_force(organisation):
        Organisation.objects.filter(pk=organisation.pk).update(status=Organisation.Status.ACTIVE)


def refused(request: Request) -> None:
    """A freeze that was asked for and did not come."""
    Freeze.objects.filter(request=request).update(state=State.REFUSED)


def _suspend(organisation: Organisation) -> bool:
    """Whether the end of this freeze, if it is the last one, ends the suspension. The organisation is held."""
    if organisation.status == Organisation.Status.ACTIVE:
        Organisation.objects.filter(pk=organisation.pk).update(status=Organisation.Status.SUSPENDED)
        return True
    return _whole_in_force(organisation)


def _whole_in_force(organisation: Organisation) -> bool:
    """Whether a whole freeze that suspended it is in force."""
    return Freeze.objects.filter(
        organisation=organisation, whole=True, suspended_it=True, state=State.FROZEN
    ).exists()


def check_reach(by: User, organisation: Organisation) -> None:
    """The registry operator and the nation freeze every holder's, a province its own.

    Raises Refused `NOT_A_HOLDER`, `NOT_YOURS`.
    """
    locks.holder(organisation)
    house = by.organisation
    issuer = house.kind == Organisation.Kind.REGISTRY and by.has_role(User.Role.ISSUER)
    nation = house.kind == Organisation.Kind.NATIONAL and by.has_role(User.Role.REGULATOR)
    province = house.kind == Organisation.Kind.PROVINCE and by.has_role(User.Role.REGULATOR)
    if not (issuer or nation or (province and house.province == organisation.province)):
        raise Refused(
            "NOT_YOURS",
            _("Only the registry's issuer, the nation or the organisation's own province may ask for this."),
        )


def _check_document(number: str, ordered_by: str, documents: Sequence[Document]) -> None:
    if not number.strip() or not ordered_by.strip():
        raise Refused(
            "DOCUMENT_MISSING", _("document_number, ordered_by: name the document and who issued it.")
        )
    if not documents:
        raise Refused("DOCUMENT_MISSING", _("documents: attach the document that orders it."))
