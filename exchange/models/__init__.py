"""The exchange's tables, gathered for Django: what is traded, what was asked, what came of it, and when."""

from exchange.models.calendar import CalendarDay, DemoClock, TradingDay
from exchange.models.history import Bulletin
from exchange.models.instrument import Bar, CompositeBar, CompositeWeights, Instrument, InstrumentParameters
from exchange.models.orders import Command, Event, Order, Trade

__all__ = [
    "Bar",
    "Bulletin",
    "CalendarDay",
    "Command",
    "CompositeBar",
    "CompositeWeights",
    "DemoClock",
    "Event",
    "Instrument",
    "InstrumentParameters",
    "Order",
    "Trade",
    "TradingDay",
]
