"""Old vintages turned into a new one (registry-rules.md 5). Quantities are tonnes."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Request
from registry.emitters.models import Emitter
from registry.guards import append_only, never_deleted
from registry.ledger.models import Asset


class CarryOver(models.Model):
    """One application; `ceiling` keeps how T was worked out on the day of it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        DONE = "done", _("Carried over")
        REFUSED = "refused", _("Refused")

    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="carry_overs")
    target = models.ForeignKey(Asset, models.PROTECT)
    quantity_t = models.BigIntegerField()
    ceiling = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="carry_over")
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity_t__gt=0), name="carry_over_is_positive"),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.emitter_id} {self.quantity_t}"


class CarryOverLine(models.Model):
    carry_over = models.ForeignKey(CarryOver, models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, models.PROTECT)
    quantity_t = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carry_over", "asset"], name="one_carry_over_line_an_asset"),
            models.CheckConstraint(condition=models.Q(quantity_t__gt=0), name="carry_over_line_is_positive"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.asset_id} {self.quantity_t}"


class HoldingReading(models.Model):
    """What an emitter held of an old vintage at the cut-off, read once from the ledger's transfers."""

    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="holding_readings")
    asset = models.ForeignKey(Asset, models.PROTECT)
    cut_off = models.DateTimeField()
    held_t = models.BigIntegerField()
    pending_t = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emitter", "asset", "cut_off"], name="one_reading_a_cut_off"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.emitter_id} {self.asset_id} {self.held_t}"
