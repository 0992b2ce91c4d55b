"""Which alerts a person sees, and what belongs to one: parties, steps, the trades and listings that show it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from exchange.models import Event, Instrument, Order, Trade
from market_data.surveillance.models import Alert, AlertParty
from market_data.surveillance.rights import province_of
from market_data.surveillance.rows import MOST_NAMED

LONGEST_TEXT = 100


def visible_to(user: User) -> QuerySet[Alert]:
    """All for the nation and the exchange; for a province those that concern one of its emitters."""
    alerts = Alert.objects.select_related("instrument").prefetch_related("parties__organisation")
    province = province_of(user)
    if not province:
        return alerts
    own = AlertParty.objects.filter(
        alert=OuterRef("pk"), organisation__kind="emitter", organisation__province=province
    )
    return alerts.filter(Exists(own))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asks of the list in its address; anything unknown is left out."""

    kind: str = ""
    state: str = ""
    instrument: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    text: str = ""

    @property
    def query(self) -> str:
        """As an address again, without the page."""
        values = {
            "kind": self.kind, "state": self.state, "instrument": self.instrument,
            "from": self.first.isoformat() if self.first else "", "to": self.last.isoformat() if self.last else "",
            "q": self.text,
        }  # fmt: skip
        return urlencode({name: value for name, value in values.items() if value})


def read_filters(query: Mapping[str, str]) -> Filters:
    kind, state = query.get("kind", ""), query.get("state", "")
    return Filters(
        kind=kind if kind in Alert.Kind.values else "",
        state=state if state in Alert.State.values else "",
        instrument=query.get("instrument", "").replace("\0", "")[:16],
        first=_date(query.get("from", "")),
        last=_date(query.get("to", "")),
        text=query.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT],
    )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def filtered(alerts: QuerySet[Alert], wanted: Filters) -> QuerySet[Alert]:
    """`text` is looked for in codes and names of the parties."""
    plain = {
        "kind": wanted.kind, "state": wanted.state, "instrument__code": wanted.instrument,
        "day__gte": wanted.first, "day__lte": wanted.last,
    }  # fmt: skip
    alerts = alerts.filter(**{name: value for name, value in plain.items() if value})
    if wanted.text:
        named = AlertParty.objects.filter(
            Q(organisation__code__icontains=wanted.text)
            | Q(organisation__name_zh__icontains=wanted.text)
            | Q(organisation__name_en__icontains=wanted.text),
            alert=OuterRef("pk"),
        )
        alerts = alerts.filter(Exists(named))
    return alerts


@dataclass(frozen=True, slots=True)
class LegShown:
    """A piece of a day to be replayed, with the times of its ends."""

    day: dt.date
    code: str
    first_event: int
    last_event: int
    begins: dt.datetime | None
    ends: dt.datetime | None

    @property
    def before(self) -> int:
        return self.first_event - 1


def legs_of(alert: Alert) -> list[LegShown]:
    """Where in which day to look."""
    if alert.instrument is None:
        return []
    shown = []
    for leg in alert.legs:
        day = dt.date.fromisoformat(leg["day"])
        times = dict(
            Event.objects.filter(day=day, no__in=[leg["first_event"], leg["last_event"]]).values_list(
                "no", "at"
            )
        )
        first, last = leg["first_event"], leg["last_event"]
        shown.append(LegShown(day, alert.instrument.code, first, last, times.get(first), times.get(last)))
    return shown


def trades_of(alert: Alert) -> list[Trade]:
    """The trades that it names; of wash trades and rings those between the parties on its days. At most a hundred."""
    trades = Trade.objects.filter(instrument=alert.instrument).select_related("buyer", "seller")
    if alert.trades:
        return list(trades.filter(day=alert.day, no__in=alert.trades).order_by("no"))
    if alert.kind in {Alert.Kind.WASH, Alert.Kind.RING}:
        parties = [party.organisation_id for party in alert.parties.all()]
        between = trades.filter(
            day__in=[leg["day"] for leg in alert.legs], buyer__in=parties, seller__in=parties
        ).exclude(kind=Trade.Kind.AUCTION)
        return list(between.order_by("day", "no")[:MOST_NAMED])
    return []


def orders_of(alert: Alert) -> list[Order]:
    """The listings that it names."""
    found = Order.objects.filter(pk__in=alert.orders).select_related("organisation", "command")
    return list(found.order_by("accepted_event"))


def instruments() -> Iterable[Instrument]:
    return Instrument.objects.order_by("rank", "code")


def counts(alerts: QuerySet[Alert]) -> dict[str, Any]:
    """How many are in each state."""
    return {state: alerts.filter(state=state).count() for state in Alert.State.values}
