"""The words the desk's scripts say, in the language of the page; scripts hold none of their own."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exchange.block.words import block_words
from exchange.models import Command, Instrument, Order, Trade


def desk_words() -> dict[str, str]:
    """Key → words; `{name}` is filled in by the script."""
    return {
        **{f"phase.{value}": str(label) for value, label in Instrument.Phase.choices},
        **{f"kind.{value}": str(label) for value, label in Command.Kind.choices},
        **{f"side.{value}": str(label) for value, label in Order.Side.choices},
        **status_words(),
        **{f"trade.{value}": str(label) for value, label in Trade.Kind.choices},
        **connection_words(),
        **chart_words(),
        **book_words(),
        **ticket_words(),
        **outcome_words(),
        **block_words(),
    }


def status_words() -> dict[str, str]:
    """Of orders: some of these words mean another thing for a price or a holding."""
    return {
        "status.pending": pgettext("order", "Pending"),
        "status.open": pgettext("order", "Open"),
        "status.filled": pgettext("order", "Filled"),
        "status.cancelled": pgettext("order", "Cancelled"),
        "status.expired": pgettext("order", "Expired"),
        "status.rejected": pgettext("order", "Refused"),
    }


def connection_words() -> dict[str, str]:
    return {
        "live.live": _("live"),
        "live.connecting": _("connecting"),
        "live.reconnecting": _("reconnecting"),
        "live.stale": _("stale: nothing heard for 3 s"),
        "until.opens": _("opens in"),
        "until.break": _("breaks in"),
        "until.resumes": _("resumes in"),
        "until.closed": _("closes in"),
        "unit.yuan": _("yuan"),
        "unit.tonnes": _("t"),
    }


def chart_words() -> dict[str, str]:
    return {
        "chart.intraday": _("Intraday"),
        "chart.candles": _("Candles"),
        "chart.compare": _("Compare"),
        "chart.depth": _("Depth"),
        "chart.note": _("Beijing time"),
        "chart.nothing": _("No candle yet: the chart begins with the first trade."),
        "chart.simulated": _("simulated history"),
        "chart.imported": _("history: Shanghai Environment and Energy Exchange"),
        "chart.failed": _("The chart's data could not be loaded; it is tried again."),
        "chart.no_common_day": _(
            "There is no day on which all of these have a close. Choose others, or a longer range."
        ),
        "chart.since": _("per cent since {day}"),
        "chart.base": _("prev. close"),
        "chart.vwap": _("VWAP"),
        "chart.price": _("Price"),
        "chart.volume": _("Volume"),
        "chart.time": _("Time"),
        "chart.open": pgettext("candle", "O"),
        "chart.high": pgettext("candle", "H"),
        "chart.low": pgettext("candle", "L"),
        "chart.close": pgettext("candle", "C"),
        "depth.what": _("Cumulative depth of the book; the same figures stand in the table."),
        "depth.none": _("The book is empty: whoever lists first is its depth."),
        "depth.note": _("Public book: the five best levels of each side"),
        "depth.sums": _("buyers {buy} t, sellers {sell} t"),
        "depth.buy": _("down to {price}: {qty} t wanted"),
        "depth.sell": _("up to {price}: {qty} t on offer"),
        "depth.level": _("Level"),
        "depth.price": _("Price, yuan/t"),
        "depth.qty": _("Quantity, t"),
        "depth.up_to": _("Up to here, t"),
        "event.deadline": _("Deadline"),
        "event.policy": _("Policy"),
        "event.listing": _("Listing"),
    }


def book_words() -> dict[str, str]:
    return {
        "book.sell": _("sell {n}"),
        "book.buy": _("buy {n}"),
        "book.pick": _("pick"),
        "book.unpick": _("unpick"),
        "book.own": _("mine"),
        "book.more": _("and {n} more"),
        "book.expand": _("Show the {n} listings at {price}"),
        "book.take": _("Take at {price}: fills the ticket"),
        "book.spread": _("spread {spread}"),
        "picked.any": _("any, oldest first"),
        "picked.some": _("№ {numbers}"),
        "picked.clear": _("clear"),
    }


def ticket_words() -> dict[str, str]:
    return {
        "kind.list.what": _("Your offer rests in the book until somebody takes it or the day ends."),
        "kind.take.what": _("You take listings of the other side, best price first, up to your limit."),
        "kind.block.what": _(
            "A large offer beside the book, in the afternoon, accepted whole by one member."
        ),
        "band": _("{low}–{high}"),
        "locks.money": _("{amount} yuan + fee {fee}"),
        "locks.tonnes": _("{qty} t"),
        "amount.money": _("{amount} yuan"),
        "amount.tonnes": _("{qty} t"),
        "settles.buy": _("T+1: what you buy today can be sold from {day} on."),
        "settles.sell": _("T+0: the money buys at once; it can be withdrawn after the close."),
        "fills.none": _("nothing in reach"),
        "fills.some": _("{qty} t at {average} on average"),
        "preview.list": _("List: {side} {qty} t of {instrument} at {price} yuan/t."),
        "preview.take": _("Take: {side} up to {qty} t of {instrument} at {price} yuan/t or better."),
        "preview.block": _("Block offer: {side} {qty} t of {instrument} at {price} yuan/t."),
        "preview.fill": _("{qty} t at {price} from № {no}"),
        "preview.fill_level": _("{qty} t at {price}"),
        "preview.rest.cancel": _("{qty} t would be cancelled."),
        "preview.rest.list": _("{qty} t would be listed at {price}."),
        "preview.locks": _("Locks {amount} until it trades or ends."),
        "check.price": _("Give a price in yuan with at most two decimals, such as 48.00."),
        "check.qty": _("Give whole tonnes, at least 1."),
        "send.sending": _("Sending …"),
    }


def outcome_words() -> dict[str, str]:
    return {
        "outcome.open": _("№ {no} is in the book: {side} {qty} t at {price}."),
        "outcome.filled": _("Done: {side} {qty} t, {average} yuan/t on average."),
        "outcome.part_open": _(
            "{filled} t traded at {average} on average; {left} t rest in the book as № {no}."
        ),
        "outcome.part_cancelled": _(
            "{filled} t traded at {average} on average; the other {left} t were cancelled."
        ),
        "outcome.cancelled": _("№ {no} was cancelled; nothing traded."),
        "outcome.pending": _("Received, not decided yet; it shows under My orders."),
        "outcome.again": _("No answer yet: sending the same order again. It cannot trade twice."),
        "outcome.unsent": _(
            "No connection: nothing is known about this order. Send again; it cannot trade twice."
        ),
        "outcome.refused": _("Refused: {reason}"),
        "toast.fill": _("{instrument}: {side} {qty} t at {price}"),
        "toast.cancelled": _("№ {no} cancelled."),
        "toast.dropped": _(
            "The exchange dropped this connection because it could not keep up; connecting again."
        ),
        "cancel": _("Cancel"),
        "cancel.confirm": _("Cancel all {n} open orders?"),
        "cancel.failed": _("Not cancelled: {reason}"),
        "none": _("–"),
    }
