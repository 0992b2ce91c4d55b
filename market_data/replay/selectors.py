"""Which days can be replayed, for whom, and with whose names."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import Organisation, User
from exchange.models import Event, Instrument, TradingDay
from market_data.replay import reads
from market_data.replay.chunks import Chunks, Shown
from market_data.surveillance.rights import province_of


def past_days() -> QuerySet[TradingDay]:
    """Days whose trade is over; an open one is nobody's to look into: its bids are sealed, its blocks unpublished."""
    return TradingDay.objects.filter(closed_at__isnull=False).order_by("-day")


def known_to(user: User) -> Collection[str] | None:
    """The codes of the members whose names the person sees; None: all. A province sees its own emitters'."""
    province = province_of(user)
    if not province:
        return None
    own = Organisation.objects.filter(kind=Organisation.Kind.EMITTER, province=province)
    return set(own.values_list("code", flat=True))


def chunks_of(instrument: Instrument, day: dt.date, user: User) -> Chunks | None:
    """The day to be replayed; None where it is not over, or has no event of the instrument."""
    if not past_days().filter(day=day).exists():
        return None
    found = reads.bounds(instrument, day)
    return None if found is None else Chunks(instrument, day, *found, known_to(user))


def times_of(chunks: Chunks) -> tuple[dt.datetime, dt.datetime]:
    """When the first and the last event of the day were."""
    events = dict(
        Event.objects.filter(day=chunks.day, no__in=[chunks.first, chunks.last]).values_list("no", "at")
    )
    return events[chunks.first], events[chunks.last]


def names_in(shown: Shown) -> dict[str, dict[str, str]]:
    """The names, in both languages, of the members that occur in a chunk."""
    codes: set[str] = set()
    for state in (shown["start"], *shown["steps"]):
        for side in state["book"].values():
            codes |= {listing["member"] for level in side for listing in level["listings"]}
        for event in state.get("events", ()):
            codes |= {event["member"], event["other"]}
    found = Organisation.objects.filter(code__in=codes - {"", None}).values_list("code", "name_zh", "name_en")
    return {code: {"zh": name_zh, "en": name_en} for code, name_zh, name_en in found}
