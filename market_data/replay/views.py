"""Pages of the replay: which day and instrument, and the day itself."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from exchange import clock
from exchange.models import Bar, Instrument
from market_data.replay import asked, picture, selectors
from market_data.replay.words import replay_words
from market_data.surveillance import words
from market_data.surveillance.models import Alert
from market_data.surveillance.rights import for_watchers, reader_of
from market_data.surveillance.selectors import read_filters, visible_to

PAGE = 30


@require_safe
@never_cache
@for_watchers
def choose(request: HttpRequest) -> HttpResponse:
    """The past days with their figures, the latest first; `?day=` and `?instrument=` go to one."""
    day, code = read_filters({"from": request.GET.get("day", "")}).first, request.GET.get("instrument", "")
    if day and Instrument.objects.filter(code=code.replace("\0", "")).exists():
        return redirect("replay", day=day, code=code)
    page = Paginator(selectors.past_days(), PAGE).get_page(request.GET.get("page"))
    days = [row.day for row in page]
    bars: dict[dt.date, list[Bar]] = {}
    for bar in Bar.objects.filter(day__in=days).select_related("instrument").order_by("instrument__rank"):
        bars.setdefault(bar.day, []).append(bar)
    return render(
        request,
        "surveillance/replays.html",
        {
            "page": page, "days": [(of, bars.get(of, [])) for of in days],
            "instruments": Instrument.objects.order_by("rank", "code"),
        },
    )  # fmt: skip


@require_safe
@never_cache
@for_watchers
def replay(request: HttpRequest, day: dt.date, code: str) -> HttpResponse:
    """One instrument's past day; everything beyond the first steps comes over the API."""
    user = reader_of(request)
    instrument = get_object_or_404(Instrument, code=code)
    chunks = selectors.chunks_of(instrument, day, user)
    if chunks is None:
        raise Http404
    try:
        question = asked.read(request.GET)
    except asked.BadQuestion:
        question = asked.Question()
    begins, ends = selectors.times_of(chunks)
    shown = question.answer(chunks)
    alert = _alert(request)
    data = {
        "code": code, "day": day.isoformat(), "language": "zh" if (get_language() or "").startswith("zh") else "en",
        "begins": begins.astimezone(clock.BEIJING).isoformat(), "ends": ends.astimezone(clock.BEIJING).isoformat(),
        "api": reverse("replay-steps", args=[day.isoformat(), code]), "chunk": shown, "names": selectors.names_in(shown),
        "until": _number(request.GET.get("until", "")), "from": _number(request.GET.get("after", "")),
    }  # fmt: skip
    return render(
        request,
        "surveillance/replay.html",
        {
            "instrument": instrument, "day": day, "data": data, "words": replay_words(), "alert": alert,
            "sentence": words.sentence(alert) if alert else "", "width": picture.WIDTH, "height": picture.HEIGHT,
            "columns": picture.columns(instrument, begins, ends), "seconds": max(int((ends - begins).total_seconds()), 1),
            "others": Bar.objects.filter(day=day).exclude(instrument=instrument).select_related("instrument"),
        },
    )  # fmt: skip


def _alert(request: HttpRequest) -> Alert | None:
    """The alert that the reader comes from, if it is one that the reader sees."""
    number = _number(request.GET.get("alert", ""))
    return visible_to(reader_of(request)).filter(pk=number).first() if number else None


def _number(text: str) -> int | None:
    return int(text) if asked.WHOLE.fullmatch(text) else None
