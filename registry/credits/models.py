"""Credits from their project to the holdings of its owner (registry-rules.md 6).

    Project      who reduces, by which methodology, since when
    CreditIssue  a monitoring period's verified reductions, issued as units with a range of serials

Units of one asset are alike once issued, so whatever decides where a credit may be used (registered when, inside
a covered sector or not) also decides which asset it is issued as.
"""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Request
from accounts.models import Organisation
from registry.guards import never_deleted
from registry.inclusion.guards import issued_as_converted
from registry.ledger.models import Asset


class Project(models.Model):
    class Scheme(models.TextChoices):
        CCER = "ccer", "CCER"
        SHCER = "shcer", "SHCER"

    code = models.CharField(max_length=40, unique=True)
    scheme = models.CharField(max_length=8, choices=Scheme, default=Scheme.CCER)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="credit_projects")
    methodology = models.CharField(max_length=80)
    sector = models.CharField(max_length=80)
    province = models.CharField(max_length=6)
    registered_on = models.DateField()
    #: Its reductions happen inside a sector that the market covers: such credits are never surrendered.
    in_covered_sector = models.BooleanField(default=False)

    class Meta:
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.code


class CreditIssue(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        ISSUED = "issued", _("Issued")
        REFUSED = "refused", _("Refused")

    project = models.ForeignKey(Project, models.PROTECT, related_name="issues")
    period_from = models.DateField()
    period_to = models.DateField()
    verified_t = models.BigIntegerField()
    quantity_t = models.BigIntegerField()
    asset = models.ForeignKey(Asset, models.PROTECT)
    #: given when issued, `serial_last - serial_first + 1 = quantity_t`, no overlap within an asset
    serial_first = models.BigIntegerField(null=True)
    serial_last = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="credit_issue")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_t__gt=0)
                & models.Q(quantity_t__lte=models.F("verified_t"))
                & models.Q(period_from__lte=models.F("period_to")),
                name="credit_issue_in_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(serial_first__isnull=True, serial_last__isnull=True)
                | models.Q(serial_last=models.F("serial_first") + models.F("quantity_t") - 1),
                name="credit_serials_count_the_units",
            ),
            ExclusionConstraint(
                name="credit_serials_never_twice",
                expressions=[
                    ("asset", RangeOperators.EQUAL),
                    (
                        models.Func(
                            models.F("serial_first"),
                            models.F("serial_last"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(serial_first__isnull=False),
            ),
            ExclusionConstraint(
                name="credit_period_never_twice",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    (
                        models.Func(
                            models.F("period_from"),
                            models.F("period_to"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~models.Q(state="refused"),
            ),
        ]
        triggers: ClassVar = [*never_deleted(), issued_as_converted()]

    def __str__(self) -> str:
        return f"{self.project} {self.period_from}–{self.period_to}"
