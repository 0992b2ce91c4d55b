"""What the registry asks of the market (registry/market_port.py): closes, a month's trades, working days;
and of it that it takes back the orders of whom the registry suspends."""

import datetime as dt

from django.db.models import F, Sum

from accounts.models import Organisation
from exchange import intake
from exchange.auction import sealed
from exchange.models import Bar, Bulletin, CalendarDay, Instrument, Order
from registry.market_port import MonthTotals
from registry.models import Asset

SATURDAY = 5


def latest_closes_fen() -> dict[str, int]:
    """The last close of every instrument by its asset, fen a tonne; of a new one its reference price."""
    return dict(Instrument.objects.values_list("asset_id", "prev_close_fen"))


def month_totals(month: dt.date) -> MonthTotals:
    """Turnover and volume of all listed and block trades of allowances in the month of `month`.

    registry-rules.md 4: the average price of a shortfall's fine. Days with a national bulletin count with its
    figures, other days with the bars of the allowances traded here.
    """
    first = month.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    bulletins = Bulletin.objects.filter(day__gte=first, day__lt=following)
    bars = (
        Bar.objects.filter(day__gte=first, day__lt=following)
        .filter(instrument__asset__kind=Asset.Kind.ALLOWANCE, instrument__asset__code__startswith="CEA")
        .exclude(day__in=bulletins.values("day"))
    )
    turnover = volume = 0
    for rows in (bulletins, bars):
        sums = rows.aggregate(
            turnover=Sum(F("turnover_fen") + F("block_turnover_fen")),
            volume=Sum(F("volume_t") + F("block_volume_t")),
        )
        turnover += sums["turnover"] or 0
        volume += sums["volume"] or 0
    return MonthTotals(turnover, volume)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`: Monday to Friday without the calendar's holidays.

    A weekday that the calendar does not know yet counts as a working day.
    """
    closed = set(CalendarDay.objects.filter(day__gt=day, is_trading=False).values_list("day", flat=True))
    while count:
        day += dt.timedelta(days=1)
        if day.weekday() < SATURDAY and day not in closed:
            count -= 1
    return day


def sealed_causes(organisation: Organisation) -> list[str]:
    """Causes of transfers that nobody else may read yet: they would tell what it bids (trading-rules.md)."""
    return sealed.causes(organisation)


def cancel_open_orders(organisation: Organisation) -> int:
    """Sends a cancel for each open order of an organisation, in the caller's transaction; gives their number.

    The engine decides them in their turn: what was taken in before still meets the listing.
    """
    rows = Order.objects.filter(organisation=organisation, status=Order.Status.OPEN).order_by("pk")
    lines = [{"cmd": "cancel", "id": client_id} for client_id in rows.values_list("client_id", flat=True)]
    if lines:
        intake.submit_batch(lines, organisation=organisation)
    return len(lines)
