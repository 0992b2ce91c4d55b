"""Voluntary cancellation (自愿注销): units that leave the total for somebody's benefit (registry-rules.md 6)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Request
from accounts.models import Organisation
from registry.compliance.models import Certificate
from registry.guards import never_deleted
from registry.ledger.models import Asset


class Cancellation(models.Model):
    """Tonnes cancelled for a named beneficiary and purpose; `footprint` are the rows they were worked out from."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        CANCELLED = "cancelled", _("Cancelled for good")
        REFUSED = "refused", _("Refused")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cancellations")
    asset = models.ForeignKey(Asset, models.PROTECT)
    quantity_t = models.BigIntegerField()
    beneficiary = models.CharField(max_length=200)
    purpose = models.CharField(max_length=500)
    #: [{"item", "amount", "unit", "factor", "source", "kg"}], empty where no event was worked out
    footprint = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="cancellation")
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, related_name="cancellation")
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity_t__gt=0), name="cancellation_is_positive"),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.quantity_t} {self.asset_id}"
