"""Looks: who read another organisation's data, and what of it. Append-only."""

from typing import ClassVar

from django.db import models

from accounts.models import Organisation, User
from registry.guards import append_only


class Look(models.Model):
    """One reading of data that is not public, by somebody of another organisation."""

    user = models.ForeignKey(User, models.PROTECT, related_name="looks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="looked_at")
    #: what was shown, such as `emitter`, `transfers.csv`
    what = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-at"], name="look_at_organisation")]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id} {self.what}"
