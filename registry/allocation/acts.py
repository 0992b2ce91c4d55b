"""What is done on the pages of allocation: made, uploaded, flagged, sent, decided."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from accounts import clock
from accounts.approvals import documents, kinds, uploads, verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.models import User
from accounts.provinces import PROVINCES
from registry import tasks
from registry.allocation import deciding, plans, progress, rights, table_file
from registry.allocation.formulas import allocate, years
from registry.allocation.formulas.csv_result import result_csv
from registry.allocation.models import Plan
from registry.allocation.progress import Progress
from registry.allocation.rights import check_may_make
from registry.allocation.views import index_page, plan_page, reader, row_page
from registry.emitters.models import NATIONAL_SECTORS, Sector

#: Of a refused file, so many lines are listed on the page; a file with more is no slip.
MOST_PROBLEMS = 2_000
PREVIEWED = 200


@login_required
@require_POST
def make(request: HttpRequest) -> HttpResponseBase:
    """A draft from the verified reports."""
    typed = {name: request.POST.get(name, "") for name in ("year", "province", "sector", "stage", "share")}
    try:
        made = plans.make(
            *_scope(typed), by=reader(request), at=clock.now(), share=_share(typed["share"])
        )  # fmt: skip
    except Refused as refused:
        return index_page(request, typed, [refused.detail], 409)
    return redirect("allocation_plan", pk=made.pk)


def _scope(typed: dict[str, str]) -> tuple[int, str, str, str]:
    """Raises Refused `FIELD`."""
    year, province = typed["year"], typed["province"]
    if year not in {str(known) for known in years()}:
        raise Refused("FIELD", _("year: choose one of the list."))
    if province not in PROVINCES:
        raise Refused("FIELD", _("province: choose one of the list."))
    if typed["sector"] not in NATIONAL_SECTORS or typed["stage"] not in Plan.Stage.values:
        raise Refused("FIELD", _("sector, stage: choose one of the list."))
    return int(year), province, typed["sector"], typed["stage"]


def _share(text: str) -> Decimal | None:
    """Per cent as people write it: 30 is 0.30. Raises Refused `SHARE`."""
    if not text.strip():
        return None
    try:
        share = Decimal(text.strip()) / 100
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or share != round(share, 4) or not 0 < share <= 1:
        raise Refused("SHARE", _("share: per cent above 0, with at most two decimals."))
    return share


@login_required
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    """A table of units: its result to look at or to save, or a draft of it."""
    user = reader(request)
    typed = {name: request.POST.get(name, "") for name in ("year", "province", "stage", "what")}
    typed["sector"] = Sector.POWER.value
    try:
        check_may_make(user, typed["province"])
        file = _table(request)
        year, province, _sector, stage = _scope(typed)
        table = table_file.read(file.read())
        if table.problems:
            return _bad_file(request, typed, file.name or "", table.problems)
        if typed["what"] != "draft":
            return _previewed(request, typed, table, file.name or "")
        rows, problems = table_file.for_plan(table.rows, year=year, province=province, file=file.name or "")
        if problems:
            return _bad_file(request, typed, file.name or "", problems)
        file.seek(0)
        made = plans.make_from_rows(
            year,
            province,
            stage,
            rows,
            documents.store(file, by=user, at=clock.now()),
            by=user,
            at=clock.now(),
        )
    except Refused as refused:
        return index_page(request, typed, [refused.detail], 409)
    return redirect("allocation_plan", pk=made.pk)


def _table(request: HttpRequest) -> "UploadedFile[bytes]":
    """Raises Refused `FIELD`."""
    file = request.FILES.get("table")
    if not isinstance(file, UploadedFile) or (file.size or 0) > documents.LARGEST:
        raise Refused("FIELD", _("table: choose a CSV file of at most 10 MB."))
    return file


def _bad_file(request: HttpRequest, typed: dict[str, str], name: str, problems: list[str]) -> HttpResponse:
    return render(
        request,
        "registry/allocation/bad_file.html",
        {"name": name, "typed": typed, "problems": problems[:MOST_PROBLEMS], "count": len(problems)},
        status=400,
    )


def _previewed(request: HttpRequest, typed: dict[str, str], table: Any, name: str) -> HttpResponse:
    allocation = allocate([row.unit for row in table.rows], int(typed["year"]))
    if typed["what"] == "csv":
        answer = HttpResponse(result_csv(table.rows, allocation), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="allocation-{typed["year"]}.csv"'
        return answer
    entities = allocation.entities
    return render(
        request,
        "registry/allocation/preview.html",
        {
            "name": name, "typed": typed, "entities": entities[:PREVIEWED], "count": len(entities),
            "more": max(0, len(entities) - PREVIEWED), "units": len(allocation.units),
            "final_t": sum(entity.final_t for entity in entities),
            "verified_t": sum(entity.verified_t for entity in entities),
        },
    )  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`act` is one of send, drop, remake, approve, refuse, withdraw."""
    user = reader(request)
    found = get_object_or_404(rights.visible_plans(user), pk=pk)
    wanted, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    files = uploads.kept(request, user)
    try:
        uploads.attach(request, user, files)
        after = _act(user, found, wanted, reason, files)
    except Exception as error:
        refusal = kinds.refusal_of(error)
        if refusal is None:
            raise
        return plan_page(request, pk, refusal.detail, reason, 409, files)
    said = {
        "send": _("Sent: the registry's checker decides now."),
        "drop": _("Dropped."),
        "remake": _("Made anew from today's figures."),
        "refuse": _("Refused: nothing was issued."),
        "withdraw": _("Taken back: it is a draft again."),
    }.get(wanted)
    if said:
        messages.success(request, said)
    return redirect("allocation_plan", pk=after.pk)


def _act(user: User, found: Plan, wanted: str, reason: str, files: list[Document]) -> Plan:
    """The plan to show next. Raises Refused."""
    at = clock.now()
    if wanted == "send":
        plans.send(found, by=user, reason=reason, at=at, documents=files)
    elif wanted == "drop":
        plans.drop(found, by=user, reason=reason, at=at)
    elif wanted == "remake":
        return plans.remake(found, by=user, at=at)
    elif wanted == "approve":
        _approve(user, found, reason)
    elif wanted in {"refuse", "withdraw"} and found.request_id is not None:
        verb = verbs.refuse if wanted == "refuse" else verbs.withdraw
        verb(found.request_id, by=user, reason=reason, at=at)
    else:
        raise Refused("FIELD", _("Choose what to do: approve, refuse or withdraw."))
    return found


def _approve(user: User, found: Plan, reason: str) -> None:
    """By a worker, so that the page shows progress; where none can be reached, here and now."""
    deciding.check(found, by=user, reason=reason)
    seen = progress.read(found.pk)
    if seen is not None and seen.phase in {"queued", "checking", "locking", "posting", "recording"}:
        return
    progress.tell(found.pk, Progress("queued"))
    try:
        tasks.approve_plan.delay(found.pk, user.pk, reason, get_language() or "zh-hans")
    except OperationalError:
        ended = deciding.approve(found, by=user, reason=reason, at=clock.now())
        if ended.phase == "refused":
            raise Refused("NOT_ISSUED", ended.words) from None


@login_required
@require_POST
def differentiate(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One line of a draft goes to the province's account, or back."""
    user = reader(request)
    found = get_object_or_404(rights.visible_plans(user), pk=pk)
    line = get_object_or_404(rights.visible_rows(user, found), emitter__organisation__code=code)
    reason = request.POST.get("reason", "")
    try:
        plans.differentiate(
            found, line.emitter_id, ground=request.POST.get("ground", ""), reason=reason,
            on=request.POST.get("on") == "yes", by=user, at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return row_page(request, found, code, refused.detail, reason, 409)
    return redirect("allocation_row", pk=pk, code=code)
