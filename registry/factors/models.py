"""Factors entered on the platform; those that it came with stand in `shipped`."""

from typing import ClassVar

from django.db import models

from accounts.approvals.models import Request
from registry.guards import append_only


class FactorRow(models.Model):
    """One value of one item from a day on. Written once, when the second person approves."""

    item = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=14, decimal_places=6)
    valid_from = models.DateField()
    source = models.CharField(max_length=300)
    #: whether who entered it has read the value at its source
    verified = models.BooleanField(default=False)
    request = models.OneToOneField(Request, models.PROTECT, related_name="factor")
    #: Beijing's day of the decision: a factor never changes what was counted already
    entered_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "valid_from"], name="one_factor_a_day"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="factor_not_negative"),
            models.CheckConstraint(
                condition=models.Q(valid_from__gt=models.F("entered_on")), name="factor_of_a_later_day"
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="factor_names_its_source"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.item} {self.value} {self.valid_from}"
