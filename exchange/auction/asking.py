"""How an auction comes to be announced: asked for by one, approved by another (registry-rules.md 2).

    application      a seller's own; the exchange operator approves or refuses it
    announcement     the exchange operator's for a seller, whose approver agrees
    paid_allocation  an authority's, of tonnes that are issued when the registry's checker approves

The seller's tonnes wait in `pending` from the asking on (its own application) or from the announcement; what an
authority offers is issued into its `pending`. They go nowhere but into the auction, or back.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.kinds import registry_operator
from accounts.approvals.models import Document, Request
from accounts.models import Organisation, User
from exchange.auction import terms as rules
from exchange.auction.models import Auction
from exchange.auction.terms import Terms
from registry.custody import locks
from registry.ledger.models import Account, Asset, Transfer
from registry.ledger.post import Move, hold, post

State, Purpose = Auction.State, Account.Purpose
#: Who asks: kinds of organisations and roles, by the way an auction comes to be.
ASKERS: dict[Auction.Origin, tuple[frozenset[str], frozenset[str]]] = {
    Auction.Origin.APPLICATION: (
        frozenset(str(kind) for kind in Organisation.TRADING_KINDS),
        frozenset({User.Role.TRADER.value, User.Role.INITIATOR.value}),
    ),
    Auction.Origin.ANNOUNCEMENT: (
        frozenset({Organisation.Kind.EXCHANGE.value}),
        frozenset({User.Role.OPERATOR.value}),
    ),
    Auction.Origin.PAID_ALLOCATION: (
        frozenset(str(kind) for kind in Organisation.ALLOCATING_KINDS),
        frozenset({User.Role.REGULATOR.value}),
    ),
}
#: What a province allocates in its own scheme; the nation allocates CEA.
PROVINCIAL = {"310000": ("SHEA",)}


def origin_for(user: User) -> Auction.Origin | None:
    """By which way this person may ask for an auction; None for everybody else."""
    for origin, (kinds, roles) in ASKERS.items():
        if user.organisation.kind in kinds and user.has_role(*roles):
            return origin
    return None


@transaction.atomic
def ask(
    terms: Terms,
    *,
    by: User,
    reason: str,
    at: dt.datetime,
    seller: Organisation | None = None,
    documents: Sequence[Document] = (),
) -> Auction:
    """Asks for an auction; `seller` is named by the exchange operator alone, everybody else sells itself.

    Raises Refused: `ROLE_MISSING`, `BAD_SELLER`, `BAD_INSTRUMENT`, `BAD_QUANTITY`, `BAD_WINDOW`, `BAD_BIDDERS`,
    `INSUFFICIENT_HOLDINGS`, and what `verbs.submit` refuses.
    """
    origin = origin_for(by)
    if origin is None:
        raise Refused("ROLE_MISSING", _("Your roles do not allow asking for this."))
    sells = _seller(origin, by, seller)
    if origin == Auction.Origin.PAID_ALLOCATION:
        _check_allocates(sells, terms)
    rules.check(terms, sells, at)
    auction = Auction.objects.create(
        origin=origin, seller=sells, instrument=terms.instrument, quantity_t=terms.quantity_t,
        floor_rule=terms.floor_rule, price_model=terms.price_model, bidders=terms.bidders, province=terms.province,
        named=[one.code for one in terms.named], surrender_only=terms.surrender_only, opens_at=terms.opens_at, closes_at=terms.closes_at, asked_at=at,
    )  # fmt: skip
    auction.request = verbs.submit(
        origin, by=by, reason=reason, at=at, about=sells, payload=_payload(auction, terms),
        documents=documents, expires_at=terms.opens_at,
    )  # fmt: skip
    if origin == Auction.Origin.APPLICATION:
        _set_aside(auction, at)
    auction.save(update_fields=["request", "set_aside"])
    return auction


def _seller(origin: Auction.Origin, by: User, named: Organisation | None) -> Organisation:
    if origin != Auction.Origin.ANNOUNCEMENT:
        if named is not None and named != by.organisation:
            raise Refused("BAD_SELLER", _("seller: you offer what your own organisation has; name nobody."))
        return by.organisation
    if named is None or named.kind not in Organisation.TRADING_KINDS:
        raise Refused("BAD_SELLER", _("seller: name the member that sells, by its code."))
    return named


def _check_allocates(authority: Organisation, terms: Terms) -> None:
    """An authority issues allowances of its own scheme alone."""
    asset = terms.instrument.asset
    national = authority.kind == Organisation.Kind.NATIONAL
    own = asset.code.startswith("CEA") if national else asset.code in PROVINCIAL.get(authority.province, ())
    if asset.kind != Asset.Kind.ALLOWANCE or not own:
        raise Refused(
            "BAD_INSTRUMENT",
            _("instrument: %(authority)s does not allocate %(asset)s. Choose an allowance of its own scheme.")
            % {"authority": authority.name, "asset": asset.code},
        )


def _payload(auction: Auction, terms: Terms) -> dict[str, Any]:
    """What is approved, word for word."""
    return {
        "auction": auction.pk,
        "seller": auction.seller.code,
        "instrument": terms.instrument.code,
        "quantity_t": terms.quantity_t,
        "floor": terms.floor_rule,
        "model": terms.price_model,
        "bidders": terms.bidders,
        "province": terms.province,
        "named": auction.named,
        "surrender_only": terms.surrender_only,
        "opens_at": terms.opens_at.isoformat(),
        "closes_at": terms.closes_at.isoformat(),
    }


def announce(request: Request, at: dt.datetime) -> Auction:
    """The effect of the approval: the tonnes are set aside, and everybody may read of it.

    Raises Refused: `BAD_WINDOW` (its beginning is over), `HOLDER_SUSPENDED`, `INSUFFICIENT_HOLDINGS`.
    """
    auction = _of(request)
    rules.check_window(auction.opens_at, auction.closes_at, at)
    if auction.pays_for_allocation:
        _issue(auction, request, at)
    elif not auction.set_aside:
        _set_aside(auction, at)
    auction.state, auction.announced_at = State.ANNOUNCED, at
    auction.save(update_fields=["state", "announced_at", "set_aside"])
    return auction


def drop(request: Request, at: dt.datetime) -> None:
    """Refused, withdrawn or not decided in time: what waited can be traded again."""
    auction = _of(request)
    auction.state = State.REFUSED
    give_back(auction, at)
    auction.save(update_fields=["state", "set_aside"])


def give_back(auction: Auction, at: dt.datetime) -> None:
    """What was set aside and never offered goes to `trading`; what was issued for it is recalled."""
    if not auction.set_aside:
        return
    if auction.pays_for_allocation:
        recall(auction, Purpose.PENDING, auction.quantity_t, at)
    else:
        lines = {auction.instrument.asset_id: auction.quantity_t}
        locks.shift(
            auction.seller_id, lines, Purpose.PENDING, Purpose.TRADING,
            kind=Transfer.Kind.RETURN, cause=f"{auction.client_id}:return", at=at,
        )  # fmt: skip
    auction.set_aside = False


def recall(auction: Auction, purpose: str, quantity_t: int, at: dt.datetime) -> None:
    """Takes back what was issued for an auction and not sold; once, whatever happens."""
    operator = _registry_id()
    hold([auction.seller_id, operator])
    cause = f"{auction.client_id}:unsold"
    move = Move(
        auction.instrument.asset_id, quantity_t, (auction.seller_id, str(purpose)),
        (operator, Purpose.SOURCE.value), Transfer.Kind.RECALL.value, cause,
    )  # fmt: skip
    post([move], cause=cause, at=at)


def _set_aside(auction: Auction, at: dt.datetime) -> None:
    locks.active(locks.stand_still([auction.seller_id])[auction.seller_id])
    locks.shift(
        auction.seller_id, {auction.instrument.asset_id: auction.quantity_t}, Purpose.TRADING, Purpose.PENDING,
        kind=Transfer.Kind.PENDING, cause=f"{auction.client_id}:pending", at=at,
    )  # fmt: skip
    auction.set_aside = True


def _issue(auction: Auction, request: Request, at: dt.datetime) -> None:
    operator = registry_operator(request).pk
    held = {row.pk: row for row in hold([auction.seller_id, operator])}
    locks.active(held[auction.seller_id])
    cause = f"{auction.client_id}:issued"
    move = Move(
        auction.instrument.asset_id, auction.quantity_t, (operator, Purpose.SOURCE.value),
        (auction.seller_id, Purpose.PENDING.value), Transfer.Kind.ISSUANCE.value, cause,
    )  # fmt: skip
    assert post([move], cause=cause, at=at), f"{cause} was posted before"
    auction.set_aside = True


def _registry_id() -> int:
    """Where what was issued came from."""
    return (
        Organisation.objects.filter(kind=Organisation.Kind.REGISTRY)
        .order_by("pk")
        .values_list("pk", flat=True)[0]
    )


def _of(request: Request) -> Auction:
    found = Auction.objects.select_for_update(of=("self",)).select_related("seller", "instrument")
    return found.get(request=request)
