"""Pages of emitters: the list, and one emitter with units, figures, history and objections."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from accounts.provinces import PROVINCES, province_name
from registry import exports
from registry.emitters import activity, forms, objections, selectors
from registry.emitters.models import ActivityReport, Emitter, Objection, Sector
from registry.emitters.rights import edits_province, keeps_all_records, keeps_records, oversees, visible
from registry.emitters.units import capacity_of

PAGE = 100
COLUMNS = (
    exports.Column(gettext_lazy("Code")), exports.Column(gettext_lazy("Credit code")),
    exports.Column(gettext_lazy("Chinese name")), exports.Column(gettext_lazy("English name")),
    exports.Column(gettext_lazy("Province")), exports.Column(gettext_lazy("Sector")),
    exports.Column(gettext_lazy("Units"), exports.Kind.TONNES), exports.Column(gettext_lazy("Year"), exports.Kind.TONNES),
    exports.Column(gettext_lazy("Verified emissions (t)"), exports.Kind.TONNES),
    exports.Column(gettext_lazy("Synthetic")),
)  # fmt: skip


def reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The list for those who oversee; an emitter is led to its own page, others find nothing."""
    user = reader(request)
    if user.organisation.kind == Organisation.Kind.EMITTER:
        return redirect("emitter", code=user.organisation.code)
    if not oversees(user):
        raise Http404
    filters = selectors.filters_of(request.GET.dict())
    found = selectors.listed(user, filters)
    if exports.wanted(request):
        return exports.table_response(request, "emitters", COLUMNS, map(_cells, found.iterator()))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    unsorted = kept.copy()
    unsorted.pop("sort", None)
    own = edits_province(user)
    return render(
        request,
        "registry/emitters/index.html",
        {
            "page": page, "rows": [(row, province_name(row.organisation.province)) for row in page],
            "filters": filters, "kept": kept.urlencode(), "unsorted": unsorted.urlencode(), "own": own,
            "keeps": bool(own) or keeps_all_records(user),
            "years": selectors.years_known(), "sectors": Sector.choices,
            "provinces": [] if own else [(code, province_name(code)) for code in PROVINCES],
        },
    )  # fmt: skip


def _cells(row: Any) -> list[Any]:
    own = row.organisation
    return [
        own.code, own.credit_code, own.name_zh, own.name_en, province_name(own.province), row.get_sector_display(),
        row.unit_count or 0, row.of_year, row.verified_t, _("synthetic") if row.synthetic else "",
    ]  # fmt: skip


def emitter_of(user: User, code: str) -> Emitter:
    """Raises Http404 for an emitter that this reader may not see."""
    return get_object_or_404(visible(user), organisation__code=code)


@never_cache
@login_required
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    return emitter_page(request, emitter_of(reader(request), code))


def emitter_page(
    request: HttpRequest, emitter: Emitter, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """Everything of one emitter; `errors` are of a form that was sent here, whose fields keep what was typed."""
    user = reader(request)
    at = clock.now()
    history = activity.history(emitter.pk)
    found = selectors.visible_objections(user).filter(report__unit__emitter=emitter).order_by("-pk")
    return render(
        request,
        "registry/emitters/one.html",
        {
            "emitter": emitter, "province": province_name(emitter.organisation.province), "errors": errors or [],
            "units": [(unit, capacity_of(unit)) for unit in emitter.units.order_by("code")],
            "years": emitter.years.order_by("-year"),
            "figures": [_figure(versions, user, at) for versions in _newest_first(history)],
            "objections": [(row, objections.last_day_to_answer(row)) for row in found],
            "changes": [_change(row) for row in emitter.changes.select_related("unit", "by").order_by("-pk")[:100]],
            "edits": edits_province(user) == emitter.organisation.province, "typed": request.POST,
            "keeps": keeps_records(user, emitter.organisation.province),
        },
        status=status,
    )  # fmt: skip


def _newest_first(history: dict[tuple[int, int], list[activity.Version]]) -> list[list[activity.Version]]:
    return sorted(history.values(), key=lambda one: (-one[0].report.year, one[0].report.unit.code))


def _figure(versions: list[activity.Version], user: User, at: Any) -> dict[str, Any]:
    """A unit's year as a line: the version that holds, how it came about, until when it may be objected to."""
    latest = versions[0].report
    waits = latest.objections.filter(state=Objection.State.OPEN).exists()
    return {
        "report": latest,
        "versions": [
            (one, [(forms.label_of(name), *rest) for name, *rest in one.changes]) for one in versions
        ],
        "may_object": not waits and objections.may_raise(latest, user, at),
        "last_day": objections.last_day_to_raise(latest),
    }


def _change(row: Any) -> dict[str, Any]:
    fields = [
        (forms.label_of(name), row.before.get(name, ""), value)
        for name, value in row.after.items()
        if row.before.get(name, "") != value
    ]
    return {"row": row, "fields": fields}


@login_required
@require_POST
def object_to(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Raises an objection against a figure."""
    user = reader(request)
    emitter = emitter_of(user, code)
    report = get_object_or_404(ActivityReport.objects.select_related("unit"), pk=pk, unit__emitter=emitter)
    claimed, error = forms.claimed_of(request.POST.get("claimed_t", ""))
    try:
        if error:
            return emitter_page(request, emitter, [error], 400)
        objections.raise_objection(
            report, words=request.POST.get("words", ""), claimed_t=claimed, by=user, at=clock.now()
        )
    except Refused as refused:
        return emitter_page(request, emitter, [refused.detail], 409)
    messages.success(request, _("The objection is with the province now."))
    return redirect("emitter", code=code)


@login_required
@require_POST
def answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The province's answer: `verdict` dismiss, or uphold with the corrected emissions `verified_t`."""
    user = reader(request)
    emitter = emitter_of(user, code)
    objection = get_object_or_404(selectors.visible_objections(user), pk=pk, report__unit__emitter=emitter)
    words, at = request.POST.get("answer", ""), clock.now()
    try:
        if request.POST.get("verdict") == "uphold":
            corrected, error = forms.claimed_of(request.POST.get("verified_t", ""))
            if corrected is None:
                return emitter_page(request, emitter, [error or _("Give the corrected emissions.")], 400)
            figures = objections.corrected(objection, corrected)
            objections.uphold(objection, figures, answer=words, by=user, at=at)
        else:
            objections.dismiss(objection, answer=words, by=user, at=at)
    except Refused as refused:
        return emitter_page(request, emitter, [refused.detail], 409)
    messages.success(request, _("The objection is answered."))
    return redirect("emitter", code=code)
