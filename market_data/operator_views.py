"""The exchange operator's page: phases, halts, the close of the day, the calendar."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.models import User
from exchange import answers, clock, sessions
from exchange.calendar_source import WARN_DAYS, CalendarError, Entry, days_left_in_calendar, enter_days
from exchange.models import CalendarDay, Command, Instrument, TradingDay
from market_data.end_of_day import STEPS, SettlementRefused, refuse_unless_due
from market_data.models import SettlementStep
from market_data.reports import selectors
from market_data.tasks import settle_day

View = Callable[..., HttpResponse]


def for_operators(view: View) -> View:
    """Sends strangers to the sign-in, and people of another role to the 403 page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/operator/")
        sessions.require_exchange_operator(user)
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@never_cache
@for_operators
def console(request: HttpRequest) -> HttpResponse:
    """The whole page; `state` is its part that goes on by itself."""
    left = None if settings.MARKET_CALENDAR == "demo" else days_left_in_calendar()
    entered = CalendarDay.objects.filter(day__gte=clock.today(), source="operator").order_by("day")
    return render(
        request,
        "pages/operator.html",
        {
            **market_state(),
            "days_left": left,
            "calendar_ends_soon": left is not None and left < WARN_DAYS,
            "warn_days": WARN_DAYS,
            "calendar_end": CalendarDay.objects.aggregate(last=models.Max("day"))["last"],
            "entered": entered[:20],
        },
    )


@require_safe
@never_cache
@for_operators
def state(request: HttpRequest) -> HttpResponse:
    """Phases, the day and its settlement, for htmx to read again every second or two."""
    return render(request, "pages/operator_state.html", market_state())


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the settlement as the page lists it; `state` is waiting, running, done or failed."""

    name: str
    text: str
    state: str
    detail: str


def market_state() -> dict[str, Any]:
    """Where the market and the latest day stand."""
    day = TradingDay.objects.order_by("-day").first()
    unsettled = sessions.current_day()
    steps = step_lines((unsettled or day).day) if day else []
    return {
        "instruments": Instrument.objects.order_by("rank", "code"),
        "day": unsettled or day,
        "unsettled": unsettled,
        "steps": steps,
        "under_way": any(step.state in {"running", "done"} for step in steps) and unsettled is not None,
        "failed": any(step.state == "failed" for step in steps),
        "may_open_next": settings.MARKET_CALENDAR == "demo" and day is not None and unsettled is None,
    }


def step_lines(day: dt.date) -> list[StepLine]:
    """Every step of a day's settlement, begun or not."""
    begun: dict[str, SettlementStep] = {step.name: step for step in selectors.progress(day)}
    words = step_words()
    return [
        StepLine(name, words.get(name, name), begun[name].state, begun[name].detail)
        if name in begun
        else StepLine(name, words.get(name, name), "waiting", "")
        for name in STEPS
    ]


def step_words() -> dict[str, str]:
    return {
        "close": _("Close: open orders expire, closing prices are set, purchases become available"),
        "composite": _("Composite of the day"),
        "reconcile": _("Books checked by an independent recomputation"),
        "seal": _("Ledger day sealed in the hash chain"),
        "report": _("Market report published"),
        "statements": _("Member statements published"),
        "settled": _("Day settled"),
    }


@require_POST
@for_operators
def halt(request: HttpRequest, code: str) -> HttpResponse:
    """Halts one instrument, for the reason given."""
    return change_phase(request, code, sessions.halt, _("%s is being halted."))


@require_POST
@for_operators
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Ends a halt, for the reason given."""
    return change_phase(request, code, sessions.resume, _("%s is being resumed."))


def change_phase(request: HttpRequest, code: str, verb: Callable[..., Command], said: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument, code=code)
    try:
        command = verb(instrument, request.POST.get("reason", ""), require_user(request))
        # So that the page that follows shows the new phase, where the engine is at work.
        answers.wait_for([command.pk], 2)
        messages.success(request, said % instrument.code)
    except sessions.SessionError as error:
        messages.error(request, error.detail)
    return redirect("operator")


@require_POST
@for_operators
def close_day(request: HttpRequest) -> HttpResponse:
    """Starts the settlement of the day that is open, or goes on with one that broke off."""
    day = sessions.current_day()
    # The form names its day: sent twice, or from a page left open, it must not close the next one.
    if day is None or request.POST.get("day") != day.day.isoformat():
        messages.error(request, _("That day is not open any more."))
        return redirect("operator")
    try:
        # The demo's operator may end the day at any hour; the real day ends with its last session.
        refuse_unless_due(day.day, clock.now(), early=settings.MARKET_CALENDAR == "demo")
    except SettlementRefused as refused:
        messages.error(request, refused.detail)
        return redirect("operator")
    try:
        settle_day.delay(day.day.isoformat(), require_user(request).pk)
        messages.success(request, _("The settlement of %s has been started.") % day.day)
    except OperationalError:
        messages.error(
            request, _("The workers cannot be reached; nothing was started. Try again in a moment.")
        )
    return redirect("operator")


@require_POST
@for_operators
def open_next_day(request: HttpRequest) -> HttpResponse:
    """The demo goes on to its next trading day."""
    try:
        day = sessions.start_next_demo_day(require_user(request))
        messages.success(request, _("Trading day %s is open.") % day.day)
    except sessions.SessionError as error:
        messages.error(request, error.detail)
    return redirect("operator")


@require_POST
@for_operators
def add_calendar_day(request: HttpRequest) -> HttpResponse:
    """Enters one day of the calendar: trading or closed."""
    try:
        day = dt.date.fromisoformat(request.POST.get("day", ""))
        enter_days([Entry(day, request.POST.get("trading") == "yes", request.POST.get("note", "")[:200])])
        messages.success(request, _("%s is in the calendar.") % day)
    except CalendarError as error:
        messages.error(request, str(error))
    except ValueError:
        messages.error(request, _("Give a date, such as 2027-01-04."))
    return redirect("operator")


def require_user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
