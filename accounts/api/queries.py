"""Parameters of an address, read as strictly as a body."""

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

BEIJING = ZoneInfo("Asia/Shanghai")
SECONDS = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LONGEST_WAIT_S = 10


def wait_of(request: Request) -> float | None:
    """`?wait=`: seconds from 0 to 10; None where it is not given. Raises ValidationError."""
    value = request.query_params.get("wait")
    if value is None:
        return None
    if not SECONDS.fullmatch(value) or Decimal(value) > LONGEST_WAIT_S:
        raise ValidationError({"wait": [_("Seconds from 0 to 10.")]})
    return float(value)


def whole_of(request: Request, name: str) -> int | None:
    """A whole number of at most 18 digits. Raises ValidationError."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if not WHOLE.fullmatch(value):
        raise ValidationError({name: [_("A whole number.")]})
    return int(value)


def date_of(request: Request, name: str) -> dt.date | None:
    """An ISO date. Raises ValidationError."""
    value = request.query_params.get(name)
    if value is None:
        return None
    try:
        if DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise ValidationError({name: [_("A date such as 2026-01-05.")]})


def moment_of(request: Request, name: str) -> dt.datetime | None:
    """An ISO time with offset, or a date: its midnight in Beijing. Raises ValidationError."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if DATE.fullmatch(value):
        day = date_of(request, name)
        assert day is not None
        return dt.datetime.combine(day, dt.time(), BEIJING)
    try:
        # A plus in an address reads as a blank.
        moment = dt.datetime.fromisoformat(value.replace(" ", "+"))
        if moment.tzinfo is not None:
            moment.astimezone(BEIJING)
            return moment
    except (ValueError, OverflowError):
        pass
    raise ValidationError({name: [_("A date, or a time with offset such as 2026-01-05T09:30:00+08:00.")]})


def day_range(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Midnight in Beijing, and the next one. Raises ValidationError beyond the calendar."""
    try:
        start = dt.datetime.combine(day, dt.time(), BEIJING)
        return start, start + dt.timedelta(days=1)
    except OverflowError:
        raise ValidationError({"date": [_("A date such as 2026-01-05.")]}) from None
