"""An emitter's year, what it owes, and what it has surrendered.

    ComplianceYear  the emitter is covered in this year; the figures that every page reads
    Deadline        the last day to surrender for a year
    Surrender       units named for an obligation: pending, then gone for good or back
    SurrenderLine   how much of which asset
    Shortfall       what was missing when the deadline passed, with its working, until an authority decides
    Certificate     proof of a completed surrender or of a cancellation, which anybody can check by its number

All quantities are tonnes, money is fen.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.approvals.models import Request
from accounts.models import Organisation, User
from registry.emitters.models import Emitter
from registry.guards import append_only, never_deleted
from registry.ledger.models import Asset


class ComplianceYear(models.Model):
    """One emitter, one year. The sums are kept by the verbs, in the transaction that makes them true."""

    class State(models.TextChoices):
        NOT_DUE = "not_due", _("Not due")
        OPEN = "open", pgettext_lazy("compliance year", "Open")
        PART = "part", _("Part surrendered")
        COMPLETE = "complete", _("Complete")
        OVERDUE = "overdue", _("Overdue")

    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    #: sum of the units' latest reports; empty until all of it is verified
    verified_t = models.BigIntegerField(null=True)
    preallocated_t = models.BigIntegerField(default=0)
    #: the final allocation, empty until it is determined
    allocated_t = models.BigIntegerField(null=True)
    #: what was issued for this year so far, less what was recalled
    issued_t = models.BigIntegerField(default=0)
    #: empty until verified
    obligation_t = models.BigIntegerField(null=True)
    surrendered_t = models.BigIntegerField(default=0)
    #: the part of `surrendered_t` that was credits
    credits_t = models.BigIntegerField(default=0)
    #: named in surrenders that wait for approval
    pending_t = models.BigIntegerField(default=0)
    #: as it was when the deadline passed; never changed afterwards
    state_at_deadline = models.CharField(max_length=16, choices=State, blank=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emitter", "year"], name="one_row_a_year"),
            models.CheckConstraint(
                condition=models.Q(
                    surrendered_t__gte=0,
                    credits_t__gte=0,
                    pending_t__gte=0,
                    issued_t__gte=0,
                    preallocated_t__gte=0,
                )
                & models.Q(credits_t__lte=models.F("surrendered_t")),
                name="compliance_sums_in_bounds",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "emitter"], name="compliance_year_emitter")]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.emitter_id} {self.year}"


class Deadline(models.Model):
    """The last day to surrender for a year (registry-rules.md 4: a row in the table of dates)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    day = models.DateField()
    #: when the states were kept as they were, and shortfalls computed
    passed_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.year}: {self.day}"


class Surrender(models.Model):
    """One application. `giver` is the emitter itself, or the one that helps it (assisted surrender)."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        APPROVED = "approved", _("Surrendered")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    compliance_year = models.ForeignKey(ComplianceYear, models.PROTECT, related_name="surrenders")
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="surrenders_given")
    quantity_t = models.BigIntegerField()
    credits_t = models.BigIntegerField(default=0)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="surrender")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_t__gt=0, credits_t__gte=0)
                & models.Q(credits_t__lte=models.F("quantity_t")),
                name="surrender_quantities_in_bounds",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.compliance_year} {self.quantity_t}"


class SurrenderLine(models.Model):
    surrender = models.ForeignKey(Surrender, models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, models.PROTECT)
    quantity_t = models.BigIntegerField()
    #: of it, tonnes that can only be surrendered: refused or withdrawn, they are tied again
    surrender_only_t = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["surrender", "asset"], name="one_line_an_asset"),
            models.CheckConstraint(condition=models.Q(quantity_t__gt=0), name="surrender_line_is_positive"),
            models.CheckConstraint(
                condition=models.Q(surrender_only_t__gte=0, surrender_only_t__lte=models.F("quantity_t")),
                name="surrender_line_ties_no_more",
            ),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.asset_id} {self.quantity_t}"


class Shortfall(models.Model):
    """Missing tonnes with fine and deduction as computed; nothing is taken until an authority decides."""

    class State(models.TextChoices):
        COMPUTED = "computed", _("Computed, waiting for a decision")
        PROPOSED = "proposed", _("Decision proposed")
        DECIDED = "decided", _("Decided")
        DROPPED = "dropped", _("Dropped")

    compliance_year = models.OneToOneField(ComplianceYear, models.PROTECT, related_name="shortfall")
    missing_t = models.BigIntegerField()
    #: first day of the month whose trades give the average price
    price_month = models.DateField(null=True)
    turnover_fen = models.BigIntegerField(default=0)
    volume_t = models.BigIntegerField(default=0)
    fine_low_fen = models.BigIntegerField()
    fine_high_fen = models.BigIntegerField()
    deduction_t = models.BigIntegerField(default=0)
    #: the rule, its document, and each step with its values
    working = models.JSONField(default=dict)
    computed_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State, default=State.COMPUTED)
    fine_fen = models.BigIntegerField(null=True)
    decided_deduction_t = models.BigIntegerField(null=True)
    decision = models.TextField(blank=True)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="shortfall")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(missing_t__gt=0, fine_low_fen__gte=0)
                & models.Q(fine_low_fen__lte=models.F("fine_high_fen")),
                name="shortfall_in_bounds",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.compliance_year} -{self.missing_t}"


class Certificate(models.Model):
    """What was proven, word for word. `number` is public; the page under it shows the content and the digest."""

    class Kind(models.TextChoices):
        COMPLIANCE = "compliance", _("Certificate of surrender")
        CANCELLATION = "cancellation", _("Certificate of cancellation")
        AUCTION = "auction", _("Certificate of the result of an auction")
        PURCHASE = "purchase", _("Certificate of a purchase by auction")

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    #: everything that the certificate states; its canonical JSON gives the digest
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return self.number
