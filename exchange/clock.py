"""The market's clock: one place that says what time it is for the exchange, in Beijing time.

In the demo an operator may go on to the next trading day at any moment; the clock then runs ahead of the
world by whole days (`DemoClock`). With the real calendar it is the world's time, always.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """Market time, aware, Asia/Shanghai."""
    moment = timezone.now().astimezone(BEIJING)
    if settings.MARKET_CALENDAR == "demo":
        from exchange.models import DemoClock

        moment += dt.timedelta(days=DemoClock.days_ahead())
    return moment


def today() -> dt.date:
    """The calendar date in Beijing by the market's clock."""
    return now().date()
