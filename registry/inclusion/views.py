"""Scenes: the operator's files, the registry's review and issue, what is offered for points; totals for everybody."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.approvals import uploads
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.models import Organisation, User
from registry import exports
from registry.compliance.selectors import day_of
from registry.credits.projects import is_issuer
from registry.credits.views import reader_of, refused
from registry.emitters import words
from registry.emitters.files.sheet import MAX_BYTES, MAX_ROWS
from registry.emitters.import_views import template_file
from registry.factors.selectors import in_force
from registry.inclusion import columns, converting, files, importing, points, scenes, selectors
from registry.inclusion.forms import ConversionForm, RewardForm, SceneForm
from registry.inclusion.models import ActivityImport, Reward, Scene
from registry.inclusion.wording import kilograms, methodology_rows
from registry.public.views import briefly

PAGE, LINES = 50, 200
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@briefly
def public(request: HttpRequest) -> HttpResponseBase:
    """How much was reduced where, by which methodologies: sums alone, none of fewer than ten persons."""
    rows = selectors.totals()
    if exports.wanted(request):
        return exports.table_response(request, "inclusion", columns.TOTALS, columns.total_rows(rows))
    factors = in_force(day_of(clock.now()))
    context = {
        "rows": [(row, "" if row.reduction_g is None else kilograms(row.reduction_g)) for row in rows],
        "methodologies": methodology_rows(factors), "rate": factors["points"].value,
        "issued_t": sum(row.issued_t for row in rows), "fewest": selectors.FEWEST,
    }  # fmt: skip
    return render(request, "public/inclusion.html", context)


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """A person's own page; for everybody else the scenes that they run or review."""
    user = reader_of(request)
    if user.organisation.kind == Organisation.Kind.INDIVIDUAL:
        return redirect("inclusion_me")
    context = {"scenes": selectors.scenes_seen_by(user), "may_issue": is_issuer(user)}
    return render(request, "registry/inclusion/index.html", context)


def scene_of(user: User, code: str) -> Scene:
    """Raises Http404 for a scene that the reader neither runs nor reviews."""
    return get_object_or_404(selectors.scenes_seen_by(user), project__code=code)


@require_safe
@never_cache
@login_required
def scene(request: HttpRequest, code: str) -> HttpResponse:
    return scene_page(request, scene_of(reader_of(request), code))


def scene_page(
    request: HttpRequest,
    found: Scene,
    form: Form | None = None,
    *,
    kept: Sequence[Document] = (),
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """Its files for the operator; for the registry what the next period would be issued as."""
    user = reader_of(request)
    today = day_of(clock.now())
    period = converting.period_of(found, today)
    jobs = selectors.imports_seen_by(user).filter(scene=found)
    issues = found.project.issues.select_related("asset", "project", "conversion", "request").order_by("-pk")
    context = {
        "scene": found, "error": error, "reports": importing.reports_for(user, found), "may_issue": is_issuer(user),
        "form": form or ConversionForm(),
        "kept": kept, "period": period,
        "reduced": kilograms(period.reductions_g), "carried": kilograms(period.carried_in_g),
        "page": Paginator(jobs, PAGE).get_page(request.GET.get("page")), "issues": issues[:PAGE],
        "columns": files.COLUMNS, "limit_mb": MAX_BYTES // 1_000_000, "limit_rows": MAX_ROWS,
    }  # fmt: skip
    return render(request, "registry/inclusion/scene.html", context, status=status)


@require_POST
@login_required
def upload(request: HttpRequest, code: str) -> HttpResponse:
    user = reader_of(request)
    found = scene_of(user, code)
    file = request.FILES.get("file")
    if file is None or not file.name:
        return scene_page(request, found, error=_("Choose a file."), status=400)
    try:
        job = importing.upload(
            found, file_name=file.name, content=file.read(MAX_BYTES + 1), by=user, at=clock.now()
        )
    except Refused as error:
        raise PermissionDenied from error
    return redirect("activity_import", pk=job.pk)


@require_POST
@login_required
def convert(request: HttpRequest, code: str) -> HttpResponse:
    """An issuer asks for the next period's SHCER."""
    user = reader_of(request)
    found = scene_of(user, code)
    if not is_issuer(user):
        raise PermissionDenied
    form, files = ConversionForm(request.POST), uploads.kept(request, user)
    valid = form.is_valid()
    try:
        uploads.attach(request, user, files)
        if valid:
            converting.submit(found, **form.cleaned_data, by=user, at=clock.now(), documents=files)
    except Exception as error:
        refused(form, error)
    if form.errors:
        return scene_page(request, found, form, kept=files, status=400)
    messages.success(request, _("Sent: the issue now waits for a checker."))
    return redirect("inclusion_scene", code=code)


@form_page
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The form that opens a scene."""
    user = reader_of(request)
    if not is_issuer(user):
        raise PermissionDenied
    form = SceneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = scenes.register(**form.cleaned_data, by=user, at=clock.now())
        except Exception as error:
            refused(form, error)
        else:
            messages.success(request, _("Scene %(code)s is open.") % {"code": made.project.code})
            return redirect("inclusion_scene", code=made.project.code)
    return render(request, "registry/inclusion/new.html", {"form": form}, status=400 if form.errors else 200)


@form_page
@never_cache
@login_required
def rewards(request: HttpRequest) -> HttpResponse:
    """What points are spent on; posted with `end`, the end of one, otherwise another."""
    user = reader_of(request)
    if not is_issuer(user):
        raise PermissionDenied
    ended = request.POST.get("end")
    if ended:
        points.end(get_object_or_404(Reward, code=ended), by=user, at=clock.now())
        return redirect("inclusion_rewards")
    form = RewardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            points.offer(**form.cleaned_data, by=user)
        except Exception as error:
            refused(form, error)
        else:
            return redirect("inclusion_rewards")
    context = {"form": form, "rewards": Reward.objects.order_by("ended_on", "points", "code")}
    return render(request, "registry/inclusion/rewards.html", context, status=400 if form.errors else 200)


@require_safe
@never_cache
@login_required
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _import_page(request, get_object_or_404(selectors.imports_seen_by(reader_of(request)), pk=pk))


def _import_page(
    request: HttpRequest, job: ActivityImport, error: str = "", status: int = 200
) -> HttpResponse:
    page = Paginator(job.problems, LINES).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "job": job, "error": error, "page": page, "problems": [(one, words.sentence(one)) for one in page],
        "kg": kilograms(job.reduction_g), "reports": importing.reports_for(reader_of(request), job.scene),
        "typed_reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "registry/inclusion/import.html", context, status=status)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`verdict`: send or drop."""
    user = reader_of(request)
    job = get_object_or_404(selectors.imports_seen_by(user), pk=pk)
    try:
        if request.POST.get("verdict") == "drop":
            importing.drop(job, by=user)
        else:
            importing.send(job, by=user, reason=request.POST.get("reason", ""), at=clock.now())
            messages.success(request, _("Sent: the file waits for your second person."))
    except Refused as error:
        if error.code == "ROLE_MISSING":
            raise PermissionDenied from error
        return _import_page(request, job, error.detail, 409)
    return redirect("activity_import", pk=pk)


@require_safe
@login_required
def template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty file with an example row."""
    if form not in exports.FORMS:
        raise Http404
    return template_file("activity-template", form, *files.example())
