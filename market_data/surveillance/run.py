"""All detectors over a settled day. The same day again gives the same alerts, and leaves their states alone.

Whatever a detector needs is committed and final by then, so nothing here can hold up a settlement: it runs after it,
by beat and the bell of `market_data.tasks`, and by `manage.py surveil DATE`.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from exchange import clock
from exchange.models import Instrument, TradingDay
from market_data.surveillance import load, load_holdings
from market_data.surveillance.detectors import between, closing, listing, prices, sizes
from market_data.surveillance.models import Alert, AlertParty, SurveillanceRun, ThresholdRow
from market_data.surveillance.rows import Finding
from market_data.surveillance.thresholds import Thresholds, in_force

#: Key of the advisory lock under which alerts are written; any number that nothing else uses.
LOCK_KEY = 0x7461_6E73_6869_02
BATCH = 1_000


class NotSettledError(Exception):
    """Only a settled day is looked through; the text is for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many alerts a day has, and how many of them are new."""

    day: dt.date
    alerts: int
    fresh: int


def surveil(day: dt.date) -> Outcome:
    """Looks through a day. Raises NotSettledError."""
    settled = TradingDay.Status.SETTLED
    if not TradingDay.objects.filter(day=day, status=settled).exists():
        raise NotSettledError(_("%s is not a settled trading day; nothing was looked through.") % day)
    thresholds = thresholds_on(day)
    found: list[tuple[Instrument | None, Finding]] = [
        (instrument, finding)
        for instrument in Instrument.objects.order_by("rank", "code")
        for finding in findings(instrument, day, thresholds)
    ]
    found += [(None, each) for each in sizes.large_holders(load_holdings.totals(day), thresholds)]
    return _kept(day, found)


def days_due() -> list[dt.date]:
    """Settled days that nobody looked through yet, the earliest first."""
    settled = TradingDay.objects.filter(status=TradingDay.Status.SETTLED)
    done = SurveillanceRun.objects.values("day")
    return list(settled.exclude(day__in=done).order_by("day").values_list("day", flat=True))


def thresholds_on(day: dt.date) -> dict[str, int]:
    """Every threshold as it holds on a day."""
    return in_force(ThresholdRow.objects.values_list("name", "valid_from", "value"), day)


def findings(instrument: Instrument, date: dt.date, thresholds: Thresholds) -> Iterator[Finding]:
    """What all detectors of one instrument's day find."""
    day = load.day_of(instrument, date, thresholds["move_days"] + 1)
    if day is None:
        return
    looked_at = load.days_of(date, max(thresholds["wash_days"], thresholds["ring_days"]))
    flows = load.flows(instrument, looked_at)
    yield from between.wash_trades(flows, looked_at, thresholds)
    yield from between.ring_trades(flows, looked_at, thresholds)
    withdrawn = load.withdrawn(instrument, date)
    yield from listing.frequent_cancels(day, withdrawn, load.declared(instrument, date), thresholds)
    members = listing.could_layer(withdrawn, thresholds)
    yield from listing.layering(day, withdrawn, load.listed_of(instrument, date, members), thresholds)
    told: set[int] = set()
    if day.ends is not None and day.volume:
        since = day.ends - dt.timedelta(minutes=thresholds["close_minutes"])
        for finding in closing.close_moves(day, load.listed_since(instrument, date, since), thresholds):
            told |= set(finding.trades)
            yield finding
    # More trades than tonnes that are still tiny cannot be tiny: no more need be read.
    most = thresholds["edge_small_t"] + 1
    at_edges = [
        trade
        for edge in (day.low_edge, day.high_edge)
        for trade in load.listed_at(instrument, date, edge, most)
    ]
    yield from closing.edge_trades(day, at_edges, thresholds, told=frozenset(told))
    yield from sizes.concentrations(day, flows, thresholds)
    if day.position_limit:
        yield from sizes.positions(day, load_holdings.positions(instrument, date), thresholds)
    yield from prices.far_blocks(day, load.blocks(instrument, date), thresholds)
    yield from prices.price_moves(day, thresholds)


@transaction.atomic
def _kept(day: dt.date, found: list[tuple[Instrument | None, Finding]]) -> Outcome:
    """Writes what is not there yet. One writer at a time: of two runs the second finds everything there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
    known = set(Alert.objects.filter(day=day).values_list("kind", "instrument", "key"))
    fresh = [
        (instrument, finding)
        for instrument, finding in found
        if (finding.kind, instrument.pk if instrument else None, finding.key) not in known
    ]
    at = clock.now()
    alerts = Alert.objects.bulk_create(
        [_alert(day, instrument, finding, at) for instrument, finding in fresh], BATCH
    )
    codes = {code for _, finding in fresh for code, _ in finding.parties}
    organisations = dict(Organisation.objects.filter(code__in=codes).values_list("code", "pk"))
    AlertParty.objects.bulk_create(
        [
            AlertParty(alert=alert, organisation_id=organisations[code], role=role, rank=rank)
            for alert, (_, finding) in zip(alerts, fresh, strict=True)
            for rank, (code, role) in enumerate(_once(finding.parties))
        ],
        BATCH,
    )
    count = len(known) + len(fresh)
    SurveillanceRun.objects.update_or_create(day=day, defaults={"done_at": at, "alerts": count})
    return Outcome(day, count, len(fresh))


def _alert(day: dt.date, instrument: Instrument | None, finding: Finding, at: dt.datetime) -> Alert:
    return Alert(
        day=day, kind=finding.kind, instrument=instrument, key=finding.key, figures=finding.figures,
        thresholds=finding.thresholds,
        legs=[
            {"day": leg.day.isoformat(), "first_event": leg.first_event, "last_event": leg.last_event}
            for leg in finding.legs
        ],
        trades=list(finding.trades), orders=list(finding.orders), found_at=at,
    )  # fmt: skip


def _once(parties: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """A member that took its part in two ways is named for the first."""
    roles: dict[str, str] = {}
    for code, role in parties:
        roles.setdefault(code, role)
    return list(roles.items())
