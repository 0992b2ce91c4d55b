"""Credit projects: the list, one project with its issues, and the issuer's forms."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.approvals import uploads
from accounts.approvals.kinds import refusal_of
from accounts.models import User
from registry import exports
from registry.credits import issuing, projects, selectors
from registry.credits.forms import IssueForm, ProjectForm
from registry.models import Project
from registry.public import columns

PAGE = 50
LONGEST_TEXT = 100


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


def refused(form: Form, error: Exception) -> None:
    """Puts a verb's refusal beside its field; what was entered stays. Raises what is a bug."""
    if isinstance(error, projects.WrongFields):
        for name, words in error.errors.items():
            form.add_error(name if name in form.fields else None, str(words))
        return
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    form.add_error("reason" if refusal.code.startswith("REASON") else None, refusal.detail)


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    """All projects; an issuer registers new ones from here."""
    scheme = request.GET.get("scheme", "")
    scheme = scheme if scheme in Project.Scheme.values else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    rows = selectors.projects(scheme=scheme, text=text)
    if exports.wanted(request):
        return exports.table_response(request, "projects", columns.PROJECTS, columns.project_rows(rows))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "scheme": scheme, "text": text,
        "schemes": Project.Scheme.choices, "query": query.urlencode(),
        "may_issue": projects.is_issuer(request.user),
    }  # fmt: skip
    return render(request, "registry/credits/index.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form that registers a project."""
    if not projects.is_issuer(request.user):
        raise PermissionDenied
    form = ProjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = projects.register(**form.cleaned_data, by=reader_of(request), at=clock.now())
        except projects.WrongFields as error:
            refused(form, error)
        else:
            messages.success(request, _("Project %(code)s is registered.") % {"code": made.code})
            return redirect("credit_project", code=made.code)
    return render(request, "registry/credits/new.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project with its issues; posted by an issuer, it asks for another issue."""
    user = reader_of(request)
    found: Any = get_object_or_404(selectors.with_issues(user), code=code)
    may_issue = projects.is_issuer(user)
    if request.method == "POST" and not may_issue:
        raise PermissionDenied
    form = IssueForm(request.POST if request.method == "POST" else None)
    files = uploads.kept(request, user)
    if request.method == "POST":
        valid = form.is_valid()
        try:
            uploads.attach(request, user, files)
            if valid:
                issuing.submit(found, **form.cleaned_data, by=user, at=clock.now(), documents=files)
        except Exception as error:
            refused(form, error)
        if not form.errors:
            messages.success(request, _("Sent: the issue now waits for a checker."))
            return redirect("credit_project", code=code)
    context = {
        "project": found, "issues": found.seen_issues, "form": form, "may_issue": may_issue, "kept": files,
    }  # fmt: skip
    return render(request, "registry/credits/project.html", context, status=400 if form.errors else 200)
