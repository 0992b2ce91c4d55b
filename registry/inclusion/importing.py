"""A file of acts: uploaded and shown, sent, applied whole when the operator's second person approves, or dropped.

Nothing is recorded before that, and what is applied is what was shown: the file is read and checked once more under
the scene's lock, and if its effect is another one by then, nothing is applied (decision 024).
"""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from registry.compliance.selectors import day_of
from registry.inclusion import files, planning, points
from registry.inclusion.models import ActivityImport, ActivityRecord, Scene
from registry.inclusion.planning import Planned

KIND = "activity_import"
BATCH = 2_000
State = ActivityImport.State


def reports_for(user: object, scene: Scene) -> bool:
    """Whether this person uploads files of the scene: an initiator of its active operator."""
    return (
        isinstance(user, User)
        and user.organisation_id == scene.project.owner_id
        and user.organisation.status == Organisation.Status.ACTIVE
        and user.has_role(User.Role.INITIATOR)
    )


def _require(user: User, scene: Scene) -> None:
    if not reports_for(user, scene):
        raise Refused("ROLE_MISSING", _("Only an initiator of the scene's operator may do this."))


@transaction.atomic
def upload(scene: Scene, *, file_name: str, content: bytes, by: User, at: dt.datetime) -> ActivityImport:
    """Reads and checks a file, and keeps what it would do. Raises Refused `ROLE_MISSING`."""
    _require(by, scene)
    planned = planning.plan(files.read(content), scene, day_of(at))
    return ActivityImport.objects.create(
        scene=scene, file_name=file_name[-200:], content=b"" if planned.problems else content,
        sha256=hashlib.sha256(content).hexdigest(), state=State.REFUSED if planned.problems else State.CHECKED,
        rows=planned.rows, new=len(planned.acts), same=planned.same, accounts=planned.accounts,
        reduction_g=planned.reduction_g, points=planned.points,
        problems=[asdict(problem) for problem in planned.problems],
        basis="" if planned.problems else planned.basis, uploaded_by=by, uploaded_at=at,
    )  # fmt: skip


@transaction.atomic
def send(job: ActivityImport, *, by: User, reason: str, at: dt.datetime) -> ActivityImport:
    """Asks the operator's second person to apply what was shown.

    Raises Refused: `ROLE_MISSING`, `NOT_CHECKED`, `NOTHING_NEW`, and what `verbs.submit` refuses.
    """
    locked = _locked(job.pk)
    _require(by, locked.scene)
    if locked.state != State.CHECKED:
        raise Refused("NOT_CHECKED", _("This file does not wait to be sent any more."))
    if not locked.new:
        raise Refused("NOTHING_NEW", _("Every row of this file is recorded already."))
    payload = {
        "import": locked.pk, "scene": locked.scene.project.code, "file": locked.file_name, "new": locked.new,
        "accounts": locked.accounts, "reduction_g": locked.reduction_g, "points": locked.points,
    }  # fmt: skip
    locked.request = verbs.submit(KIND, by=by, reason=reason, at=at, payload=payload)
    locked.state = State.SENT
    locked.save(update_fields=["request", "state"])
    return locked


@transaction.atomic
def drop(job: ActivityImport, *, by: User) -> None:
    """Puts a file aside that was not sent. Raises Refused: `ROLE_MISSING`, `NOT_CHECKED`."""
    locked = _locked(job.pk)
    _require(by, locked.scene)
    if locked.state != State.CHECKED:
        raise Refused("NOT_CHECKED", _("This file does not wait to be sent any more."))
    _end(locked, State.DROPPED)


def apply(request: Request, at: dt.datetime) -> ActivityImport:
    """The effect of the approval: every record, and the points that they earn. Raises Refused `IMPORT_STALE`.

    Locks: the request, the file, the scene, the persons' accounts in id order.
    """
    job = _locked(ActivityImport.objects.values_list("pk", flat=True).get(request=request))
    scene = Scene.objects.select_for_update(of=("self",)).select_related("project").get(pk=job.scene_id)
    planned = planning.plan(files.read(bytes(job.content)), scene, day_of(at))
    if planned.problems or planned.basis != job.basis:
        raise Refused(
            "IMPORT_STALE",
            _(
                "Records, periods or persons have changed since the file was shown: refuse it and upload it again."
            ),
        )
    _record(planned, job, at)
    job.applied_at = at
    _end(job, State.APPLIED)
    return job


def release(request: Request) -> None:
    """Refused, withdrawn or expired: nothing was recorded, and nothing of the file is kept."""
    _end(_locked(ActivityImport.objects.values_list("pk", flat=True).get(request=request)), State.DROPPED)


def _record(planned: Planned, job: ActivityImport, at: dt.datetime) -> None:
    earned: Counter[int] = Counter()
    rows = []
    for act in planned.acts:
        working = act.working
        earned[act.account] += working.points
        rows.append(
            ActivityRecord(
                scene_id=job.scene_id, record=act.record, account_id=act.account, day=act.day,
                amount=working.amount, baseline=working.baseline, scene_factor=working.scene,
                points_a_kg=working.points_a_kg, reduction_g=working.reduction_g, points=working.points, source=job,
            )
        )  # fmt: skip
    points.hold(list(earned))
    ActivityRecord.objects.bulk_create(rows, batch_size=BATCH)
    points.earn(earned, job, at)


def _locked(pk: int) -> ActivityImport:
    return ActivityImport.objects.select_for_update(of=("self",)).select_related("scene__project").get(pk=pk)


def _end(job: ActivityImport, state: str) -> None:
    job.state, job.content = state, b""
    job.save(update_fields=["state", "content", "applied_at"])
