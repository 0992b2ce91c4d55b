"""Holdings that cannot move freely, and holdings that move without a trade (registry-rules.md 2 and 7).

    Freeze, FreezeLine  tonnes frozen by a court's or authority's document
    Pledge              tonnes that secure a loan until the pledgee releases them
    TrustedEntry        whom an organisation may send to, and from which day
    NonTradeTransfer    tonnes from one organisation to another without a price

Quantities are tonnes, money is fen.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Request
from accounts.models import Organisation
from registry.guards import append_only, never_deleted
from registry.ledger.models import Asset


class Freeze(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        FROZEN = "frozen", _("Frozen")
        RELEASED = "released", _("Released")
        REFUSED = "refused", _("Refused")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="freezes")
    #: the document that orders it, and who issued that
    document_number = models.CharField(max_length=120)
    ordered_by = models.CharField(max_length=200)
    #: everything the organisation holds, not only the named lines
    whole = models.BooleanField(default=False)
    #: a whole freeze suspends its organisation; where that was suspended already, its end must not change it
    suspended_it = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="freeze")
    release_request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="freeze_released")
    frozen_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.document_number}"


class FreezeLine(models.Model):
    """`purpose`: where the tonnes were, and where they go back to."""

    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, models.PROTECT)
    purpose = models.CharField(max_length=16)
    quantity_t = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["freeze", "asset", "purpose"], name="one_freeze_line_a_place"),
            models.CheckConstraint(condition=models.Q(quantity_t__gt=0), name="freeze_line_is_positive"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.asset_id} {self.quantity_t}"


class Pledge(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        PLEDGED = "pledged", _("Pledged")
        RELEASED = "released", _("Released")
        DISPOSED = "disposed", _("Handed over for sale")
        REFUSED = "refused", _("Refused")

    pledgor = models.ForeignKey(Organisation, models.PROTECT, related_name="pledges_given")
    pledgee = models.ForeignKey(Organisation, models.PROTECT, related_name="pledges_held")
    asset = models.ForeignKey(Asset, models.PROTECT)
    quantity_t = models.BigIntegerField()
    loan_fen = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    contract_number = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="pledge")
    release_request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="pledge_released")
    pledged_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_t__gt=0, loan_fen__gt=0)
                & models.Q(starts_on__lt=models.F("ends_on"))
                & ~models.Q(pledgor=models.F("pledgee")),
                name="pledge_in_bounds",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.pledgor_id}→{self.pledgee_id} {self.quantity_t} {self.asset_id}"


class TrustedEntry(models.Model):
    """`effective_on`: four working days after the second person's approval."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        LISTED = "listed", _("On the list")
        REFUSED = "refused", _("Refused")
        REMOVED = "removed", _("Removed")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="trusted_list")
    trusted = models.ForeignKey(Organisation, models.PROTECT, related_name="trusted_by")
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="trusted_entry")
    effective_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "trusted"],
                condition=models.Q(state__in=["pending", "listed"]),
                name="trusted_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(organisation=models.F("trusted")), name="trusts_another"
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.organisation_id}→{self.trusted_id}"


class NonTradeTransfer(models.Model):
    class Ground(models.TextChoices):
        COURT = "court", _("Court enforcement")
        SUCCESSION = "succession", _("Inheritance or succession")
        MERGER = "merger", _("Merger or split")
        OTHER = "other", _("Other ground in law")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        DONE = "done", _("Transferred")
        REFUSED = "refused", _("Refused")

    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_out")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_in")
    asset = models.ForeignKey(Asset, models.PROTECT)
    quantity_t = models.BigIntegerField()
    ground = models.CharField(max_length=16, choices=Ground)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="non_trade_transfer")
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_t__gt=0) & ~models.Q(sender=models.F("receiver")),
                name="non_trade_transfer_in_bounds",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.sender_id}→{self.receiver_id} {self.quantity_t} {self.asset_id}"
