"""A request as pages and API show it, in the active language."""

from dataclasses import dataclass

from accounts.approvals import kinds, selectors
from accounts.approvals.models import Document, Request
from accounts.approvals.selectors import Event
from accounts.models import User


@dataclass(frozen=True)
class Line:
    """A row of a list."""

    request: Request
    title: str
    summary: str
    #: who decides the present stage; empty once it has ended
    waits_for: str


@dataclass(frozen=True)
class Sheet:
    """All of one request, and what this reader may do with it."""

    line: Line
    changes: list[tuple[str, str, str]]
    link: str
    events: list[Event]
    documents: list[Document]
    may_decide: bool
    may_withdraw: bool


def line_of(request: Request) -> Line:
    kind = kinds.kind_of(request.kind)
    waits_for = ""
    if request.state == Request.State.PENDING:
        waits_for = str(kind.stages[request.stage].name) or str(User.Role(request.decider_role).label)
    return Line(request, str(kind.title), kind.summary(request), waits_for)


def sheet_of(request: Request, reader: User) -> Sheet:
    kind = kinds.kind_of(request.kind)
    pending = request.state == Request.State.PENDING
    return Sheet(
        line=line_of(request),
        changes=kind.changes(request),
        link=kind.link(request),
        events=selectors.history(request),
        documents=list(request.documents.order_by("pk")),
        may_decide=pending and selectors.may_decide(reader, request),
        may_withdraw=pending and request.requested_by_id == reader.pk,
    )
