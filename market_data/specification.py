"""The contract specification (合约要素): an instrument's parameters by date, and how the composite is made up."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from django.conf import settings
from django.utils.translation import gettext as _

from exchange.matching.money import band, yuan
from exchange.models import CompositeWeights, Instrument, InstrumentParameters
from exchange.timetable import DEMO, XSHG
from market_data.composite_day import weights_on
from market_data.composite_now import CompositeNow
from registry.compliance import rules
from registry.words import grouped


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


def facts(instrument: Instrument, day: dt.date) -> list[Fact]:
    """What does not depend on a date, or holds on this one."""
    weight, total = weights_on(day) or {}, sum((weights_on(day) or {}).values())
    found = [
        Fact(_("Code"), instrument.code),
        Fact(_("Name"), instrument.name),
        Fact(_("What is traded"), f"{instrument.asset.get_kind_display()} · {instrument.asset_id}"),
        Fact(_("Unit of trade"), _("1 t CO2e; quantities are whole tonnes")),
        Fact(_("Quoted in"), _("yuan per tonne, two decimals")),
        Fact(_("Trading sessions"), sessions_in_words()),
        Fact(_("Ways to trade"), _("listed agreement; block agreement in the afternoon; one-way auction")),
        Fact(_("Opening price"), _("price of the day's first listed trade, else the previous close")),
        Fact(_("Closing price"), _("listed turnover ÷ listed volume (VWAP), half-up to the fen; else the previous close")),
        Fact(_("Settlement"), _("bought tonnes can be sold from the next trading day (T+1); money from sales buys at once (T+0)")),
        Fact(_("Previous close"), _("%s yuan/t") % yuan(instrument.prev_close_fen)),
    ]  # fmt: skip
    if instrument.code in weight:
        share = _("%(weight)s of %(total)s") % {"weight": weight[instrument.code], "total": total}
        found.append(Fact(_("Weight in the composite"), share))
    if years := accepted_in(instrument.asset_id):
        found.append(Fact(_("Can be surrendered for"), ", ".join(map(str, years))))
    return found


def sessions_in_words() -> str:
    """ "09:30–11:30, 13:00–15:00, Beijing time, on trading days"."""
    table = DEMO if settings.MARKET_CALENDAR == "demo" else XSHG
    trading = {Instrument.Phase.MORNING, Instrument.Phase.AFTERNOON}
    spans = [
        f"{begin:%H:%M}–{end:%H:%M}" for (begin, phase), (end, _next) in pairwise(table) if phase in trading
    ]
    return _("%s, Beijing time, on trading days") % ", ".join(spans)


def accepted_in(asset: str) -> list[int]:
    """The compliance years of the national market that take this asset in time."""
    return [year for year in rules.years() if rules.rules_of(year).verdict(asset, arrears=False).usable]


@dataclass(frozen=True, slots=True)
class Terms:
    """A line of the table of parameters: its value from each date on."""

    label: str
    values: list[str]


def parameters_by_date(instrument: Instrument) -> tuple[list[dt.date], list[Terms]]:
    """Dates from which parameters hold, the latest first, and each parameter's value from each."""
    rows = list(instrument.parameters.order_by("-valid_from"))
    return [row.valid_from for row in rows], [
        Terms(label, [say(row) for row in rows]) for label, say in _terms()
    ]


def _terms() -> list[tuple[str, Callable[[InstrumentParameters], str]]]:
    return [
        (_("Tick, yuan/t"), lambda row: yuan(row.tick_fen)),
        (_("Largest listed order, t"), lambda row: grouped(row.max_qty_t)),
        (_("Price band, ±%"), lambda row: yuan(row.band_bps)),
        (_("Smallest block, t"), lambda row: grouped(row.block_min_qty_t)),
        (_("Price band of blocks, ±%"), lambda row: yuan(row.block_band_bps)),
        (_("Levels shown and in reach of a take"), lambda row: str(row.levels)),
        (
            _("Position limit, t"),
            lambda row: grouped(row.position_limit_t) if row.position_limit_t else _("none"),
        ),
        (_("Fee of each side, %"), lambda row: yuan(row.fee_bps)),
    ]


def bands(instrument: Instrument, parameters: InstrumentParameters) -> list[Fact]:
    """The prices that may be traded at, in yuan, from the previous close (trading-rules.md: Band edges)."""
    low, high = band(instrument.prev_close_fen, parameters.band_bps)
    block_low, block_high = band(instrument.prev_close_fen, parameters.block_band_bps)
    return [
        Fact(_("Listed agreements"), f"{yuan(low)}–{yuan(high)}"),
        Fact(_("Block agreements"), f"{yuan(block_low)}–{yuan(block_high)}"),
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """A vintage in the composite: price × weight = product, in yuan."""

    code: str
    price: str
    traded: bool
    weight: int
    product: str


def shares(now: CompositeNow) -> tuple[list[Share], str, int]:
    """The composite's sum: each vintage, the sum of the products in yuan, the sum of the weights."""
    lines = [
        Share(part.code, yuan(part.price_fen), part.traded, part.weight, yuan(part.price_fen * part.weight))
        for part in now.parts
    ]
    return lines, yuan(sum(part.price_fen * part.weight for part in now.parts)), now.weight


def weights_by_date() -> tuple[list[dt.date], list[Terms]]:
    """Dates from which weights hold, the latest first, and each vintage's weight from each; empty for none."""
    rows = list(CompositeWeights.objects.order_by("-valid_from"))
    codes = dict.fromkeys(code for row in rows for code, weight in row.weights.items() if int(weight))
    return [row.valid_from for row in rows], [
        Terms(code, [str(row.weights.get(code) or "") for row in rows]) for code in codes
    ]
