"""Pages of surveillance: alerts with filters, one alert with its evidence and history, thresholds."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exchange import clock
from market_data.surveillance import columns, rights, selectors, setting, states, words
from market_data.surveillance.models import Alert, SurveillanceRun, ThresholdRow
from market_data.surveillance.rights import for_watchers, reader_of
from market_data.surveillance.run import thresholds_on
from market_data.surveillance.thresholds import ALL
from registry import exports
from registry.oversight.looks import record_look

PAGE = 50


@require_safe
@never_cache
@for_watchers
def alerts(request: HttpRequest) -> HttpResponseBase:
    """All alerts that the reader sees, by kind, state, instrument, days and members."""
    wanted = selectors.read_filters(request.GET)
    visible = selectors.visible_to(reader_of(request))
    found = selectors.filtered(visible, wanted)
    if exports.wanted(request):
        rows = columns.alert_rows(found.iterator(chunk_size=500))
        return exports.table_response(request, "alerts", columns.ALERTS, rows)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "surveillance/alerts.html",
        {
            "page": page, "lines": [(alert, words.sentence(alert)) for alert in page], "filters": wanted,
            "query": wanted.query, "kinds": Alert.Kind.choices, "states": Alert.State.choices,
            "instruments": selectors.instruments(), "counts": selectors.counts(visible),
            "last_run": SurveillanceRun.objects.order_by("-day").first(),
        },
    )  # fmt: skip


@require_safe
@never_cache
@for_watchers
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: what was seen, compared with what, whom it concerns, where to look, and what became of it."""
    user = reader_of(request)
    found = get_object_or_404(selectors.visible_to(user), pk=pk)
    for party in found.parties.all():
        record_look(user, party.organisation, "alert")
    return _sheet(request, found)


@require_POST
@for_watchers
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Explains, escalates, reopens or notes, for the reason given."""
    user = reader_of(request)
    found = get_object_or_404(selectors.visible_to(user), pk=pk)
    verb = states.STEPS.get(request.POST.get("step", ""))
    reason = request.POST.get("reason", "")
    if verb is None:
        return _sheet(request, found, reason, _("Choose what to do."), 400)
    try:
        verb(found, by=user, reason=reason, at=clock.now())
    except states.StepRefused as refused:
        found = get_object_or_404(selectors.visible_to(user), pk=pk)
        return _sheet(request, found, reason, refused.detail, 409)
    messages.success(request, _("It is kept: the alert is %(state)s.") % {"state": found.get_state_display()})
    return redirect("alert", pk=pk)


def _sheet(
    request: HttpRequest, found: Alert, reason: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    shown: dict[str, Any] = {
        "alert": found, "sentence": words.sentence(found), "figures": words.figures_shown(found),
        "thresholds": words.thresholds_shown(found), "parties": words.parties_shown(found),
        "legs": selectors.legs_of(found), "trades": selectors.trades_of(found), "orders": selectors.orders_of(found),
        "steps": found.steps.select_related("by", "organisation"),
        "possible": states.possible(found, reader_of(request)), "reason": reason, "error": error,
        "longest_reason": states.LONGEST_REASON,
    }  # fmt: skip
    return render(request, "surveillance/alert.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_watchers
def thresholds(request: HttpRequest) -> HttpResponse:
    """Every threshold as it holds today, what is set for later, and the form for a regulator of the nation."""
    if request.method == "POST":
        return _set(request)
    return _thresholds_page(request)


def _set(request: HttpRequest) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("name", "value", "valid_from", "reason")}
    value, day = given["value"].strip(), selectors.read_filters({"from": given["valid_from"]}).first
    error = ("", "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        error = ("value", _("Give a whole number."))
    elif day is None:
        error = ("valid_from", _("Give a date, such as 2027-01-04."))
    else:
        try:
            setting.set_threshold(
                given["name"], int(value), valid_from=day, by=reader_of(request), reason=given["reason"],
                at=clock.now(),
            )  # fmt: skip
        except setting.ThresholdRefused as refused:
            error = (refused.field, refused.detail)
        else:
            messages.success(request, _("It is set: it holds from %s on.") % day)
            return redirect("thresholds")
    return _thresholds_page(request, given, error, 400)


def _thresholds_page(
    request: HttpRequest,
    given: dict[str, str] | None = None,
    error: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    today: dt.date = clock.today()
    holding = thresholds_on(today)
    coming = ThresholdRow.objects.filter(valid_from__gt=today).order_by("valid_from", "name")
    lines = [
        (name, words.THRESHOLDS[name], words.figure_text(name, holding[name]), threshold.unit)
        for name, threshold in ALL.items()
    ]
    history = ThresholdRow.objects.select_related("set_by").order_by("-set_at")
    shown = {
        "lines": lines, "coming": coming,
        "history": [(row, words.THRESHOLDS.get(row.name, row.name), words.figure_text(row.name, row.value)) for row in history],
        "may_set": rights.is_authority(request.user), "given": given or {}, "wrong": error[0], "error": error[1],
        "first_day": setting.first_day(clock.now()).isoformat(), "today": today,
    }  # fmt: skip
    return render(request, "surveillance/thresholds.html", shown, status=status)
