"""An emitter's objection to a verified figure, and the province's answer (domain.md 8.1).

Raised within 7 working days of the figure by the emitter, answered by the province within 10. Upheld, the figure
is corrected by a new version in the same transaction; dismissed, the answer says why.
"""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.approvals.errors import Refused
from accounts.models import User
from registry.compliance.models import ComplianceYear
from registry.emitters import activity
from registry.emitters.figures import Figures, figures_of
from registry.emitters.models import ActivityReport, Objection
from registry.emitters.rights import require_editor
from registry.market_port import market

BEIJING = ZoneInfo("Asia/Shanghai")
RAISE_WITHIN, ANSWER_WITHIN = 7, 10
MAX_WORDS = 2_000


def last_day_to_raise(report: ActivityReport) -> dt.date:
    """The seventh working day after the figure was entered."""
    return market().working_days_after(report.at.astimezone(BEIJING).date(), RAISE_WITHIN)


def last_day_to_answer(objection: Objection) -> dt.date:
    """The tenth working day after the objection."""
    return market().working_days_after(objection.raised_at.astimezone(BEIJING).date(), ANSWER_WITHIN)


def may_raise(report: ActivityReport, user: User, at: dt.datetime) -> bool:
    """Whether the button is shown; `raise_objection` decides."""
    return (
        user.organisation_id == report.unit.emitter_id
        and user.has_role(User.Role.INITIATOR)
        and at.astimezone(BEIJING).date() <= last_day_to_raise(report)
    )


@transaction.atomic
def raise_objection(
    report: ActivityReport, *, words: str, claimed_t: int | None, by: User, at: dt.datetime
) -> Objection:
    """Raises Refused: NOT_YOURS, ROLE_MISSING, NOT_LATEST, TOO_LATE, ALREADY_OPEN, WORDS_MISSING, WRONG_FIGURE."""
    if by.organisation_id != report.unit.emitter_id:
        raise Refused("NOT_YOURS", _("An emitter objects to its own figures only."))
    if not by.has_role(User.Role.INITIATOR):
        raise Refused("ROLE_MISSING", _("Only a compliance initiator of the emitter may object."))
    if not words.strip() or len(words) > MAX_WORDS:
        raise Refused("WORDS_MISSING", _("Say what is wrong with the figure, in at most 2 000 characters."))
    if claimed_t is not None and not 0 <= claimed_t <= 10**12:
        raise Refused("WRONG_FIGURE", _("claimed_t: whole tonnes, 0 or more."))
    _locked_year(report)
    if not activity.is_latest(report):
        raise Refused("NOT_LATEST", _("A later version has taken this figure's place: object to that one."))
    last = last_day_to_raise(report)
    if at.astimezone(BEIJING).date() > last:
        raise Refused("TOO_LATE", _("Objections to this figure were possible until %(day)s.") % {"day": last})
    if report.objections.filter(state=Objection.State.OPEN).exists():
        raise Refused("ALREADY_OPEN", _("An objection to this figure waits for the province's answer."))
    return Objection.objects.create(
        report=report, words=words.strip(), claimed_t=claimed_t, raised_by=by, raised_at=at
    )


def corrected(objection: Objection, verified_t: int) -> Figures:
    """The figures that hold, with other emissions: the usual outcome of an objection that is upheld."""
    report = objection.report
    latest = activity.verified_by_unit(report.year, [report.unit.emitter_id])[report.unit_id]
    return replace(figures_of(latest), verified_t=verified_t)


@transaction.atomic
def uphold(objection: Objection, figures: Figures, *, answer: str, by: User, at: dt.datetime) -> Objection:
    """Corrects the figure as the province finds right. Raises Refused as `dismiss` and `activity.enter` do.

    Where a later version says the same already, that one is the correction.
    """
    report = _open_for_answer(objection, answer, by)
    words = _("Objection of %(day)s upheld: %(answer)s")
    day = objection.raised_at.astimezone(BEIJING).date()
    reason = words % {"day": day, "answer": answer.strip()}
    latest = activity.verified_by_unit(report.year, [report.unit.emitter_id])[report.unit_id]
    if latest.pk == report.pk or figures_of(latest) != figures:
        activity.enter(report.unit, report.year, figures, by=by, reason=reason, at=at)
    return _answered(objection, Objection.State.UPHELD, answer, by, at)


@transaction.atomic
def dismiss(objection: Objection, *, answer: str, by: User, at: dt.datetime) -> Objection:
    """The figure stays. Raises Refused: ROLE_MISSING, NOT_YOURS, NOT_OPEN, REASON_MISSING."""
    _open_for_answer(objection, answer, by)
    return _answered(objection, Objection.State.DISMISSED, answer, by, at)


def _open_for_answer(objection: Objection, answer: str, by: User) -> ActivityReport:
    """The objected report, with the year and then the objection locked."""
    report = objection.report
    require_editor(by, report.unit.emitter.organisation.province)
    if not answer.strip() or len(answer) > MAX_WORDS:
        raise Refused("REASON_MISSING", _("Give the reason of the answer, in at most 2 000 characters."))
    _locked_year(report)
    state = Objection.objects.select_for_update().values_list("state", flat=True).get(pk=objection.pk)
    if state != Objection.State.OPEN:
        raise Refused("NOT_OPEN", _("This objection has been answered."))
    return report


def _answered(objection: Objection, state: str, answer: str, by: User, at: dt.datetime) -> Objection:
    objection.state, objection.answer = state, answer.strip()
    objection.answered_by, objection.answered_at = by, at
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    return objection


def _locked_year(report: ActivityReport) -> None:
    """Corrections and objections of one emitter's year wait for each other."""
    rows = ComplianceYear.objects.select_for_update().filter(emitter=report.unit.emitter_id, year=report.year)
    list(rows.order_by("pk").values_list("pk", flat=True))
