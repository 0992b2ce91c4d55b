"""Pages of imports: upload, preview, confirm, how far it is; templates of the files."""

import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.approvals.errors import Refused
from accounts.provinces import province_name
from registry import exports
from registry.emitters import forms, selectors, words
from registry.emitters.files.columns import KINDS, example
from registry.emitters.files.sheet import MAX_BYTES, MAX_ROWS
from registry.emitters.importing import jobs, progress
from registry.emitters.models import ImportJob
from registry.emitters.rights import edits_province, oversees
from registry.emitters.views import reader
from registry.exports import Column, Kind
from registry.spreadsheets import csv_chunks

PAGE, LINES = 50, 200
COLUMNS = (
    Column(gettext_lazy("File")), Column(gettext_lazy("Holds")), Column(gettext_lazy("Year")),
    Column(gettext_lazy("Rows"), Kind.TONNES), Column(gettext_lazy("State")), Column(gettext_lazy("Uploaded"), Kind.MOMENT),
    Column(gettext_lazy("By")), Column("SHA-256"),
)  # fmt: skip
PROBLEMS = (
    Column(gettext_lazy("Line"), Kind.TONNES), Column(gettext_lazy("Column")), Column(gettext_lazy("Value")),
    Column(gettext_lazy("What is wrong")),
)  # fmt: skip


def _cells(job: ImportJob) -> list[Any]:
    return [
        job.file_name, job.get_kind_display(), str(job.year or ""), job.rows, job.get_state_display(), job.uploaded_at,
        job.uploaded_by.email, job.sha256,
    ]  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponseBase:
    """The province's imports; posted with a file, a new one."""
    user = reader(request)
    if not oversees(user):
        raise Http404
    if request.method == "POST":
        return _upload(request)
    return _listing(request)


def _listing(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponseBase:
    user, now = reader(request), clock.now()
    if exports.wanted(request):
        rows = map(_cells, jobs.visible(user).order_by("-pk").iterator(chunk_size=500))
        return exports.table_response(request, "imports", COLUMNS, rows)
    page = Paginator(jobs.visible(user).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/emitters/imports.html",
        {
            "page": page, "edits": bool(edits_province(user)), "kinds": ImportJob.Kind.choices, "error": error,
            "typed": request.POST, "years": sorted({now.year, now.year - 1, *selectors.years_known()}, reverse=True),
            "limit_mb": MAX_BYTES // 1_000_000, "limit_rows": MAX_ROWS,
            "columns": [(kind, label, KINDS[kind]) for kind, label in ImportJob.Kind.choices],
        },
        status=status,
    )  # fmt: skip


def _upload(request: HttpRequest) -> HttpResponseBase:
    file = request.FILES.get("file")
    if file is None or not file.name:
        return _listing(request, _("Choose a file."), 400)
    year = request.POST.get("year", "")
    try:
        job = jobs.upload(
            kind=request.POST.get("kind", ""), year=int(year) if year.isascii() and year.isdigit() else None,
            file_name=file.name, content=file.read(MAX_BYTES + 1), by=reader(request), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _listing(request, refused.detail, 409)
    return redirect("import", pk=job.pk)


@never_cache
@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The preview; as a file, every bad row with what is wrong, for whoever corrects the table."""
    job = get_object_or_404(jobs.visible(reader(request)), pk=pk)
    if exports.wanted(request):
        bad = ((int(one["line"]), one["column"], one["value"], words.sentence(one)) for one in job.problems)
        return exports.table_response(request, f"import-{pk}-problems", PROBLEMS, bad)
    return _preview(request, job)


def _preview(request: HttpRequest, job: ImportJob, error: str = "", status: int = 200) -> HttpResponse:
    """Every bad row, or what it would change; in pages, as there may be thousands."""
    problems = Paginator(job.problems, LINES).get_page(request.GET.get("page"))
    changes = Paginator(job.changes, LINES).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/emitters/import.html",
        {
            **_state(request, job), "error": error, "typed_reason": request.POST.get("reason", ""),
            "page": problems if job.problems else changes,
            "problems": [(one, words.sentence(one)) for one in problems],
            "changes": [_change(one) for one in changes], "listed": len(job.changes),
            "province": province_name(job.province),
        },
        status=status,
    )  # fmt: skip


def _change(one: dict[str, Any]) -> dict[str, Any]:
    fields = [
        (forms.label_of(name), one["before"].get(name, ""), value) for name, value in one["after"].items()
    ]
    return {**one, "fields": fields}


def _state(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    return {
        "job": job, "percent": progress.read(job.pk) if job.state == ImportJob.State.CONFIRMED else None,
        "edits": edits_province(reader(request)) == job.province,
    }  # fmt: skip


@never_cache
@login_required
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for htmx; when it is over, the whole page is read again."""
    job = get_object_or_404(jobs.visible(reader(request)), pk=pk)
    response = render(request, "registry/emitters/import_state.html", _state(request, job))
    if job.state != ImportJob.State.CONFIRMED:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`verdict`: confirm, drop, or start (again, where no worker took it)."""
    user = reader(request)
    job = get_object_or_404(jobs.visible(user), pk=pk)
    verdict = request.POST.get("verdict")
    try:
        if verdict == "drop":
            jobs.drop(job, by=user)
        elif verdict == "start":
            jobs.restart(job, by=user)
        else:
            job = jobs.confirm(job, by=user, reason=request.POST.get("reason", ""), at=clock.now())
    except Refused as refused:
        job.refresh_from_db()
        return _preview(request, job, refused.detail, 409)
    if job.state == ImportJob.State.APPLIED:
        messages.success(request, _("The file is applied."))
    return redirect("import", pk=pk)


@login_required
@require_safe
def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """An empty file with an example row."""
    if kind not in KINDS or form not in exports.FORMS:
        raise Http404
    return template_file(f"{kind}-template", form, *example(kind))


def template_file(name: str, form: str, head: list[str], row: list[str]) -> HttpResponse:
    """Headings and one row as a download, CSV or XLSX."""
    if form == "csv":
        response = HttpResponse(
            b"".join(_bytes(csv_chunks(head, [row]))), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(_workbook(head, row), content_type=exports.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{exports.file_name(name, form)}"'
    return response


def _bytes(chunks: Any) -> list[bytes]:
    return [chunk.encode() if isinstance(chunk, str) else chunk for chunk in chunks]


def _workbook(head: list[str], row: list[str]) -> bytes:
    """Codes and names as text, so that a spreadsheet does not turn them into numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    sheet.write_row(1, 0, row)
    sheet.set_column(0, len(head) - 1, 18, book.add_format({"num_format": "@"}))
    book.close()
    return out.getvalue()
