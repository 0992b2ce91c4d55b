"""The public market report of a settled day: what the exchange's bulletin says, and the books' proof.

Never in it: who traded, or what anybody holds (registry-rules.md 8). Of a reconciliation that found breaks it
says how many each check found; which rows stands with the trading day, for the operators.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Min, Sum
from django.utils.translation import gettext_lazy as _

from exchange.history.series import FIRST_DAY
from exchange.matching.money import yuan
from exchange.models import Bar, CompositeBar, Trade, TradingDay
from market_data.composite_day import weights_on
from market_data.reports import bulletin
from market_data.reports.bulletin import MONEY as FEN
from market_data.reports.bulletin import NATIONAL, NationalDay, national_day, prices
from market_data.reports.bulletin import QUANTITIES as TONNES
from market_data.reports.figures import moment
from market_data.reports.publish import Content
from market_data.reports.tables import Column, Kind, Table, money, table, text, whole
from registry.models import LedgerDay

#: What a content is made of; raised when a field changes its meaning (docs/reports.md).
SCHEMA = 3
COUNTS = ("trades", "block_trades", "auction_trades")
FIGURES = (*TONNES, *FEN, *COUNTS)


def build(day: dt.date) -> Content:
    """The content of a closed and sealed day's report. Raises DoesNotExist where the day was not traded."""
    trading_day = TradingDay.objects.get(day=day)
    bars = list(
        Bar.objects.filter(day=day)
        .select_related("instrument")
        .order_by("instrument__rank", "instrument__code")
    )
    national = national_day(day)
    cumulative = _cumulative(day, national)
    return {
        "schema": SCHEMA,
        "calendar": trading_day.calendar,
        "bulletin": bulletin.shown(national) if national else None,
        "instruments": [{**_bar(bar), **cumulative[bar.instrument_id]} for bar in bars],
        "blocks": _blocks(day),
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


def _blocks(day: dt.date) -> list[dict[str, Any]]:
    """The day's block trades one by one; nothing of them was told while the day was open."""
    found = Trade.objects.filter(day=day, kind=Trade.Kind.BLOCK).select_related("instrument")
    return [
        {
            "instrument": trade.instrument.code,
            "no": trade.no,
            "time": moment(trade.at),
            "price": yuan(trade.price_fen),
            "qty": trade.qty_t,
            "amount": yuan(trade.turnover_fen),
        }
        for trade in found.order_by("instrument__rank", "instrument__code", "no")
    ]


def _prices(bar: Bar | CompositeBar) -> dict[str, Any]:
    return prices(bar.open_fen, bar.high_fen, bar.low_fen, bar.close_fen, prev_close_fen=bar.prev_close_fen)


def _figures(values: Mapping[str, int]) -> dict[str, Any]:
    """Volume, turnover and number of trades by method, and all methods together."""
    return {
        **{name.removesuffix("_t"): values[name] for name in TONNES},
        **{name.removesuffix("_fen"): yuan(values[name]) for name in FEN},
        **{name: values[name] for name in COUNTS},
        "total_volume": sum(values[name] for name in TONNES),
        "total_turnover": yuan(sum(values[name] for name in FEN)),
    }


def _cumulative(day: dt.date, national: NationalDay | None) -> dict[int | None, dict[str, Any]]:
    """By instrument since its first bar, and all of them under None; imported and simulated days count too.

    All of them: the national market as its bulletins count it, and the bars of the other instruments.
    """
    until = Bar.objects.filter(day__lte=day)
    sums = {name: Sum(name) for name in (*TONNES, *FEN)}
    by_instrument = until.values("instrument_id").annotate(since=Min("day"), **sums).order_by()
    found: dict[int | None, dict[str, Any]] = {row["instrument_id"]: _since(row) for row in by_instrument}
    if national is None:
        found[None] = _since(until.aggregate(since=Min("day"), **sums))
        return found
    others = until.exclude(instrument__code__startswith=NATIONAL).aggregate(**sums)
    found[None] = {
        "cumulative_volume": national.cumulative_volume_t + sum(int(others[name] or 0) for name in TONNES),
        "cumulative_turnover": yuan(
            national.cumulative_turnover_fen + sum(int(others[name] or 0) for name in FEN)
        ),
        "cumulative_since": FIRST_DAY.isoformat(),
    }
    return found


def _since(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cumulative_volume": sum(int(row[name] or 0) for name in TONNES),
        "cumulative_turnover": yuan(sum(int(row[name] or 0) for name in FEN)),
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
    text("instrument", _("Instrument")),
    money("open", _("Open")),
    money("high", _("High")),
    money("low", _("Low")),
    money("close", _("Close")),
    money("prev_close", _("Previous close")),
    money("change", _("Change")),
    money("change_pct", _("Change %")),
    whole("volume", _("Listed volume (t)")),
    money("turnover", _("Listed turnover (yuan)")),
    whole("trades", _("Listed trades")),
    whole("block_volume", _("Block volume (t)")),
    money("block_turnover", _("Block turnover (yuan)")),
    whole("block_trades", _("Block trades")),
    whole("auction_volume", _("Auction volume (t)")),
    money("auction_turnover", _("Auction turnover (yuan)")),
    whole("auction_trades", _("Auction trades")),
    whole("total_volume", _("Total volume (t)")),
    money("total_turnover", _("Total turnover (yuan)")),
    whole("cumulative_volume", _("Cumulative volume (t)")),
    money("cumulative_turnover", _("Cumulative turnover (yuan)")),
)
BLOCK_COLUMNS = (
    text("instrument", _("Instrument")),
    whole("no", _("No.")),
    Column("time", _("Time"), Kind.MOMENT),
    money("price", _("Price, yuan/t")),
    whole("qty", _("Quantity, t")),
    money("amount", _("Amount, yuan")),
)
PROOF_COLUMNS = (text("name", _("What")), text("value", _("Value")))


def tables(content: Content) -> list[Table]:
    """One table of instruments, the national market and the totals; one of block trades; one of what proves the day.

    The line COMPOSITE is the bulletin: the composite's prices, the volumes of all vintages. TOTAL has the other
    instruments too. Contents of schema 1, which stay as they were published, have no bulletin; those before 3 no
    list of block trades.
    """
    lines = [*content["instruments"]]
    if national := content.get("bulletin") or content["composite"]:
        lines.append({**national, "instrument": "COMPOSITE"})
    lines.append({**content["totals"], "instrument": "TOTAL"})
    return [
        table("market", _("Market report"), PRICE_COLUMNS, lines),
        table("blocks", _("Block trades"), BLOCK_COLUMNS, content.get("blocks", [])),
        table("proof", _("Proof"), PROOF_COLUMNS, _proof(content)),
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
    return [{"name": name, "value": str(value)} for name, value in pairs]
