"""Pages of allocation: choosing, the preview of a whole province, the working behind a line, progress."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.approvals import selectors as requests
from accounts.approvals.models import Document
from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import Organisation, User
from accounts.provinces import PROVINCES, province_name
from registry import exports
from registry.allocation import overview, page_rows, progress, rights, selectors, step_words
from registry.allocation.derivations import working_of
from registry.allocation.differentiated import owed
from registry.allocation.formulas import years
from registry.allocation.issuance import cause_of
from registry.allocation.models import Plan, PlanRow
from registry.allocation.scope import left_out, rules_for
from registry.compliance.models import ComplianceYear
from registry.emitters.models import NATIONAL_SECTORS, Sector
from registry.ledger.models import Batch, Transfer

PLANS = 50
TRANSFERS = 20


def reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


def may_read(user: User) -> bool:
    return rights.is_office(user) or user.organisation.kind == Organisation.Kind.EMITTER


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    return index_page(request)


def index_page(
    request: HttpRequest,
    typed: dict[str, Any] | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """What there is, and the forms that make more. `typed` is what was refused, with `errors`."""
    user = reader(request)
    if not may_read(user):
        raise PermissionDenied
    found = rights.visible_plans(user).order_by("-year", "-pk")
    chosen = {name: request.GET.get(name, "") for name in ("year", "province", "sector", "stage", "state")}
    for name, value in chosen.items():
        if value and (name != "year" or (value.isascii() and value.isdigit())):
            found = found.filter(**{name: value[:16]})
    office = rights.is_office(user)
    if office and exports.wanted(request):
        return exports.table_response(request, "allocation-plans", page_rows.PLANS, page_rows.plans(found))
    page = Paginator(found, PLANS).get_page(request.GET.get("page"))
    plans = list(page)
    totals = selectors.totals_of(plan.pk for plan in plans) if office else {}
    own = PlanRow.objects.filter(plan__in=plans, emitter=user.organisation_id) if not office else ()
    rows = {row.plan_id: row for row in own}
    filters = request.GET.copy()
    filters.pop("page", None)
    return render(
        request,
        "registry/allocation/index.html",
        {
            "page": page, "office": office, "may_make": rights.may_make_any(user), "chosen": chosen,
            "filters": filters.urlencode(), "typed": typed or defaults(user), "errors": errors or [],
            "lines": [(plan, province_name(plan.province), Sector(plan.sector).label,
                       totals.get(plan.pk), rows.get(plan.pk)) for plan in plans],
            **choices(user),
        },
        status=status,
    )  # fmt: skip


def choices(user: User) -> dict[str, Any]:
    """Of the forms: a province authority chooses its own province alone."""
    house = user.organisation
    codes = [house.province] if house.kind == Organisation.Kind.PROVINCE else list(PROVINCES)
    return {
        "years": sorted(years(), reverse=True),
        "provinces": [(code, province_name(code)) for code in codes],
        "sectors": [(sector.value, sector.label) for sector in NATIONAL_SECTORS],
        "stages": Plan.Stage.choices,
        "states": Plan.State.choices,
    }


def defaults(user: User) -> dict[str, Any]:
    return {"year": str(clock.now().year - 1), "province": user.organisation.province, "sector": "power"}


@never_cache
@login_required
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    return plan_page(request, pk)


def plan_page(
    request: HttpRequest, pk: int, error: str = "", reason: str = "", status: int = 200,
    files: Sequence[Document] = (),
) -> HttpResponseBase:  # fmt: skip
    """The preview of a whole province, and afterwards what came of it. `error` and `reason`: what was refused."""
    user = reader(request)
    found = get_object_or_404(rights.visible_plans(user), pk=pk)
    if not rights.is_office(user):
        return row_page(request, found, user.organisation.code)
    asked = page_rows.Asked.of(request.GET)
    rows = page_rows.found(found, rights.visible_rows(user, found), asked)
    if exports.wanted(request):
        name = f"allocation-{found.year}-{found.province}-{found.sector}-{found.stage}"
        return exports.table_response(request, name, page_rows.COLUMNS, page_rows.exported(rows))
    filters = request.GET.copy()
    for name in ("page", "sort"):
        filters.pop(name, None)
    totals = selectors.totals_of([found.pk])[found.pk]
    return render(
        request,
        "registry/allocation/plan.html",
        {
            **heading(found), **outcome(found), **powers(user, found), "totals": totals,
            "gap_rate": selectors.gap_rate_pct(totals) if found.stage != Plan.Stage.PRE else None,
            "bars": overview.distribution(found), "changes": overview.biggest_changes(found),
            "left_out": left_out(found), "asked": asked, "heads": page_rows.heads(asked, found),
            "page": Paginator(rows, page_rows.PAGE).get_page(request.GET.get("page")),
            "sorted": request.GET.get("sort", ""), "filters": filters.urlencode(), "error": error,
            "reason": reason, "longest_reason": LONGEST_REASON, "kept": files, **watched(found),
        },
        status=status,
    )  # fmt: skip


def heading(found: Plan) -> dict[str, Any]:
    rules = rules_for(found.year, found.sector)
    return {
        "plan": found,
        "province": province_name(found.province),
        "sector": Sector(found.sector).label,
        "document": rules.document,
        "share": rules.share if found.share is None else found.share,
    }


def powers(user: User, found: Plan) -> dict[str, Any]:
    """What this reader may do with it now."""
    waiting = found.request if found.state == Plan.State.WAITING else None
    return {
        "may_change": found.state == Plan.State.DRAFT and rights.may_make(user, found.province),
        "may_decide": waiting is not None and requests.may_decide(user, waiting),
        "may_withdraw": waiting is not None and waiting.requested_by_id == user.pk,
        "history": requests.history(found.request) if found.request else [],
    }


def outcome(found: Plan) -> dict[str, Any]:
    """The first transfers of an issued plan."""
    if found.state != Plan.State.ISSUED:
        return {}
    batch = Batch.objects.filter(cause=cause_of(found)).first()
    # By its day, so that one month's partition is read.
    rows = Transfer.objects.filter(batch=batch, day=batch.day) if batch else Transfer.objects.none()
    shown = rows.select_related("debit__holder", "credit__holder").order_by("pk")[:TRANSFERS]
    return {"transfers": shown, "transfer_count": rows.count()}


def watched(found: Plan) -> dict[str, Any]:
    """How far a worker is, where one is at it."""
    seen = progress.read(found.pk) if found.state == Plan.State.WAITING else None
    if seen is None:
        return {"progress": None}
    return {
        "progress": seen,
        "under_way": seen.phase in overview.phase_words(),
        "phase": overview.phase_words().get(seen.phase, ""),
    }


@never_cache
@login_required
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, for htmx; once there is nothing to watch it lets the whole page be read again."""
    found = get_object_or_404(rights.visible_plans(reader(request)), pk=pk)
    seen = watched(found)
    answer = render(request, "registry/allocation/progress.html", {"plan": found, **seen})
    if not seen.get("under_way"):
        answer["HX-Refresh"] = "true"
    return answer


@never_cache
@login_required
@require_safe
def row(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    found = get_object_or_404(rights.visible_plans(reader(request)), pk=pk)
    return row_page(request, found, code)


def row_page(
    request: HttpRequest, found: Plan, code: str, error: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    """One emitter's line: each number with its formula, each figure in it with its source."""
    user = reader(request)
    line = get_object_or_404(rights.visible_rows(user, found), emitter__organisation__code=code)
    working = working_of(line, found)
    units = [
        (unit, step_words.origin(unit.source), step_words.lines(unit.steps, step_words.origin(unit.source)))
        for unit in working.units
    ]
    return render(
        request,
        "registry/allocation/row.html",
        {
            **heading(found), "row": line, "units": units, "office": rights.is_office(user),
            "entity_steps": step_words.lines(working.entity, ""), "stage_steps": step_words.lines(working.stage, ""),
            "may_change": found.state == Plan.State.DRAFT and rights.may_make(user, found.province),
            "grounds": PlanRow.Ground.choices, "owed": owed_now(found, line), "error": error, "reason": reason,
            "longest_reason": LONGEST_REASON,
        },
        status=status,
    )  # fmt: skip


def owed_now(found: Plan, line: PlanRow) -> list[tuple[int, int]]:
    """What the province's account would surrender for it, by year."""
    if not line.to_province or found.state == Plan.State.ISSUED:
        return []
    years_of = ComplianceYear.objects.filter(emitter=line.emitter_id, year__lte=found.year)
    due = owed(found, line, {(year.emitter_id, year.year): year for year in years_of}, clock.now())
    return [(year.year, tonnes) for year, tonnes in due]
