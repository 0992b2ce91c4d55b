"""Figures as reports show them: yuan strings, signed where they are moves, times in Beijing."""

import datetime as dt

from exchange.clock import BEIJING
from exchange.matching.money import yuan
from registry.models import Asset


def shown(asset: str, amount: int) -> str | int:
    """An amount of an asset: yuan as a string of two places, tonnes as a whole number."""
    return yuan(amount) if asset == Asset.CNY else amount


def moment(at: dt.datetime) -> str:
    """A time in Beijing, to the millisecond, with its offset."""
    return at.astimezone(BEIJING).isoformat(timespec="milliseconds")
