"""Tables of surveillance.

Alert             something conspicuous that a day's events show; found once, never changed but for its state
AlertParty        whom it concerns, and as what
AlertStep         from state to state: who, when, why
ThresholdRow      a threshold from a later day on; before that the platform's own hold (thresholds.py)
SurveillanceRun   a day that was looked through
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from exchange.models import Instrument
from registry.guards import append_only, never_deleted


class Alert(models.Model):
    """One finding of one day (rows.Finding). `figures` and `thresholds` are what the detector compared."""

    class Kind(models.TextChoices):
        WASH = "wash", _("Wash trades")
        RING = "ring", _("Ring of trades")
        CANCELS = "cancels", _("Listed and cancelled")
        LAYERING = "layering", _("Layering")
        CLOSE_MOVE = "close_move", _("Close moved by small trades")
        EDGE = "edge", _("Tiny trade at the band edge")
        CONCENTRATION = "concentration", _("Concentrated trading")
        POSITION = "position", _("Position limit")
        LARGE_HOLDER = "large_holder", _("Large holder")
        FAR_BLOCK = "far_block", _("Block far from the close")
        PRICE_MOVE = "price_move", _("Price move over some days")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("alert", "Open")
        EXPLAINED = "explained", _("Explained")
        ESCALATED = "escalated", _("Escalated")

    day = models.DateField()
    kind = models.CharField(max_length=16, choices=Kind)
    #: null where it is about no single instrument
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="alerts")
    #: what makes it the same alert when the day is looked through again
    key = models.CharField(max_length=800)
    figures = models.JSONField()
    thresholds = models.JSONField()
    #: where to look: [{"day", "first_event", "last_event"}]
    legs = models.JSONField(default=list)
    #: numbers of the trades and listings that show it; the figures count all of them, these are at most a hundred
    trades = models.JSONField(default=list)
    orders = models.JSONField(default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "kind", "instrument", "key"], name="alert_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-day"], name="alert_by_state")]
        triggers: ClassVar = [
            *never_deleted(),
            pgtrigger.ReadOnly(name="found_once", exclude=["state"]),
            pgtrigger.FSM(
                name="state_steps",
                field="state",
                transitions=[
                    ("open", "explained"),
                    ("open", "escalated"),
                    ("explained", "open"),
                    ("escalated", "explained"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}"


class AlertParty(models.Model):
    """An organisation that an alert concerns. `role`: first, second, member, lister, taker, counterparty, …"""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="alerts")
    role = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "organisation"], name="party_once_an_alert"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.alert_id} {self.organisation_id} {self.role}"


class AlertStep(models.Model):
    """A person's step: into another state, or only a note where both are the same. Never without a reason."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    before = models.CharField(max_length=9, choices=Alert.State)
    after = models.CharField(max_length=9, choices=Alert.State)
    reason = models.CharField(max_length=2_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="alert_step_has_a_reason"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.alert_id} {self.before} → {self.after}"


class ThresholdRow(models.Model):
    """A threshold's value from a later day on. Written once: what a day was judged by never changes."""

    name = models.CharField(max_length=40)
    value = models.BigIntegerField()
    valid_from = models.DateField()
    reason = models.CharField(max_length=400)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: Beijing's day and time of the setting
    set_on = models.DateField()
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="one_threshold_a_day"),
            models.CheckConstraint(
                condition=models.Q(valid_from__gt=models.F("set_on")), name="threshold_of_a_later_day"
            ),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="threshold_not_negative"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="threshold_has_a_reason"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.name} {self.value} from {self.valid_from}"


class SurveillanceRun(models.Model):
    """A settled day that was looked through, when last, and how many alerts it has."""

    day = models.DateField(primary_key=True)
    done_at = models.DateTimeField()
    alerts = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.alerts}"
