"""Allocation on its way from a formula to holdings.

    Plan           one stage of one year for one province and sector: worked out, sent for approval, issued whole
    PlanRow        one emitter's line of it, with its units and how every number came about
    Adjustment     tonnes still to be deducted from an emitter: borrowed, enforcement, arrears
    AdjustmentUse  what an issued plan deducted from one, or gave back to it

All quantities are tonnes.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.emitters.models import Emitter, Sector
from registry.guards import append_only, never_deleted
from registry.ledger.models import Asset


class Plan(models.Model):
    """Pre-allocation or final allocation of a province's emitters of a sector, or a later correction of it."""

    class Stage(models.TextChoices):
        PRE = "pre", _("Pre-allocation")
        FINAL = "final", _("Final allocation")
        CORRECTION = "correction", _("Correction")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        ISSUING = "issuing", _("Being issued")
        ISSUED = "issued", _("Issued")
        REFUSED = "refused", _("Refused")
        DROPPED = "dropped", _("Dropped")

    year = models.PositiveSmallIntegerField()
    province = models.CharField(max_length=6)
    sector = models.CharField(max_length=16, choices=Sector)
    stage = models.CharField(max_length=16, choices=Stage)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    asset = models.ForeignKey(Asset, models.PROTECT)
    made_by = models.ForeignKey(User, models.PROTECT)
    made_at = models.DateTimeField()
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="plan")
    issued_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    #: the share of last year's emissions that a province chose, where it is less than its plan's
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    #: the sector's balance value of the year, tCO2e a tonne (steel, cement, aluminium)
    balance_value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    #: the table of units it was worked out from; empty where that was the verified reports
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="plans")
    #: SHA-256 over all that its numbers rest on: when it has changed, the plan must be made anew
    basis = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "province", "sector", "stage"],
                condition=models.Q(
                    state__in=["draft", "waiting", "issuing", "issued"], stage__in=["pre", "final"]
                ),
                name="one_live_plan_a_stage",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.year} {self.province} {self.sector} {self.stage}"


class PlanRow(models.Model):
    """One emitter's line. At most one of `issue_t` and `recall_t` is above zero."""

    class Ground(models.TextChoices):
        ARREARS = "arrears", _("Earlier surrender unpaid")
        FREEZE = "freeze", _("Judicial freeze")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rows")
    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="plan_rows")
    pre_t = models.BigIntegerField(default=0)
    initial_t = models.BigIntegerField(default=0)
    floor_t = models.BigIntegerField(default=0)
    final_t = models.BigIntegerField(default=0)
    verified_t = models.BigIntegerField(default=0)
    gap_rate_pct = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    deducted_t = models.BigIntegerField(default=0)
    returned_t = models.BigIntegerField(default=0)
    issue_t = models.BigIntegerField(default=0)
    recall_t = models.BigIntegerField(default=0)
    #: The part of `recall_t` that was not in the registry holding: it became an adjustment.
    uncollected_t = models.BigIntegerField(default=0)
    #: Differentiated allocation: issued to the province's account, which surrenders first and hands on the rest.
    to_province = models.BooleanField(default=False)
    province_ground = models.CharField(max_length=16, choices=Ground, blank=True)
    province_reason = models.TextField(blank=True)
    #: what the province's account surrendered for it when the plan was issued
    surrendered_t = models.BigIntegerField(default=0)
    #: [{"unit", "source", "inputs": {…}, "ff", "electricity_t", "heat_t", "topup_t", "unit_t"}]: from the inputs
    #: the working is told anew (`derivations.py`)
    units = models.JSONField(default=list)
    #: how the emitter's own numbers of this stage came about, step by step
    steps = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "emitter"], name="one_row_an_emitter"),
            models.CheckConstraint(
                condition=models.Q(issue_t__gte=0, recall_t__gte=0)
                & (models.Q(issue_t=0) | models.Q(recall_t=0)),
                name="issue_or_recall",
            ),
            models.CheckConstraint(
                condition=models.Q(uncollected_t__gte=0, uncollected_t__lte=models.F("recall_t"))
                & models.Q(surrendered_t__gte=0, surrendered_t__lte=models.F("issue_t")),
                name="plan_row_outcome_in_bounds",
            ),
            # Whose tonnes go to the authority instead is somebody's decision, with its reason.
            models.CheckConstraint(
                condition=models.Q(to_province=False)
                | (~models.Q(province_ground="") & ~models.Q(province_reason="")),
                name="to_province_for_a_reason",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.plan} {self.emitter_id}"


class Adjustment(models.Model):
    """Tonnes to be deducted when issuing the allocation of `year` or later, until `remaining_t` is 0."""

    class Ground(models.TextChoices):
        BORROWED = "borrowed", _("Borrowed earlier")
        ENFORCEMENT = "enforcement", _("Enforcement")
        ARREARS = "arrears", _("Arrears of surrender")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")

    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="adjustments")
    year = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=16, choices=Ground)
    ordered_t = models.BigIntegerField()
    remaining_t = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="adjustment")
    #: the plan whose recall left it over; empty where people ordered it
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="left_over")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ordered_t__gt=0, remaining_t__gte=0)
                & models.Q(remaining_t__lte=models.F("ordered_t")),
                name="adjustment_remainder_in_bounds",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.emitter_id} {self.year} {self.remaining_t}/{self.ordered_t}"


class AdjustmentUse(models.Model):
    """`taken_t` above zero: deducted when the plan was issued; below zero: given back to the adjustment."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="uses")
    plan = models.ForeignKey(Plan, models.PROTECT)
    taken_t = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.taken_t}"
