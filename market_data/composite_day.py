"""The composite of one day (综合价): the day's listed trades of the vintages, in the order they happened.

What a trade does to it is in `exchange.matching.composite`; here the day's weights, previous closes and trades
are gathered and its figures kept (trading-rules.md: End of day).
"""

import datetime as dt

from exchange.matching.composite import Composite
from exchange.models import Bar, CompositeBar, CompositeWeights, Instrument, Trade

#: What official data call the composite (domain.md 1.2); it stands where instruments' codes do.
COMPOSITE_CODE = "COMCEA"


def weights_on(day: dt.date) -> dict[str, int] | None:
    """The weights by instrument code that hold on a day; None before there are any."""
    found = CompositeWeights.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return (
        {str(code): int(weight) for code, weight in found.weights.items() if int(weight)} if found else None
    )


def opening_of(day: dt.date, weights: dict[str, int]) -> Composite:
    """The composite before the day's first trade.

    Its previous close is that of the last composite before the day; the very first has the weighted mean of
    the vintages' previous closes. A vintage without a bar (listed, never opened) counts with its previous close.
    """
    bars = dict(Bar.objects.filter(day=day).values_list("instrument__code", "prev_close_fen"))
    listed = dict(Instrument.objects.filter(code__in=weights).values_list("code", "prev_close_fen"))
    composite = Composite(weights, 0, {code: bars.get(code, listed[code]) for code in weights})
    before = (
        CompositeBar.objects.filter(day__lt=day).order_by("-day").values_list("close_fen", flat=True).first()
    )
    composite.prev_close = before or composite.value(composite.prices)
    composite.high = composite.low = composite.prev_close
    return composite


def composite_of(day: dt.date) -> CompositeBar | None:
    """The composite of a closed day, worked out from its trades and bars; not saved. None without weights."""
    weights = weights_on(day)
    if not weights:
        return None
    composite = opening_of(day, weights)
    closes = composite.prices | dict(
        Bar.objects.filter(day=day, instrument__code__in=weights).values_list("instrument__code", "close_fen")
    )
    trades = Trade.objects.filter(day=day, kind=Trade.Kind.LISTED, instrument__code__in=weights).order_by(
        "event"
    )
    for code, price_fen in trades.values_list("instrument__code", "price_fen").iterator():
        composite.trade(code, price_fen)
    bar = composite.bar(day.isoformat(), closes)
    return CompositeBar(
        day=day,
        prev_close_fen=bar.prev_close,
        open_fen=bar.open,
        high_fen=bar.high,
        low_fen=bar.low,
        close_fen=bar.close,
    )
