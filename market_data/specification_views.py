"""Pages of contract specifications, the composite's among them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from exchange import clock
from exchange.matching.money import yuan
from exchange.models import Instrument
from market_data import specification
from market_data.boards import open_day
from market_data.composite_day import COMPOSITE_CODE
from market_data.composite_now import composite_now
from market_data.prices import composite_line, parameters_of, price_line


@require_safe
@never_cache
def one(request: HttpRequest, code: str) -> HttpResponse:
    """An instrument's parameters by date; under the composite's code how that is made up."""
    if code == COMPOSITE_CODE:
        return composite(request)
    instrument = get_object_or_404(Instrument.objects.select_related("asset"), code=code)
    day = open_day() or clock.today()
    dates, terms = specification.parameters_by_date(instrument)
    return render(
        request,
        "pages/specification.html",
        {
            "instrument": instrument,
            "line": price_line(instrument),
            "facts": specification.facts(instrument, day),
            "bands": specification.bands(instrument, parameters_of(instrument, day)),
            "dates": dates,
            "terms": terms,
            "day": day,
            "codes": codes(),
        },
    )


def composite(request: HttpRequest) -> HttpResponse:
    now = composite_now()
    if now is None:
        raise Http404
    lines, products, weight = specification.shares(now)
    dates, terms = specification.weights_by_date()
    return render(
        request,
        "pages/specification_composite.html",
        {
            "line": composite_line(now),
            "now": now,
            "shares": lines,
            "products": products,
            "weight": weight,
            "dates": dates,
            "terms": terms,
            "day": now.day,
            "codes": codes(),
            "code": COMPOSITE_CODE,
            "open": "–" if now.open_fen is None else yuan(now.open_fen),
            "high": yuan(now.high_fen),
            "low": yuan(now.low_fen),
            "prev_close": yuan(now.prev_close_fen),
        },
    )


def codes() -> list[str]:
    """Of the tabs above: the composite and every instrument."""
    return [COMPOSITE_CODE, *Instrument.objects.order_by("rank", "code").values_list("code", flat=True)]
