"""When the market trades: the calendar, and each trading day from its opening to its settlement."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.guards import never_deleted


class CalendarDay(models.Model):
    """Whether a date is a trading day. Read once from `exchange_calendars`; the operator adds what it lacks."""

    day = models.DateField(primary_key=True)
    is_trading = models.BooleanField()
    #: `XSHG` for the library's sessions, `operator` for what people entered
    source = models.CharField(max_length=16)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {'open' if self.is_trading else 'closed'}"


class TradingDay(models.Model):
    """One day of the market. At most one is open at a time, and it is settled before the next one opens."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed, settlement under way")
        SETTLED = "settled", _("Settled")

    day = models.DateField(primary_key=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    #: the demo calendar, where every hour is open, or the real sessions
    calendar = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    #: orders expired, bars final, closes set, T+1 released; one transaction
    closed_at = models.DateTimeField(null=True, blank=True)
    #: what `reconcile` said at the close: {"clean": bool, "breaks": [...]}
    reconciliation = models.JSONField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="open"), name="one_open_trading_day"
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.day} {self.status}"


class DemoClock(models.Model):
    """How many days the demo's market is ahead of the world. One row; only the demo calendar reads it."""

    days = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.days} days ahead"

    @classmethod
    def days_ahead(cls) -> int:
        return cls.objects.values_list("days", flat=True).first() or 0
