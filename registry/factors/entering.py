"""A factor's next row: an issuer of the registry operator names it, a checker approves, a later day begins it.

Factors decide how many tonnes a reduction is issued as, so one person alone never sets one (registry-rules.md 2).
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.credits.projects import WrongFields, require_issuer
from registry.factors.models import FactorRow
from registry.factors.shipped import ITEMS, SHIPPED
from registry.spreadsheets import BEIJING
from registry.words import decimal_text

KIND = "factor"
LARGEST, DECIMALS = Decimal(100_000), 6
LONGEST_SOURCE = 300


def propose(
    *,
    item: str,
    value: Decimal,
    valid_from: dt.date,
    source: str,
    verified: bool,
    by: User,
    reason: str,
    at: dt.datetime,
    documents: Sequence[Document] = (),
) -> Request:
    """Asks for `value` (kg CO2e or points a unit, at most 6 decimals) from a later day on.

    Raises Refused `ROLE_MISSING`, and what `verbs.submit` refuses; WrongFields.
    """
    require_issuer(by)
    source = source.strip()
    _check(item, value, valid_from, source, at.astimezone(BEIJING).date())
    payload = {
        "item": item, "value": decimal_text(value), "valid_from": valid_from.isoformat(), "source": source,
        "verified": verified,
    }  # fmt: skip
    return verbs.submit(KIND, by=by, reason=reason, at=at, payload=payload, documents=documents)


def _check(item: str, value: Decimal, valid_from: dt.date, source: str, today: dt.date) -> None:
    errors = {}
    if item not in ITEMS:
        errors["item"] = _("There is no such factor.")
    if not value.is_finite() or not 0 <= value <= LARGEST or value != round(value, DECIMALS):
        errors["value"] = _("Between 0 and 100 000, with at most 6 decimals.")
    if not source or len(source) > LONGEST_SOURCE or not source.isprintable():
        errors["source"] = _("Name where the value comes from, in at most 300 characters.")
    if valid_from <= today:
        errors["valid_from"] = _("A later day than today: what was counted already keeps its factor.")
    elif _taken(item, valid_from):
        errors["valid_from"] = _("A value of this factor begins on this day already: choose another day.")
    if errors:
        raise WrongFields(errors)


def _taken(item: str, day: dt.date) -> bool:
    shipped = any(row.item == item and row.valid_from == day for row in SHIPPED)
    return shipped or FactorRow.objects.filter(item=item, valid_from=day).exists()


def enter(request: Request, at: dt.datetime) -> FactorRow:
    """The effect of the approval. Raises Refused `FACTOR_TOO_LATE`, `FACTOR_TAKEN`."""
    asked = request.payload
    day, today = dt.date.fromisoformat(asked["valid_from"]), at.astimezone(BEIJING).date()
    if day <= today:
        raise Refused(
            "FACTOR_TOO_LATE",
            _(
                "Its first day has come: what was counted since would change. Refuse it and ask for a later day."
            ),
        )
    if _taken(asked["item"], day):
        raise Refused("FACTOR_TAKEN", _("Another value of this factor was approved for this day meanwhile."))
    return FactorRow.objects.create(
        item=asked["item"], value=Decimal(asked["value"]), valid_from=day, source=asked["source"],
        verified=asked["verified"], request=request, entered_on=today,
    )  # fmt: skip
