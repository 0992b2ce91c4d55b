"""The exchange's tables, gathered for Django: what is traded, what was asked, what came of it, and when."""

from exchange.auction.models import Auction
from exchange.models.calendar import CalendarDay, DemoClock, TradingDay
from exchange.models.history import Bulletin
from exchange.models.instrument import Bar, CompositeBar, CompositeWeights, Instrument, InstrumentParameters
from exchange.models.orders import Command, Event, Order, Trade

# After those: a negotiation is about an instrument, and its turns are commands.
from exchange.block.models import (  # isort: skip
    BlockGroup,
    BlockGroupMember,
    Invitation,
    Negotiation,
    Standing,
    Turn,
)

__all__ = [
    "Auction",
    "Bar",
    "BlockGroup",
    "BlockGroupMember",
    "Bulletin",
    "CalendarDay",
    "Command",
    "CompositeBar",
    "CompositeWeights",
    "DemoClock",
    "Event",
    "Instrument",
    "InstrumentParameters",
    "Invitation",
    "Negotiation",
    "Order",
    "Standing",
    "Trade",
    "TradingDay",
    "Turn",
]
