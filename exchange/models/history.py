"""The national market's day as its bulletin prints it, for the days before this platform's own."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.models.instrument import Bar


class Bulletin(models.Model):
    """One day of the national market over all vintages: price, volumes and turnovers by method, cumulative.

    Prices are the listed price of the only vintage (`listed`) or the composite (`composite`); null where the
    bulletin prints none. Turnover in fen, volume in tonnes. Cumulative figures run from 2021-07-16.
    """

    class Basis(models.TextChoices):
        LISTED = "listed", _("Listed price")
        COMPOSITE = "composite", _("Composite price")

    day = models.DateField(primary_key=True)
    source = models.CharField(max_length=9, choices=Bar.Source)
    basis = models.CharField(max_length=9, choices=Basis)
    #: null where the day before it is not known
    prev_close_fen = models.BigIntegerField(null=True)
    open_fen = models.BigIntegerField(null=True)
    high_fen = models.BigIntegerField(null=True)
    low_fen = models.BigIntegerField(null=True)
    close_fen = models.BigIntegerField()
    volume_t = models.BigIntegerField()
    turnover_fen = models.BigIntegerField()
    block_volume_t = models.BigIntegerField()
    block_turnover_fen = models.BigIntegerField()
    auction_volume_t = models.BigIntegerField()
    auction_turnover_fen = models.BigIntegerField()
    cumulative_volume_t = models.BigIntegerField()
    cumulative_turnover_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(close_fen__gt=0, volume_t__gte=0, turnover_fen__gte=0),
                name="bulletin_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source}"
