"""Lists of custody as tables: headings, and what stands in a row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.approvals.models import Request
from accounts.models import User
from registry.cancellation.models import Cancellation
from registry.carryover.models import CarryOver
from registry.custody.models import Freeze, NonTradeTransfer, Pledge, TrustedEntry
from registry.words import grouped, yuan

GOOD = frozenset({"frozen", "pledged", "listed", "done", "cancelled"})


@dataclass(frozen=True)
class Cell:
    text: str
    number: bool = False
    href: str = ""


@dataclass(frozen=True)
class Row:
    """`ends`: (words, address) of what can be asked for; `remove` the id that is taken off at once."""

    cells: list[Cell]
    state: str
    state_class: str
    request: int | None
    ends: list[tuple[str, str]] = field(default_factory=list)
    remove: int | None = None


@dataclass(frozen=True)
class Table:
    found: QuerySet[Any]
    headings: list[tuple[str, bool]]
    row: Callable[[Any], Row]
    empty: str


def _row(row: Any, cells: list[Cell], request: Request | None, **more: Any) -> Row:
    tone = "warn" if row.state == "pending" else "good" if row.state in GOOD else ""
    return Row(cells, row.get_state_display(), tone, request.pk if request else None, **more)


def _latest(row: Freeze | Pledge) -> Request | None:
    return row.release_request or row.request


def _day(at: Any) -> Cell:
    return Cell(at.strftime("%Y-%m-%d") if at else "–")


def freezes(found: QuerySet[Freeze], *, may_end: bool) -> Table:
    def row(one: Freeze) -> Row:
        lines = [f"{grouped(line.quantity_t)} {line.asset_id}" for line in one.lines.all()]
        if not lines and one.request is not None:
            lines = [f"{grouped(t)} {asset}" for asset, t in one.request.payload.get("lines", {}).items()]
        what = ", ".join(lines) or (_("everything it holds") if one.whole else "–")
        cells = [
            Cell(one.organisation.name), Cell(what), Cell(_("yes") if one.whole else _("no")),
            Cell(f"{one.document_number}, {one.ordered_by}"), _day(one.frozen_at), _day(one.released_at),
        ]  # fmt: skip
        ends = [(_("Ask for its end"), reverse("freeze_lift", args=[one.pk]))]
        in_force = may_end and one.state == Freeze.State.FROZEN
        return _row(one, cells, _latest(one), ends=ends if in_force else [])

    headings = [
        (_("Organisation"), False), (_("Tonnes, t"), False), (_("Whole"), False), (_("By document"), False),
        (_("Frozen on"), False), (_("Ended on"), False),
    ]  # fmt: skip
    return Table(found, headings, row, _("Nothing is frozen."))


def pledges(found: QuerySet[Pledge], user: User, *, may_end: bool) -> Table:
    def row(one: Pledge) -> Row:
        cells = [
            Cell(one.pledgor.name), Cell(one.pledgee.name), Cell(one.asset_id),
            Cell(grouped(one.quantity_t), number=True), Cell(yuan(one.loan_fen), number=True),
            Cell(f"{one.starts_on} – {one.ends_on}"),
        ]  # fmt: skip
        ends = []
        if may_end and one.state == Pledge.State.PLEDGED and one.pledgee_id == user.organisation_id:
            ends = [
                (_("Release"), reverse("pledge_release", args=[one.pk])),
                (_("Dispose on default"), reverse("pledge_dispose", args=[one.pk])),
            ]
        return _row(one, cells, _latest(one), ends=ends)

    headings = [
        (_("Pledgor"), False), (_("Pledgee"), False), (pgettext("asset", "Unit"), False), (_("Tonnes, t"), True),
        (_("Loan, yuan"), True), (_("Term"), False),
    ]  # fmt: skip
    return Table(found, headings, row, _("Nothing is pledged by you or to you."))


def trusted(found: QuerySet[TrustedEntry], user: User, *, may_end: bool) -> Table:
    def row(one: TrustedEntry) -> Row:
        cells = [
            Cell(one.organisation.name), Cell(f"{one.trusted.name} ({one.trusted.code})"),
            _day(one.effective_on),
        ]  # fmt: skip
        own = one.organisation_id == user.organisation_id and one.state == TrustedEntry.State.LISTED
        return _row(one, cells, one.request, remove=one.pk if own and may_end else None)

    headings = [(_("Organisation"), False), (_("Trusts"), False), (_("Effective on"), False)]
    return Table(found, headings, row, _("The list is empty: nothing can be sent without a trade."))


def transfers(found: QuerySet[NonTradeTransfer]) -> Table:
    def row(one: NonTradeTransfer) -> Row:
        cells = [
            Cell(one.sender.name), Cell(one.receiver.name), Cell(one.asset_id),
            Cell(grouped(one.quantity_t), number=True), Cell(one.get_ground_display()),
            _day(one.submitted_at), _day(one.decided_at),
        ]  # fmt: skip
        return _row(one, cells, one.request)

    headings = [
        (_("Sender"), False), (_("Receiver"), False), (pgettext("asset", "Unit"), False), (_("Tonnes, t"), True),
        (_("Ground"), False), (_("Asked on"), False), (_("Decided on"), False),
    ]  # fmt: skip
    return Table(found, headings, row, _("No transfer without a trade yet."))


def carry_overs(found: QuerySet[CarryOver]) -> Table:
    def row(one: CarryOver) -> Row:
        lines = ", ".join(f"{grouped(line.quantity_t)} {line.asset_id}" for line in one.lines.all())
        cells = [
            Cell(one.emitter.organisation.name), Cell(lines), Cell(grouped(one.quantity_t), number=True),
            Cell(one.target_id), _day(one.submitted_at), _day(one.decided_at),
        ]  # fmt: skip
        return _row(one, cells, one.request)

    headings = [
        (_("Emitter"), False), (_("Of vintages, t"), False), (_("Tonnes, t"), True), (_("Into"), False),
        (_("Asked on"), False), (_("Decided on"), False),
    ]  # fmt: skip
    return Table(found, headings, row, _("Nothing has been carried over yet."))


def cancellations(found: QuerySet[Cancellation]) -> Table:
    def row(one: Cancellation) -> Row:
        proof = one.certificate
        cells = [
            Cell(one.organisation.name), Cell(one.asset_id), Cell(grouped(one.quantity_t), number=True),
            Cell(one.beneficiary, href=reverse("cancellation", args=[one.pk])),
            Cell(proof.number, href=reverse("certificate", args=[proof.number])) if proof else Cell("–"),
            _day(one.decided_at),
        ]  # fmt: skip
        return _row(one, cells, one.request)

    headings = [
        (_("Organisation"), False), (pgettext("asset", "Unit"), False), (_("Tonnes, t"), True), (_("Beneficiary"), False),
        (_("Certificate"), False), (_("Decided on"), False),
    ]  # fmt: skip
    return Table(found, headings, row, _("Nothing has been cancelled yet."))
