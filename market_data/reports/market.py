"""The public market report of a settled day: what the exchange's bulletin says, and the books' proof.

Never in it: who traded, or what anybody holds (registry-rules.md 8). Of a reconciliation that found breaks it
says how many each check found; which rows stands with the trading day, for the operators.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Min, Sum
from django.utils.translation import gettext_lazy as _

from exchange.board import percent
from exchange.matching.money import yuan
from exchange.models import Bar, CompositeBar, TradingDay
from market_data.composite_day import weights_on
from market_data.reports.figures import moment
from market_data.reports.publish import Content
from market_data.reports.tables import Column, Table, table
from registry.models import LedgerDay

QUANTITIES = ("volume", "block_volume", "auction_volume")
MONEY = ("turnover", "block_turnover", "auction_turnover")
COUNTS = ("trades", "block_trades", "auction_trades")
FIGURES = tuple(f"{name}_t" for name in QUANTITIES) + tuple(f"{name}_fen" for name in MONEY) + COUNTS


def build(day: dt.date) -> Content:
    """The content of a closed and sealed day's report. Raises DoesNotExist where the day was not traded."""
    trading_day = TradingDay.objects.get(day=day)
    bars = list(
        Bar.objects.filter(day=day)
        .select_related("instrument")
        .order_by("instrument__rank", "instrument__code")
    )
    cumulative = _cumulative(day)
    return {
        "calendar": trading_day.calendar,
        "instruments": [{**_bar(bar), **cumulative[bar.instrument_id]} for bar in bars],
        "composite": _composite(day),
        "totals": {
            **_figures({name: sum(getattr(bar, name) for bar in bars) for name in FIGURES}),
            **cumulative[None],
        },
        "sources": sorted(set(Bar.objects.filter(day__lte=day).values_list("source", flat=True))),
        "reconciliation": _reconciliation(trading_day),
        "ledger": _ledger(day),
        "closed_at": moment(trading_day.closed_at) if trading_day.closed_at else None,
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "instrument": bar.instrument.code,
        "name_zh": bar.instrument.name_zh,
        "name_en": bar.instrument.name_en,
        "source": bar.source,
        **_prices(bar),
        **_figures({name: getattr(bar, name) for name in FIGURES}),
    }


def _prices(bar: Bar | CompositeBar) -> dict[str, Any]:
    return {
        "open": yuan(bar.open_fen),
        "high": None if bar.high_fen is None else yuan(bar.high_fen),
        "low": None if bar.low_fen is None else yuan(bar.low_fen),
        "close": yuan(bar.close_fen),
        "prev_close": yuan(bar.prev_close_fen),
        "change": yuan(bar.close_fen - bar.prev_close_fen),
        "change_pct": percent(bar.close_fen - bar.prev_close_fen, bar.prev_close_fen),
    }


def _figures(values: Mapping[str, int]) -> dict[str, Any]:
    """Volume, turnover and number of trades by method, and all methods together."""
    return {
        **{name: values[f"{name}_t"] for name in QUANTITIES},
        **{name: yuan(values[f"{name}_fen"]) for name in MONEY},
        **{name: values[name] for name in COUNTS},
        "total_volume": sum(values[f"{name}_t"] for name in QUANTITIES),
        "total_turnover": yuan(sum(values[f"{name}_fen"] for name in MONEY)),
    }


def _cumulative(day: dt.date) -> dict[int | None, dict[str, Any]]:
    """Since the first bar, by instrument, and all of them under None; imported and simulated days count too."""
    until = Bar.objects.filter(day__lte=day)
    sums = {name: Sum(name) for name in FIGURES[:6]}
    by_instrument = until.values("instrument_id").annotate(since=Min("day"), **sums).order_by()
    found: dict[int | None, dict[str, Any]] = {row["instrument_id"]: _since(row) for row in by_instrument}
    found[None] = _since(until.aggregate(since=Min("day"), **sums))
    return found


def _since(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cumulative_volume": sum(int(row[name] or 0) for name in FIGURES[:3]),
        "cumulative_turnover": yuan(sum(int(row[name] or 0) for name in FIGURES[3:6])),
        "cumulative_since": row["since"].isoformat() if row["since"] else None,
    }


def _composite(day: dt.date) -> dict[str, Any] | None:
    bar = CompositeBar.objects.filter(day=day).first()
    return {**_prices(bar), "weights": weights_on(day), "source": bar.source} if bar else None


def _reconciliation(trading_day: TradingDay) -> dict[str, Any] | None:
    found = trading_day.reconciliation
    return {"clean": found["clean"], "checks": found["checks"]} if found else None


def _ledger(day: dt.date) -> dict[str, Any] | None:
    sealed = LedgerDay.objects.filter(day=day).first()
    if sealed is None:
        return None
    return {"transfers": sealed.transfers, "head": sealed.head, "previous_head": sealed.previous_head}


PRICE_COLUMNS = (
    Column("instrument", _("Instrument")),
    Column("open", _("Open"), money=True),
    Column("high", _("High"), money=True),
    Column("low", _("Low"), money=True),
    Column("close", _("Close"), money=True),
    Column("prev_close", _("Previous close"), money=True),
    Column("change", _("Change"), money=True),
    Column("change_pct", _("Change %"), money=True),
    Column("volume", _("Listed volume (t)")),
    Column("turnover", _("Listed turnover (yuan)"), money=True),
    Column("trades", _("Listed trades")),
    Column("block_volume", _("Block volume (t)")),
    Column("block_turnover", _("Block turnover (yuan)"), money=True),
    Column("block_trades", _("Block trades")),
    Column("auction_volume", _("Auction volume (t)")),
    Column("auction_turnover", _("Auction turnover (yuan)"), money=True),
    Column("auction_trades", _("Auction trades")),
    Column("total_volume", _("Total volume (t)")),
    Column("total_turnover", _("Total turnover (yuan)"), money=True),
    Column("cumulative_volume", _("Cumulative volume (t)")),
    Column("cumulative_turnover", _("Cumulative turnover (yuan)"), money=True),
)


def tables(content: Content) -> list[Table]:
    """One table of instruments, the composite and the totals; one of what proves the day."""
    lines = [*content["instruments"]]
    if content["composite"]:
        lines.append({**content["composite"], "instrument": "COMPOSITE"})
    lines.append({**content["totals"], "instrument": "TOTAL"})
    return [
        table("market", _("Market report"), PRICE_COLUMNS, lines),
        table("proof", _("Proof"), (Column("name", _("What")), Column("value", _("Value"))), _proof(content)),
    ]


def _proof(content: Content) -> list[dict[str, Any]]:
    found = content["reconciliation"] or {"checks": []}
    ledger = content["ledger"] or {}
    pairs = [
        ("day", content["day"]),
        ("version", content["version"]),
        ("reason", content["reason"]),
        ("published_at", content["published_at"]),
        ("sources", " ".join(content["sources"])),
        *((f"reconcile {check['check']}", f"{check['breaks']} breaks") for check in found["checks"]),
        *(
            (f"ledger {name}", ledger[name])
            for name in ("transfers", "head", "previous_head")
            if name in ledger
        ),
    ]
    return [{"name": name, "value": value} for name, value in pairs]
