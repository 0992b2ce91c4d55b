"""Applying for carry-over, and its effect (registry-rules.md 5).

    submit       the emitter names tonnes of old vintages in its registry holding; they wait in `pending`
    carry_now    own second person and province approved: they are `converted`, and as much of the new vintage
                 is issued in the same batch

All applications together stay within T and within the holding at the cut-off, and nothing is carried over while a
surrender of the years before is overdue; both are looked at again when the province approves.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.kinds import registry_operator
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.carryover import reading
from registry.carryover.ceiling import RULES, Rule
from registry.carryover.models import CarryOver, CarryOverLine
from registry.compliance.models import ComplianceYear
from registry.compliance.selectors import state_of
from registry.custody import locks
from registry.emitters.models import Emitter
from registry.ledger.models import Account, Asset, Transfer
from registry.ledger.post import BEIJING, Move, post
from registry.words import tonnes

CARRY_OVER = "carry_over"
State = CarryOver.State
Purpose = Account.Purpose


def present_rule() -> Rule:
    """The latest carry-over in the table."""
    return RULES[-1]


def emitter_of(user: User, rule: Rule) -> Emitter | None:
    """The reader's emitter, where the rule knows its sector: a pilot's emitter has no vintages to carry over."""
    return Emitter.objects.filter(pk=user.organisation_id, sector__in=list(rule.base_t)).first()


@transaction.atomic
def submit(
    *,
    lines: locks.Lines,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> CarryOver:
    """Names tonnes by vintage, of one's own registry holding.

    Raises Refused: `NOT_COVERED`, `NOTHING_ASKED`, `UNKNOWN_ASSET`, `VINTAGE_NOT_CARRIED`, `NOT_OPEN_YET`,
    `CLOSED`, `SURRENDER_OVERDUE`, `OVER_CEILING`, `OVER_HOLDING`, `HOLDER_SUSPENDED`, `INSUFFICIENT_HOLDINGS`.
    """
    rule = present_rule()
    emitter = emitter_of(by, rule)
    if emitter is None:
        raise Refused("NOT_COVERED", _("Only an emitter of the national market carries allowances over."))
    asked = _checked(lines, rule)
    _check_days(rule, at)
    request = verbs.submit(
        CARRY_OVER, by=by, reason=reason, at=at, about=by.organisation,
        payload={"lines": asked, "target": rule.target}, documents=documents,
    )  # fmt: skip
    _check_surrendered(emitter, rule, at)
    locks.active(locks.stand_still([emitter.pk])[emitter.pk])
    reading.keep(emitter, rule)
    working = reading.working(emitter, rule)
    quantity = sum(asked.values())
    _check_room(working.ceiling_t - working.asked_t, working.holding_t - working.asked_t, quantity)
    made = CarryOver.objects.create(
        emitter=emitter,
        target=Asset.objects.get(code=rule.target),
        quantity_t=quantity,
        ceiling=working.as_dict(),
        request=request,
        submitted_at=at,
    )
    CarryOverLine.objects.bulk_create(
        CarryOverLine(carry_over=made, asset_id=asset, quantity_t=part) for asset, part in asked.items()
    )
    locks.to_pending(emitter.pk, asked, f"carry-over:{made.pk}", at)
    return made


def carry_now(request: Request, at: dt.datetime) -> None:
    """pending → converted, and the same tonnes of the new vintage issued, in one batch."""
    made = CarryOver.objects.select_related("emitter").get(request=request)
    _check_surrendered(made.emitter, present_rule(), at)
    holder = made.emitter_id
    source = registry_operator(request).pk
    locks.active(locks.stand_still([holder])[holder])
    lines = dict(made.lines.order_by("asset").values_list("asset_id", "quantity_t"))
    locks.enough(holder, lines, Purpose.PENDING)
    cause = f"carry-over:{made.pk}"
    moves = [
        Move(
            asset, quantity, (holder, Purpose.PENDING.value), (holder, Purpose.CONVERTED.value),
            Transfer.Kind.CARRY_OVER.value, cause,
        )
        for asset, quantity in lines.items()
    ]  # fmt: skip
    moves.append(
        Move(
            made.target_id, made.quantity_t, (source, Purpose.SOURCE.value), (holder, Purpose.REGISTRY.value),
            Transfer.Kind.ISSUANCE.value, cause,
        )
    )  # fmt: skip
    assert post(moves, cause=cause, at=at), f"{cause} was posted before"
    _decided(made, State.DONE, at)


def give_back(request: Request, at: dt.datetime) -> None:
    """Refused, withdrawn or expired: pending → registry; T is free again."""
    made = CarryOver.objects.get(request=request)
    lines = dict(made.lines.order_by("asset").values_list("asset_id", "quantity_t"))
    locks.back(made.emitter_id, lines, f"carry-over:{made.pk}", at)
    _decided(made, State.REFUSED, at)


def overdue_years(emitter: Emitter, rule: Rule, at: dt.datetime) -> list[int]:
    """Of the rule's years those whose surrender this emitter has missed and not made up for."""
    today = at.astimezone(BEIJING).date()
    rows = ComplianceYear.objects.filter(emitter=emitter, year__in=rule.years).order_by("year")
    return [row.year for row in rows if state_of(row, today) == ComplianceYear.State.OVERDUE]


def _decided(made: CarryOver, state: CarryOver.State, at: dt.datetime) -> None:
    made.state, made.decided_at = state, at
    made.save(update_fields=["state", "decided_at"])


def _checked(lines: locks.Lines, rule: Rule) -> dict[str, int]:
    asked = locks.checked(lines)
    for asset in asked:
        if not rule.takes(asset):
            raise Refused(
                "VINTAGE_NOT_CARRIED",
                _("%(asset)s: only allowances of %(first)s to %(last)s are carried over.")
                % {"asset": asset, "first": rule.first_vintage, "last": rule.last_vintage},
            )
    return asked


def _check_days(rule: Rule, at: dt.datetime) -> None:
    today = at.astimezone(BEIJING).date()
    if today < rule.apply_from:
        raise Refused(
            "NOT_OPEN_YET",
            _("Carry-over begins on %(day)s.") % {"day": rule.apply_from.isoformat()},
        )
    if today > rule.apply_to:
        raise Refused(
            "CLOSED",
            _("Applications were taken until %(day)s.") % {"day": rule.apply_to.isoformat()},
        )


def _check_surrendered(emitter: Emitter, rule: Rule, at: dt.datetime) -> None:
    """The years are locked before the holdings, as everywhere."""
    years = ComplianceYear.objects.select_for_update(of=("self",)).filter(
        emitter=emitter, year__in=rule.years
    )
    list(years.order_by("pk"))
    overdue = overdue_years(emitter, rule, at)
    if overdue:
        raise Refused(
            "SURRENDER_OVERDUE",
            _("The surrender of %(years)s is overdue: surrender first, then carry over.")
            % {"years": ", ".join(str(year) for year in overdue)},
        )


def _check_room(ceiling_t: int, holding_t: int, quantity_t: int) -> None:
    """The emitter is held. Both are what is left after its other applications."""
    if quantity_t > ceiling_t:
        raise Refused(
            "OVER_CEILING",
            _("quantity: %(asked)s asked for, and %(left)s are left of your ceiling T. Ask for less.")
            % {"asked": tonnes(quantity_t), "left": tonnes(max(0, ceiling_t))},
        )
    if quantity_t > holding_t:
        raise Refused(
            "OVER_HOLDING",
            _("quantity: %(asked)s asked for, and %(left)s are left of what you held at the cut-off. Ask for less.")
            % {"asked": tonnes(quantity_t), "left": tonnes(max(0, holding_t))},
        )  # fmt: skip
