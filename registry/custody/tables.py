"""Lists of custody as tables: columns, what stands in a row, and the same as a file."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.approvals.models import Request
from accounts.models import User
from registry import exports
from registry.cancellation.models import Cancellation
from registry.carryover.models import CarryOver
from registry.custody.models import Freeze, NonTradeTransfer, Pledge, TrustedEntry
from registry.exports import Column, Kind
from registry.spreadsheets import BEIJING
from registry.words import grouped, yuan

GOOD = frozenset({"frozen", "pledged", "listed", "done", "cancelled"})


@dataclass(frozen=True)
class Cell:
    """`raw` is what a file holds: tonnes and fen as integers, a day; the text where there is none."""

    text: str
    raw: Any = None
    href: str = ""

    @property
    def is_number(self) -> bool:
        return isinstance(self.raw, int)


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
    """`name` is its file's."""

    name: str
    found: QuerySet[Any]
    columns: list[Column]
    row: Callable[[Any], Row]
    empty: str

    def file(self, request: HttpRequest) -> HttpResponseBase:
        """All of it, as `?as=` says, with the state of each row at its end."""
        rows = map(self.row, self.found.iterator(chunk_size=500))
        lines = (
            [*(cell.text if cell.raw is None else cell.raw for cell in row.cells), row.state] for row in rows
        )
        return exports.table_response(request, self.name, [*self.columns, Column(_("State"))], lines)


def _row(row: Any, cells: list[Cell], request: Request | None, **more: Any) -> Row:
    tone = "warn" if row.state == "pending" else "good" if row.state in GOOD else ""
    return Row(cells, row.get_state_display(), tone, request.pk if request else None, **more)


def _latest(row: Freeze | Pledge) -> Request | None:
    return row.release_request or row.request


def _day(at: dt.date | None) -> Cell:
    """A day, of a moment Beijing's; an empty one has no value in a file either."""
    if isinstance(at, dt.datetime):
        at = at.astimezone(BEIJING).date()
    return Cell(f"{at}", at) if at else Cell("–", "")


def _tonnes(quantity_t: int) -> Cell:
    return Cell(grouped(quantity_t), quantity_t)


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

    columns = [
        Column(_("Organisation")), Column(_("Tonnes, t")), Column(_("Whole")), Column(_("By document")),
        Column(_("Frozen on")), Column(_("Ended on")),
    ]  # fmt: skip
    return Table("freezes", found, columns, row, _("Nothing is frozen."))


def pledges(found: QuerySet[Pledge], user: User, *, may_end: bool) -> Table:
    def row(one: Pledge) -> Row:
        cells = [
            Cell(one.pledgor.name), Cell(one.pledgee.name), Cell(one.asset_id),
            _tonnes(one.quantity_t), Cell(yuan(one.loan_fen), one.loan_fen),
            Cell(f"{one.starts_on} – {one.ends_on}"),
        ]  # fmt: skip
        ends = []
        if may_end and one.state == Pledge.State.PLEDGED and one.pledgee_id == user.organisation_id:
            ends = [
                (_("Release"), reverse("pledge_release", args=[one.pk])),
                (_("Dispose on default"), reverse("pledge_dispose", args=[one.pk])),
            ]
        return _row(one, cells, _latest(one), ends=ends)

    columns = [
        Column(_("Pledgor")), Column(_("Pledgee")), Column(pgettext("asset", "Unit")), Column(_("Tonnes, t"), Kind.TONNES),
        Column(_("Loan, yuan"), Kind.FEN), Column(_("Term")),
    ]  # fmt: skip
    return Table("pledges", found, columns, row, _("Nothing is pledged by you or to you."))


def trusted(found: QuerySet[TrustedEntry], user: User, *, may_end: bool) -> Table:
    def row(one: TrustedEntry) -> Row:
        cells = [
            Cell(one.organisation.name), Cell(f"{one.trusted.name} ({one.trusted.code})"),
            _day(one.effective_on),
        ]  # fmt: skip
        own = one.organisation_id == user.organisation_id and one.state == TrustedEntry.State.LISTED
        return _row(one, cells, one.request, remove=one.pk if own and may_end else None)

    columns = [Column(_("Organisation")), Column(_("Trusts")), Column(_("Effective on"))]
    return Table(
        "trusted-list", found, columns, row, _("The list is empty: nothing can be sent without a trade.")
    )


def transfers(found: QuerySet[NonTradeTransfer]) -> Table:
    def row(one: NonTradeTransfer) -> Row:
        cells = [
            Cell(one.sender.name), Cell(one.receiver.name), Cell(one.asset_id),
            _tonnes(one.quantity_t), Cell(one.get_ground_display()),
            _day(one.submitted_at), _day(one.decided_at),
        ]  # fmt: skip
        return _row(one, cells, one.request)

    columns = [
        Column(_("Sender")), Column(_("Receiver")), Column(pgettext("asset", "Unit")), Column(_("Tonnes, t"), Kind.TONNES),
        Column(_("Ground")), Column(_("Asked on")), Column(_("Decided on")),
    ]  # fmt: skip
    return Table("transfers", found, columns, row, _("No transfer without a trade yet."))


def carry_overs(found: QuerySet[CarryOver]) -> Table:
    def row(one: CarryOver) -> Row:
        lines = ", ".join(f"{grouped(line.quantity_t)} {line.asset_id}" for line in one.lines.all())
        cells = [
            Cell(one.emitter.organisation.name), Cell(lines), _tonnes(one.quantity_t),
            Cell(one.target_id), _day(one.submitted_at), _day(one.decided_at),
        ]  # fmt: skip
        return _row(one, cells, one.request)

    columns = [
        Column(_("Emitter")), Column(_("Of vintages, t")), Column(_("Tonnes, t"), Kind.TONNES), Column(_("Into")),
        Column(_("Asked on")), Column(_("Decided on")),
    ]  # fmt: skip
    return Table("carry-overs", found, columns, row, _("Nothing has been carried over yet."))


def cancellations(found: QuerySet[Cancellation]) -> Table:
    def row(one: Cancellation) -> Row:
        proof = one.certificate
        cells = [
            Cell(one.organisation.name), Cell(one.asset_id), _tonnes(one.quantity_t),
            Cell(one.beneficiary, href=reverse("cancellation", args=[one.pk])),
            Cell(proof.number, href=reverse("certificate", args=[proof.number])) if proof else Cell("–"),
            _day(one.decided_at),
        ]  # fmt: skip
        return _row(one, cells, one.request)

    columns = [
        Column(_("Organisation")), Column(pgettext("asset", "Unit")), Column(_("Tonnes, t"), Kind.TONNES), Column(_("Beneficiary")),
        Column(_("Certificate")), Column(_("Decided on")),
    ]  # fmt: skip
    return Table("cancellations", found, columns, row, _("Nothing has been cancelled yet."))
