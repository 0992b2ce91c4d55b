"""Pages that everybody may open: the front page, the desk, the clock; and the error pages."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rights.who import BLOCK_READERS
from exchange import clock as exchange_clock
from exchange import sessions
from exchange.block.selectors import visible_to, waiting_for
from exchange.matching.money import yuan
from exchange.models import Bar, Instrument
from market_data.boards import board_of
from market_data.candles import DAY, INTERVALS
from market_data.composite_day import COMPOSITE_CODE
from market_data.market_clock import market_clock
from market_data.prices import composite_line, parameters_of, price_lines
from market_data.reports.selectors import market_reports
from market_data.words import desk_words
from registry.public.selectors import registers


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, in ten seconds: last prices, the latest bulletin, the ways in."""
    return render(
        request,
        "pages/front.html",
        {
            "instruments": price_lines(),
            "composite": composite_line(),
            "latest": market_reports().first(),
            **registers(exchange_clock.now()),
        },
    )


@require_safe
@never_cache
def front_prices(request: HttpRequest) -> HttpResponse:
    """The front page's price table alone, for htmx."""
    return render(
        request, "pages/front_prices.html", {"instruments": price_lines(), "composite": composite_line()}
    )


@require_safe
@never_cache
def clock(request: HttpRequest) -> JsonResponse:
    """The market's clock for the frame of every page."""
    return JsonResponse(market_clock().as_dict())


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of the instrument looked at last, else of the first."""
    instruments = Instrument.objects.order_by("rank", "code")
    chosen = instruments.filter(code=request.COOKIES.get("instrument", "")).first() or instruments.first()
    if chosen is None:
        return render(request, "pages/no_instruments.html")
    return redirect("desk_of", code=chosen.code)


@require_safe
@never_cache
@ensure_csrf_cookie
def desk_of(request: HttpRequest, code: str) -> HttpResponse:
    """The trading page of one instrument. Everybody may watch; the ticket is for traders."""
    instrument = get_object_or_404(Instrument, code=code)
    context = {
        "instrument": instrument,
        "instruments": price_lines(),
        "composite": composite_line(),
        "composite_code": COMPOSITE_CODE,
        "intervals": [*INTERVALS, DAY],
        "why_not": why_not(request),
        "can_trade": not why_not(request),
        "desk": desk_data(request, instrument),
        "words": desk_words(),
        **_blocks(request),
    }
    response = render(request, "pages/desk.html", context)
    response.set_cookie("instrument", instrument.code, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return response


def _blocks(request: HttpRequest) -> dict[str, Any]:
    """Whether the reader sees blocks, and how many of them wait for its organisation's answer."""
    user = request.user
    if not any(group.has(user) for group in BLOCK_READERS) or not isinstance(user, User):
        return {}
    waiting = visible_to(user).filter(waiting_for(user.organisation_id))
    return {"sees_blocks": True, "blocks_waiting": waiting.count()}


@require_safe
@never_cache
def desk_state(request: HttpRequest, code: str) -> JsonResponse:
    """The desk's data alone: what a page left open reads again when the next trading day has begun."""
    return JsonResponse(desk_data(request, get_object_or_404(Instrument, code=code)))


def why_not(request: HttpRequest) -> str:
    """Why this reader may not send orders, in words; empty for those who may."""
    user = request.user
    if not isinstance(user, User):
        return _("You are watching. Sign in as a trader to send orders.")
    if not user.organisation.may_trade:
        return _("Your organisation does not trade here; you are watching.")
    if not user.has_role(User.Role.TRADER):
        return _("You are not a trader of your organisation; you are watching.")
    return ""


def desk_data(request: HttpRequest, instrument: Instrument) -> dict[str, Any]:
    """What the desk's scripts start from; everything that changes comes over the API and the feed."""
    clock_now = market_clock()
    board = board_of(instrument)
    day = board["day"]
    parameters = parameters_of(instrument, dt.date.fromisoformat(day))
    return {
        "code": instrument.code,
        "asset": instrument.asset_id,
        "signed_in": request.user.is_authenticated,
        "can_trade": not why_not(request),
        "prev_close": yuan(instrument.prev_close_fen),
        "tick_fen": parameters.tick_fen,
        "max_qty_t": parameters.max_qty_t,
        "block_min_qty_t": parameters.block_min_qty_t,
        "block_band_bps": parameters.block_band_bps,
        "fee_bps": parameters.fee_bps,
        "day": day,
        "next_day": sessions.next_trading_day(dt.date.fromisoformat(day)).isoformat(),
        "phase": instrument.phase,
        "halt_reason": instrument.halt_reason if instrument.phase == Instrument.Phase.HALTED else "",
        # Shown until the feed's first snapshot, so that the page is never empty while it connects.
        "board": {"quote": board["quote"], "book": board["book"]},
        "next_phase": clock_now.next_phase,
        "next_at": clock_now.next_at,
        "history_simulated": instrument.bars.filter(source=Bar.Source.SIMULATED).exists(),
        # Whoever shows the exchange's bulletins names it as their source.
        "history_imported": instrument.bars.filter(source=Bar.Source.IMPORTED).exists(),
    }
