"""A small kind of request to test with: it moves tonnes between two people's decisions, for real."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from accounts.approvals import kinds
from accounts.approvals.kinds import Kind, Stage
from accounts.approvals.models import Decision, Request
from accounts.models import User
from registry.ledger.post import Move, hold, post


class Parking(Kind):
    """Moves tonnes of CEA from registry to pending when asked for, and on to frozen when approved."""

    name = "test.parking"
    title = "Parking"
    initiator_roles = frozenset({User.Role.INITIATOR.value})

    def __init__(
        self, *stages: Stage, about_may_see: bool = True, lifetime: dt.timedelta | None = None
    ) -> None:
        self.stages = stages or (Stage(User.Role.APPROVER.value, kinds.own_organisation, "Second person"),)
        self.about_may_see = about_may_see
        self.lifetime = lifetime

    def summary(self, request: Request) -> str:
        return f"Parks {request.payload.get('tonnes', 0)} t of {request.organisation.name}"

    def changes(self, request: Request) -> list[tuple[str, str, str]]:
        return [("CEA frozen", "0 t", f"{request.payload.get('tonnes', 0)} t")]

    def _post(self, request: Request, source: str, target: str, at: dt.datetime) -> None:
        holder = request.organisation_id
        cause = f"parking:{request.pk}:{target}"
        hold([holder])
        move = Move("CEA", request.payload["tonnes"], (holder, source), (holder, target), "move", cause)
        post([move], cause=cause, at=at)

    def approved(self, request: Request, decision: Decision) -> None:
        if request.payload.get("tonnes"):
            self._post(request, "pending", "frozen", decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        if request.payload.get("tonnes"):
            self._post(request, "pending", "registry", at)


@contextmanager
def registered(kind: Kind) -> Iterator[Kind]:
    """Known while the test runs, in place of another of its name."""
    before = dict(kinds._kinds)
    kinds._kinds[kind.name] = kind
    try:
        yield kind
    finally:
        kinds._kinds.clear()
        kinds._kinds.update(before)
