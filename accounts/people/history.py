"""Who changed what of an organisation and its people, when, why, before and after. Nothing of it is ever removed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.approvals.models import Request
from accounts.models import Organisation, User
from accounts.people.models import Change


def note(
    what: str,
    organisation: Organisation,
    *,
    at: dt.datetime,
    by: User | None,
    reason: str = "",
    person: User | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request: Request | None = None,
) -> Change:
    """Within the transaction that makes the change. Identity numbers are given masked, or not at all."""
    return Change.objects.create(
        organisation=organisation, person=person, what=what, before=dict(before or {}), after=dict(after or {}),
        reason=reason, by=by, request=request, at=at,
    )  # fmt: skip
