"""The durable engine of `manage.py replay`: the same lines down the path that live orders take.

Stored by the intake's INSERT, decided by the engine's drain, settled in the ledger; what is printed is read
back from the tables. It runs in a database of its own (see the command).
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from accounts.models import Organisation
from exchange import clock, engine
from exchange.intake import Refused, route, store
from exchange.matching.composite import Composite
from exchange.matching.events import Bar as BarEvent
from exchange.matching.money import parse_price, yuan
from exchange.matching.replay import credited
from exchange.matching.replay_format import (
    BadLine,
    Line,
    balance_line,
    bar_line,
    composite_line,
    fees_line,
    parameters,
    read,
)
from exchange.models import Bar, Command, Event, Instrument, InstrumentParameters, Order, Trade, TradingDay
from exchange.settlement import close_day
from registry.ledger.post import Move, post
from registry.models import Account, Asset

ALWAYS = dt.date(2000, 1, 1)


class DurableReplay:
    """One file's run. `lines` yields what happened."""

    def __init__(self) -> None:
        self.fee_bps = 0
        self.members: dict[str, Organisation] = {}
        self.instruments: dict[str, Instrument] = {}
        self.composite: Composite | None = None
        self.day = dt.date(2021, 7, 16)
        self.trades = 0
        #: stored and not yet printed; an event line where the intake refused
        self.waiting: list[Command | Line] = []

    def lines(self, source: Iterable[str]) -> Iterator[Line]:
        """Yields the events of a file. Raises BadLine where it is wrong."""
        commands = list(read(source))
        self._open_offices()
        self._open_day(
            next((c["date"] for _, c in commands if c["cmd"] == "close_day"), self.day.isoformat())
        )
        for place, (number, command) in enumerate(commands):
            verb = getattr(self, f"_{command['cmd']}", None)
            if verb is not None:
                yield from self._flush()
                verb(number, command)
            elif command["cmd"] == "close_day":
                yield from self._flush()
                yield from self._close(command["date"])
                later = (c["date"] for _, c in commands[place + 1 :] if c["cmd"] == "close_day")
                following = dt.date.fromisoformat(command["date"]) + dt.timedelta(days=1)
                self._open_day(next(later, following.isoformat()))
            else:
                yield from self._take_in(number, command)
        yield from self._flush()
        yield from self._balances()

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.combine(self.day, dt.time(10), tzinfo=clock.BEIJING)

    # --- setting the scene ------------------------------------------------------------------------------

    def _open_offices(self) -> None:
        kinds = Organisation.Kind
        for code, kind in (("exchange", kinds.EXCHANGE), ("registry", kinds.REGISTRY), ("bank", kinds.BANK)):
            office = Organisation.objects.create(code=f"·{code}", kind=kind, name_zh=code, name_en=code)
            setattr(self, code, office)
        Asset.objects.create(code=Asset.CNY, kind=Asset.Kind.MONEY, name_zh="人民币", name_en="Yuan")

    def _open_day(self, date: str) -> None:
        self.day = dt.date.fromisoformat(date)
        TradingDay.objects.create(day=self.day, calendar="replay", opened_at=self.at)

    def _fees(self, number: int, command: Line) -> None:
        self.fee_bps = command["bps"]
        InstrumentParameters.objects.update(fee_bps=self.fee_bps)

    def _instrument(self, number: int, command: Line) -> None:
        code, given = command["code"], parameters(command, self.fee_bps)
        if code in {Asset.CNY, *self.instruments}:
            raise BadLine(number, f"the code {code!r} is taken")
        asset = self._asset(code)
        instrument = Instrument.objects.create(
            code=code,
            asset=asset,
            name_zh=code,
            name_en=code,
            prev_close_fen=parse_price(command["prev_close"]) or 0,
        )
        InstrumentParameters.objects.create(
            instrument=instrument, valid_from=ALWAYS, tick_fen=given.tick, max_qty_t=given.max_qty,
            block_min_qty_t=given.block_min_qty, band_bps=given.band_bps, block_band_bps=given.block_band_bps,
            levels=given.levels, position_limit_t=given.position_limit, fee_bps=given.fee_bps,
        )  # fmt: skip
        self.instruments[code] = instrument

    def _asset(self, code: str) -> Asset:
        words = {"kind": Asset.Kind.ALLOWANCE, "name_zh": code, "name_en": code}
        return Asset.objects.get_or_create(code=code, defaults=words)[0]

    def _member(self, number: int, command: Line) -> None:
        code = command["id"]
        self.members[code], _ = Organisation.objects.update_or_create(
            code=code,
            defaults={
                "kind": Organisation.Kind.INSTITUTION, "name_zh": code, "name_en": code,
                "status": command.get("status", "active"),
            },
        )  # fmt: skip

    def _credit(self, number: int, command: Line) -> None:
        member, asset, amount = self.members.get(command["member"]), command["asset"], command["amount"]
        if member is None:
            raise BadLine(number, f"no member {command['member']!r}")
        office = self.bank if asset == Asset.CNY else self.registry  # type: ignore[attr-defined]
        units = credited(number, parse_price(amount) if asset == Asset.CNY else amount)
        self._asset(asset)
        if units:
            move = Move(
                asset, units, (office.pk, "source"), (member.pk, "trading"), "deposit", f"credit:{number}"
            )
            post([move], cause=f"credit:{number}", at=self.at, day=self.day)
        else:
            Account.objects.get_or_create(holder=member, asset_id=asset, purpose="trading")

    def _composite(self, number: int, command: Line) -> None:
        missing = sorted(set(command["weights"]) - set(self.instruments))
        if missing:
            raise BadLine(number, f"no instrument {missing[0]!r}")
        prices = dict(Instrument.objects.values_list("code", "prev_close_fen"))
        traded = Bar.objects.filter(day=self.day, last_fen__isnull=False)
        prices |= {bar.instrument.code: bar.last_fen or 0 for bar in traded.select_related("instrument")}
        self.composite = Composite(command["weights"], parse_price(command["prev_close"]) or 0, prices)

    # --- commands ---------------------------------------------------------------------------------------

    def _take_in(self, number: int, command: Line) -> Iterator[Line]:
        if command["cmd"] == "phase":
            instrument = self.instruments.get(command["instrument"])
            if instrument is None:
                raise BadLine(number, f"no instrument {command['instrument']!r}")
            self._stored(command, instrument, None)
            return
        member = self.members.get(command["member"])
        instrument, reason = self._routed(command, member)
        if instrument is None:
            line = {"event": "rejected", "id": command["id"], "member": command["member"], "reason": reason}
            self.waiting.append(line)
        elif not self._stored(command, instrument, member):
            # An undecided order has this id: the intake takes the next one when it is decided.
            yield from self._flush()
            self._stored(command, instrument, member)

    def _routed(self, command: Line, member: Organisation | None) -> tuple[Instrument | None, str]:
        """The instrument that decides the command, or why the intake refuses it."""
        try:
            instrument = route(_storable(command), member or Organisation(code=command["member"]), self.at)
        except Refused as refusal:
            return None, refusal.code
        return (instrument, "") if member is not None else (None, "UNKNOWN_MEMBER")

    def _stored(self, command: Line, instrument: Instrument, member: Organisation | None) -> bool:
        stored = store(_storable(command), instrument=instrument, organisation=member, at=self.at)
        if stored is not None:
            self.waiting.append(stored)
        return stored is not None

    def _flush(self) -> Iterator[Line]:
        """Lets the engine decide what is stored, and tells what it said."""
        stored = [each for each in self.waiting if isinstance(each, Command)]
        engine.drain([instrument.pk for instrument in self.instruments.values()], at=self.at)
        events: dict[int, list[Event]] = {}
        rows = Event.objects.filter(command__in=stored).order_by("no")
        for event in rows.select_related("organisation", "order__organisation", "command__organisation"):
            events.setdefault(event.command_id, []).append(event)
        trades = self._trades_of(stored)
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            if isinstance(each, Command):
                for event in events[each.pk]:
                    yield from self._told(event, trades)
            else:
                yield each

    def _trades_of(self, commands: list[Command]) -> dict[int, Trade]:
        numbers = Event.objects.filter(command__in=commands, kind="trade").values_list("no", flat=True)
        rows = Trade.objects.filter(event__in=list(numbers)).select_related(
            "instrument", "buyer", "seller", "listing__organisation", "taker__organisation"
        )
        return {trade.event: trade for trade in rows}

    def _told(self, event: Event, trades: dict[int, Trade]) -> Iterator[Line]:
        command = event.command
        whose = command.organisation.code if command.organisation else ""
        match event.kind:
            case "accepted":
                yield {"event": "accepted", "id": command.client_id, "member": whose}
            case "rejected":
                yield {"event": "rejected", "id": command.client_id, "member": whose, "reason": event.reason}
            case "trade":
                yield self._trade_line(trades[event.no])
            case "cancelled" | "expired":
                order = _ordered(event)
                yield {"event": event.kind, **_name(order), "qty": event.qty_t}

    def _trade_line(self, trade: Trade) -> Line:
        self.trades += 1
        if self.composite is not None and trade.kind == Trade.Kind.LISTED:
            self.composite.trade(trade.instrument.code, trade.price_fen)
        return {
            "event": "trade", "no": self.trades, "instrument": trade.instrument.code, "kind": trade.kind,
            "price": yuan(trade.price_fen), "qty": trade.qty_t, "buyer": trade.buyer.code,
            "seller": trade.seller.code, "listing": _name(trade.listing), "taker": _name(trade.taker),
        }  # fmt: skip

    # --- the end of a day, the end of the file ------------------------------------------------------------

    def _close(self, date: str) -> Iterator[Line]:
        close_day(self.day, at=self.at)
        closes = Event.objects.filter(command__kind="close_day", day=self.day, kind="expired")
        for event in closes.select_related("order__organisation").order_by("order__accepted_event"):
            yield {"event": "expired", **_name(_ordered(event)), "qty": event.qty_t}
        bars = list(Bar.objects.filter(day=self.day).select_related("instrument"))
        for bar in sorted(bars, key=lambda bar: bar.instrument.code):
            yield bar_line(_as_event(bar))
        if self.composite is not None:
            closing = {bar.instrument.code: bar.close_fen for bar in bars}
            composite = self.composite.bar(date, closing)
            self.composite = Composite(self.composite.weights, composite.close, closing)
            yield composite_line(composite)
        TradingDay.objects.filter(pk=self.day).update(status=TradingDay.Status.SETTLED, settled_at=self.at)

    def _balances(self) -> Iterator[Line]:
        held: dict[tuple[str, str], dict[str, int]] = {}
        accounts = Account.objects.filter(holder__in=self.members.values()).select_related("holder")
        for account in accounts:
            held.setdefault((account.holder.code, account.asset_id), {})[account.purpose] = account.balance
        for (member, asset), amounts in sorted(held.items()):
            yield balance_line(
                member, asset, amounts.get("trading", 0), amounts.get("order", 0), amounts.get("unsettled", 0)
            )
        fees = Account.objects.filter(holder__kind=Organisation.Kind.EXCHANGE, asset=Asset.CNY).first()
        yield fees_line(fees.balance if fees else 0)


def _storable(command: Line) -> Line:
    """What is no price, quantity or instrument may be nothing that PostgreSQL can keep; its spelling is none either."""
    return {field: value if _keeps(value) else ascii(value) for field, value in command.items()}


def _keeps(value: object) -> bool:
    try:
        return "\\u0000" not in json.dumps(value, allow_nan=False, ensure_ascii=False) and not _surrogates(
            value
        )
    except (TypeError, ValueError):
        return False


def _surrogates(value: object) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in str(value))


def _ordered(event: Event) -> Order:
    assert event.order is not None, "an order was cancelled or expired"
    return event.order


def _name(order: Order) -> Line:
    return {"member": order.organisation.code, "id": order.client_id}


def _as_event(bar: Bar) -> BarEvent:
    return BarEvent(
        bar.instrument.code, bar.day.isoformat(), bar.open_fen, bar.high_fen, bar.low_fen, bar.close_fen,
        bar.prev_close_fen, bar.volume_t, bar.turnover_fen, bar.trades, bar.block_volume_t, bar.block_turnover_fen,
        bar.block_trades, bar.auction_volume_t, bar.auction_turnover_fen, bar.auction_trades,
    )  # fmt: skip
