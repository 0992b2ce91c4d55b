"""The province's entry of a year: where each emitter stands, and the figures of one, entered or corrected."""

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
from accounts.provinces import province_name
from registry import exports
from registry.compliance.models import ComplianceYear
from registry.emitters import activity, forms, selectors
from registry.emitters.figures import WrongFigure
from registry.emitters.models import Emitter, Unit
from registry.emitters.rights import edits_province, oversees, visible
from registry.emitters.views import emitter_of, reader
from registry.exports import Column, Kind

PAGE = 100
COLUMNS = (
    Column(gettext_lazy("Code")), Column(gettext_lazy("Name")), Column(gettext_lazy("Province")),
    Column(gettext_lazy("Units"), Kind.TONNES), Column(gettext_lazy("Units reported"), Kind.TONNES),
    Column(gettext_lazy("Verified emissions (t)"), Kind.TONNES), Column(gettext_lazy("Open objections"), Kind.TONNES),
)  # fmt: skip


def _cells(line: selectors.EntryRow) -> list[Any]:
    house = line.row.emitter.organisation
    return [
        house.code, house.name, province_name(house.province), line.units, line.reported, line.row.verified_t,
        line.open_objections,
    ]  # fmt: skip


@never_cache
@login_required
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The year that figures are known of or expected for."""
    if not oversees(reader(request)):
        raise Http404
    years = selectors.years_known()
    return redirect("emissions", year=years[0] if years else clock.now().year - 1)


@never_cache
@login_required
@require_safe
def index(request: HttpRequest, year: int) -> HttpResponseBase:
    """All emitters of the year, those with something missing first where asked for."""
    user = reader(request)
    if not oversees(user):
        raise Http404
    found = ComplianceYear.objects.filter(year=year, emitter__in=visible(user))
    total, open_ = found.count(), found.filter(verified_t__isnull=True).count()
    text = request.GET.get("q", "").strip()[:100].replace("\0", "")
    if text:
        found = found.filter(emitter__in=selectors.listed(user, selectors.Filters(text=text)).values("pk"))
    if request.GET.get("missing"):
        found = found.filter(verified_t__isnull=True)
    ordered = found.select_related("emitter__organisation").order_by("emitter__organisation__code")
    if exports.wanted(request):
        lines = (_cells(line) for line in selectors.entry_rows(list(ordered), year))
        return exports.table_response(request, f"verified-{year}", COLUMNS, lines)
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    rows = selectors.entry_rows(list(page), year)
    return render(
        request,
        "registry/emitters/emissions.html",
        {
            "year": year, "years": selectors.years_known(), "page": page, "kept": kept.urlencode(), "text": text,
            "missing": bool(request.GET.get("missing")), "total": total, "open": open_, "done": total - open_,
            "rows": [(row, province_name(row.row.emitter.organisation.province)) for row in rows],
            "edits": bool(edits_province(user)),
        },
    )  # fmt: skip


@never_cache
@login_required
@require_safe
def one(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The forms of one emitter's units; in the list it opens under its line."""
    emitter = emitter_of(reader(request), code)
    return forms_of(request, emitter, year)


def forms_of(
    request: HttpRequest, emitter: Emitter, year: int, typed: dict[int, Any] | None = None,
    error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """`typed` maps a unit to what was sent and refused with `error`."""
    row = get_object_or_404(ComplianceYear, emitter=emitter, year=year)
    latest = activity.verified_by_unit(year, [emitter.pk])
    lines = [
        {
            "unit": unit,
            "report": latest.get(unit.pk),
            "form": (typed or {}).get(unit.pk) or forms.shown(unit, latest.get(unit.pk), emitter.sector),
            "refused": unit.pk in (typed or {}),
        }
        for unit in emitter.units.order_by("code")
    ]
    inline = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "registry/emitters/entry_forms.html" if inline else "registry/emitters/entry.html",
        {
            "emitter": emitter, "year": year, "row": row, "lines": lines, "error": error,
            "typed_reason": request.POST.get("reason", ""), "coolings": Unit.Cooling.choices,
            "edits": edits_province(reader(request)) == emitter.organisation.province,
        },
        status=status,
    )  # fmt: skip


@login_required
@require_POST
def enter(request: HttpRequest, year: int, code: str, pk: int) -> HttpResponse:
    """Enters or corrects one unit's year."""
    user = reader(request)
    emitter = emitter_of(user, code)
    unit = get_object_or_404(Unit.objects.select_related("emitter__organisation"), pk=pk, emitter=emitter)
    typed = forms.typed(request.POST.dict(), emitter.sector)
    if typed.figures is None:
        return forms_of(request, emitter, year, {pk: typed}, _("Nothing was stored: see the fields."), 400)
    try:
        made = activity.enter(
            unit, year, typed.figures, by=user, reason=request.POST.get("reason", "")[:2_000], at=clock.now()
        )
    except WrongFigure as wrong:
        words = f"{forms.label_of(wrong.field)}: {wrong.detail}"
        return forms_of(request, emitter, year, {pk: typed}, words, 409)
    except Refused as refused:
        return forms_of(request, emitter, year, {pk: typed}, refused.detail, 409)
    messages.success(
        request,
        _("Unit %(unit)s: version %(version)s is stored.") % {"unit": unit.code, "version": made.version},
    )
    return redirect("emission_entry", year=year, code=code)
