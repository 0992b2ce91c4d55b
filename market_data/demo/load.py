"""All of the demo's data, in the order in which one thing needs the other."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from accounts.models import Organisation, User
from exchange import calendar_source, clock
from exchange.history import bulletins, demo_past
from exchange.history.importing import Outcome, import_bulletins
from exchange.history.series import SERIES, enter_weights, list_instruments
from exchange.history.simulation import OFFSET, SimulatedDay, level
from exchange.models import Instrument, TradingDay
from market_data.demo.allocations import settle_allocations
from market_data.demo.auctions import settle_auctions
from market_data.demo.compliance import settle_surrenders
from market_data.demo.credits import settle_credits
from market_data.demo.emitters import settle_emitters
from market_data.demo.emitters_stats import TOTAL
from market_data.demo.holdings import put_into_circulation
from market_data.demo.inclusion import settle_inclusion
from market_data.demo.keys import make_keys
from market_data.demo.listings import seed_listings
from market_data.demo.people import settle_people


class NotADemoError(Exception):
    """This database belongs to somebody else."""


@dataclass
class Loaded:
    """What the demo has now, for the person who started it."""

    keys: dict[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    listings: int = 0


def load(history: Path | None, *, emitters: int = TOTAL) -> Loaded:
    """Makes what is missing, with a nation of about so many emitters.

    Raises NotADemoError, OSError, UnicodeDecodeError, bulletins.MissingColumnsError.
    """
    if Organisation.objects.exists() and not User.objects.filter(is_demo=True).exists():
        raise NotADemoError(
            "This database has organisations, but none of the demo's people: it is no demo's."
        )
    loaded = Loaded()
    settle_people()
    settle_emitters(emitters)
    if not calendar_source.calendar_is_loaded():
        calendar_source.load_library()
    load_market(history)
    if history:
        with history.open(encoding="utf-8-sig", newline="") as lines:
            loaded.outcome = import_bulletins(lines)
    settle_allocations()
    settle_credits()
    put_into_circulation()
    settle_surrenders()
    settle_inclusion()
    loaded.keys = make_keys()
    loaded.listings = seed_listings()
    settle_auctions()
    return loaded


def load_market(history: Path | None) -> None:
    """Instruments at the closes of their past, the composite's weights, and a simulated past if there is no other."""
    fresh = Instrument.objects.count() < len(SERIES)
    simulate = history is None and not demo_past.history_exists()
    if fresh or simulate:
        past = demo_past.simulated_past(first_own_day())
        if fresh:
            list_instruments(SERIES, reference_prices(past, history))
        if simulate:
            demo_past.store(past)
    enter_weights()


def first_own_day() -> dt.date:
    first = TradingDay.objects.order_by("day").values_list("day", flat=True).first()
    return min(first, clock.today()) if first else clock.today()


def reference_prices(past: list[SimulatedDay], history: Path | None) -> dict[str, int]:
    """What stands for each instrument's previous close on the first day, in fen.

    With a simulated past its last closes; with bulletins the national vintages stand about their last close.
    """
    today = clock.today()
    prices = {series.code: level(series.code, today) for series in SERIES}
    if past:
        prices |= {code: figures.close for code, figures in past[-1].figures.items()}
    if history:
        with history.open(encoding="utf-8-sig", newline="") as lines:
            rows, _ = bulletins.read(lines, before=today)
        if rows:
            last = rows[-1].close_fen
            national = [series.code for series in SERIES if series.code.startswith("CEA")]
            prices |= {code: max(last + OFFSET.get(code, 0), 1) for code in national}
    return prices
