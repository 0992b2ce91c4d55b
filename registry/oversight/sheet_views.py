"""One emitter in full, for those who oversee it; every look at it is kept."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.approvals.shown import line_of
from accounts.models import User
from registry import exports
from registry.models import Account, Asset, Emitter, Transfer
from registry.oversight import columns, emitters
from registry.oversight.looks import record_look
from registry.oversight.rights import for_overseers, reader_of
from registry.oversight.views import PAGE, today

REQUESTS_SHOWN = 30


@require_safe
@never_cache
@for_overseers
def emitter(request: HttpRequest, code: str) -> HttpResponseBase:
    """Identity, units, years, holdings, requests, and every transfer. 404 for one of another province."""
    user = reader_of(request)
    found = get_object_or_404(emitters.overseen(user), organisation__code=code)
    form = exports.wanted(request)
    if form:
        name = request.GET.get("table", "transfers")
        record_look(user, found.organisation, f"{name[:40]}.{form}")
        return _file(request, user, found, name)
    record_look(user, found.organisation, "emitter")
    wanted = emitters.read_transfer_filter(request.GET)
    page = Paginator(emitters.transfers(found.organisation, wanted), PAGE).get_page(request.GET.get("page"))
    purposes, holdings = emitters.holdings(found.organisation)
    requests = emitters.requests_about(user, found.organisation)[:REQUESTS_SHOWN]
    context: dict[str, Any] = {
        "emitter": found, "house": found.organisation, "units": found.units.order_by("code"),
        "years": emitters.years_of(found, today()), "holdings": holdings,
        "purposes": [dict(Account.Purpose.choices)[purpose] for purpose in purposes],
        "requests": [line_of(row) for row in requests], "page": page, "wanted": wanted,
        "kinds": Transfer.Kind.choices, "assets": Asset.objects.order_by("code").values_list("code", flat=True),
        "filters": _without_page(request),
    }  # fmt: skip
    return render(request, "oversight/emitter.html", context)


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _file(request: HttpRequest, user: User, found: Emitter, name: str) -> HttpResponseBase:
    """`?table=` units, years, holdings or requests; transfers, as filtered, where it says nothing else."""
    house, code = found.organisation, found.organisation.code
    match name:
        case "units":
            rows = columns.unit_rows(found.units.order_by("code"))
            return exports.table_response(request, f"units-{code}", columns.UNITS, rows)
        case "years":
            years = emitters.years_of(found, today()).select_related("emitter__organisation", "shortfall")
            return exports.table_response(request, f"years-{code}", columns.TABLE, columns.table_rows(years))
        case "holdings":
            purposes, holdings = emitters.holdings(house)
            heads = columns.holding_columns(purposes)
            return exports.table_response(request, f"holdings-{code}", heads, columns.holding_rows(holdings))
        case "requests":
            rows = columns.request_rows(emitters.requests_about(user, house).iterator(chunk_size=500))
            return exports.table_response(request, f"requests-{code}", columns.REQUESTS, rows)
    moves = emitters.transfers(house, emitters.read_transfer_filter(request.GET))
    rows = columns.transfer_rows(moves.iterator(chunk_size=1000))
    return exports.table_response(request, f"transfers-{code}", columns.TRANSFERS, rows)
