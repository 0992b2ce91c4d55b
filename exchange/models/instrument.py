"""What is traded: instruments, their dated parameters, their day in figures, and the composite."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.guards import never_deleted
from registry.models import Asset


class Instrument(models.Model):
    """One tradable unit type with its own book, previous close, bands and close (trading-rules.md: Instruments).

    The row is also the lock that makes one writer per instrument, and says where that writer stands:
    `last_event` is the number of the last committed event, so a cached book that knows another number is stale.
    """

    class Phase(models.TextChoices):
        CLOSED = "closed", _("Closed")
        MORNING = "morning", _("Morning session")
        BREAK = "break", _("Midday break")
        AFTERNOON = "afternoon", _("Afternoon session")
        HALTED = "halted", _("Halted")

    code = models.CharField(max_length=16, unique=True)
    asset = models.OneToOneField(Asset, models.PROTECT, related_name="instrument")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    #: order on the pages
    rank = models.PositiveSmallIntegerField(default=100)
    phase = models.CharField(max_length=9, choices=Phase, default=Phase.CLOSED)
    halt_reason = models.CharField(max_length=200, blank=True)
    #: fen per tonne; a new instrument starts with its listing reference price
    prev_close_fen = models.BigIntegerField()
    last_event = models.BigIntegerField(default=0)
    #: trades of this instrument so far; the next one's number is one more
    trade_count = models.BigIntegerField(default=0)
    #: what the world sees after `last_event`: quote and five levels a side (exchange/board.py)
    board = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["rank", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(prev_close_fen__gt=0), name="prev_close_above_zero"),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class InstrumentParameters(models.Model):
    """The parameters of an instrument from a date on; a trade day uses the latest that are not after it."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="parameters")
    valid_from = models.DateField()
    tick_fen = models.PositiveIntegerField(default=1)
    max_qty_t = models.PositiveBigIntegerField(default=99_999)
    block_min_qty_t = models.PositiveBigIntegerField(default=100_000)
    band_bps = models.PositiveIntegerField(default=1_000)
    block_band_bps = models.PositiveIntegerField(default=3_000)
    levels = models.PositiveSmallIntegerField(default=5)
    position_limit_t = models.PositiveBigIntegerField(null=True, blank=True)
    fee_bps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "valid_from"], name="one_parameter_set_a_day"),
            models.CheckConstraint(
                condition=models.Q(
                    tick_fen__gt=0, levels__gt=0, band_bps__lt=10_000, block_band_bps__lt=10_000
                ),
                name="parameters_make_sense",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.instrument_id} from {self.valid_from}"


class Bar(models.Model):
    """An instrument's trading day in figures; kept up by the engine with every batch, final at the close.

    `open`, `high`, `low` of listed trades; `close` is the listed VWAP, so far or final (trading-rules.md:
    End of day). Turnover in fen, volume in tonnes, each method of trade in its own columns. `source` tells
    the platform's own days from imported or simulated history.
    """

    class Source(models.TextChoices):
        MARKET = "market", _("This market")
        IMPORTED = "imported", _("Imported bulletin")
        SIMULATED = "simulated", _("Simulated")

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="bars")
    day = models.DateField()
    source = models.CharField(max_length=9, choices=Source, default=Source.MARKET)
    final = models.BooleanField(default=False)
    prev_close_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
    high_fen = models.BigIntegerField(null=True)
    low_fen = models.BigIntegerField(null=True)
    last_fen = models.BigIntegerField(null=True)
    close_fen = models.BigIntegerField()
    volume_t = models.BigIntegerField(default=0)
    turnover_fen = models.BigIntegerField(default=0)
    trades = models.BigIntegerField(default=0)
    block_volume_t = models.BigIntegerField(default=0)
    block_turnover_fen = models.BigIntegerField(default=0)
    block_trades = models.BigIntegerField(default=0)
    auction_volume_t = models.BigIntegerField(default=0)
    auction_turnover_fen = models.BigIntegerField(default=0)
    auction_trades = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["day", "instrument_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "day"], name="one_bar_a_day"),
            models.CheckConstraint(
                condition=models.Q(volume_t__gte=0, turnover_fen__gte=0, trades__gte=0, close_fen__gt=0),
                name="bar_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.day}"


class CompositeWeights(models.Model):
    """The weights of the composite (综合价) from a date on: {instrument code: whole number}."""

    valid_from = models.DateField(unique=True)
    weights = models.JSONField()

    def __str__(self) -> str:
        return f"from {self.valid_from}"


class CompositeBar(models.Model):
    """The composite of one day, in fen."""

    day = models.DateField(primary_key=True)
    source = models.CharField(max_length=9, choices=Bar.Source, default=Bar.Source.MARKET)
    prev_close_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
    high_fen = models.BigIntegerField()
    low_fen = models.BigIntegerField()
    close_fen = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day}"
