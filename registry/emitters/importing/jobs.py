"""An import's life: uploaded and checked, shown, confirmed, applied whole in one transaction, or dropped.

Nothing changes before it is confirmed. What is applied is what the preview showed: the file is read and checked once
more under a lock, and if its effect is another one by then, nothing is applied and the preview is made anew.
"""

import datetime as dt
import hashlib
from dataclasses import asdict

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.approvals.errors import Refused
from accounts.models import User
from registry.emitters import activity
from registry.emitters.files.reading import read
from registry.emitters.importing import planning_activity, planning_emitters, progress
from registry.emitters.importing.applying import apply_emitters
from registry.emitters.importing.plans import Planned
from registry.emitters.models import ImportJob
from registry.emitters.rights import edits_province, require_editor, sees_all
from registry.emitters.units import refuse_wrong_year

#: Larger files are applied by a worker, while the page shows how far it is.
AT_ONCE_ROWS = 500
MAX_REASON = 2_000
#: Imports of emitters wait for each other: two files may bring the same new emitter.
LOCK = 5_301

State, Kind = ImportJob.State, ImportJob.Kind


def visible(user: User) -> QuerySet[ImportJob]:
    """Imports of the reader's province, all of them for the nation and the registry's operator."""
    found = ImportJob.objects.defer("content").select_related("uploaded_by", "confirmed_by")
    if sees_all(user):
        return found
    province = edits_province(user)
    return found.filter(province=province) if province else found.none()


def upload(
    *, kind: str, year: int | None, file_name: str, content: bytes, by: User, at: dt.datetime
) -> ImportJob:
    """Reads and checks a file and keeps what it would do. Raises Refused: ROLE_MISSING, WRONG_KIND, WRONG_YEAR."""
    province = edits_province(by)
    require_editor(by, province)
    if kind not in Kind.values:
        raise Refused("WRONG_KIND", _("Choose what the file holds."))
    if kind == Kind.ACTIVITY and year is None:
        raise Refused("WRONG_YEAR", _("Choose the year of the figures."))
    if year is not None:
        refuse_wrong_year(year, at)
    job = ImportJob(
        kind=kind, year=year, province=province, file_name=file_name[-200:], content=content,
        sha256=hashlib.sha256(content).hexdigest(), uploaded_by=by, uploaded_at=at,
    )  # fmt: skip
    _show(job, _planned(job))
    if job.state == State.REFUSED:
        # It will never be applied; its digest tells which file it was.
        job.content = b""
    job.save()
    return job


def confirm(job: ImportJob, *, by: User, reason: str, at: dt.datetime) -> ImportJob:
    """Applies a small file at once and gives a large one to the workers.

    Raises Refused: ROLE_MISSING, NOT_YOURS, NOT_CHECKED, REASON_MISSING where figures are corrected, NO_WORKER.
    """
    with transaction.atomic():
        locked = _locked(job.pk)
        require_editor(by, locked.province)
        if locked.state != State.CHECKED:
            raise Refused("NOT_CHECKED", _("This import does not wait for confirmation any more."))
        if len(reason) > MAX_REASON:
            raise Refused("REASON_MISSING", _("reason: at most 2 000 characters."))
        if locked.changed and not reason.strip():
            raise Refused("REASON_MISSING", _("The file changes what is stored: say why."))
        locked.state, locked.reason, locked.stale = State.CONFIRMED, reason.strip(), False
        locked.confirmed_by, locked.confirmed_at = by, at
        locked.save(update_fields=["state", "reason", "stale", "confirmed_by", "confirmed_at"])
    if locked.rows <= AT_ONCE_ROWS:
        return run(locked.pk, at=at)
    start(locked)
    return locked


def start(job: ImportJob) -> None:
    """Asks a worker to apply a confirmed import; asking twice does no harm. Raises Refused: NO_WORKER."""
    from registry.tasks import apply_import

    progress.tell(job.pk, 0)
    try:
        apply_import.delay(job.pk)
    except OperationalError:
        words = _("The workers cannot be reached; nothing was applied. Start it again in a moment.")
        raise Refused("NO_WORKER", words) from None


def restart(job: ImportJob, *, by: User) -> None:
    """Asks again where no worker took a confirmed import. Raises Refused: ROLE_MISSING, NOT_YOURS, NO_WORKER."""
    require_editor(by, job.province)
    start(job)


def drop(job: ImportJob, *, by: User) -> None:
    """Puts an import aside that was not confirmed. Raises Refused: ROLE_MISSING, NOT_YOURS, NOT_CHECKED."""
    with transaction.atomic():
        locked = _locked(job.pk)
        require_editor(by, locked.province)
        if locked.state != State.CHECKED:
            raise Refused("NOT_CHECKED", _("This import does not wait for confirmation any more."))
        ImportJob.objects.filter(pk=job.pk).update(state=State.DROPPED)


@transaction.atomic
def run(job_id: int, *, at: dt.datetime) -> ImportJob:
    """Applies a confirmed import: all of it, or nothing and a new preview. Does nothing to one in another state."""
    job = _locked(job_id)
    if job.state != State.CONFIRMED:
        return job
    if job.kind == Kind.EMITTERS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    progress.tell(job.pk, 5)
    planned = _planned(job)
    if planned.problems or planned.basis != job.basis:
        _show(job, planned)
        job.stale, job.confirmed_by, job.confirmed_at = True, None, None
    else:
        progress.tell(job.pk, 30)
        _apply(job, planned, at)
        job.state, job.applied_at = State.APPLIED, at
    job.save()
    progress.tell(job.pk, 100)
    return job


def _apply(job: ImportJob, planned: Planned, at: dt.datetime) -> None:
    by = job.confirmed_by
    assert by is not None, "only confirmed imports are applied"
    reason = job.reason or job.file_name
    if job.kind == Kind.ACTIVITY:
        assert job.year is not None
        activity.enter_many(planned.work, job.year, by=by, reason=reason, at=at)
        return
    apply_emitters(
        planned.work, job.province, job.year, by=by, reason=reason, at=at,
        tell=lambda percent: progress.tell(job.pk, percent),
    )  # fmt: skip


def _planned(job: ImportJob) -> Planned:
    reading = read(bytes(job.content), job.kind)
    if job.kind == Kind.ACTIVITY:
        assert job.year is not None
        return planning_activity.plan(reading, job.province, job.year)
    return planning_emitters.plan(reading, job.province, job.year)


def _show(job: ImportJob, planned: Planned) -> None:
    """Keeps the preview on the job."""
    counts = planned.counts
    job.rows, job.basis = planned.rows, "" if planned.problems else planned.basis
    job.new, job.changed, job.same = counts["new"], counts["changed"], counts["same"]
    job.problems = [asdict(problem) for problem in planned.problems]
    job.changes = planned.listed()
    job.state = State.REFUSED if planned.problems else State.CHECKED


def _locked(job_id: int) -> ImportJob:
    return ImportJob.objects.select_for_update(of=("self",)).select_related("confirmed_by").get(pk=job_id)
