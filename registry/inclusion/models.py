"""Carbon inclusion's tables.

    Scene            where acts are recorded, by one methodology and one operator; a credit project issues its SHCER
    PersonalAccount  a person's carbon account; its number is all that an operator knows of the person
    Joining          the person lets a scene report about the account, from a day to a day
    ActivityImport   an operator's file: shown, sent, applied whole by a second person, or dropped
    ActivityRecord   one act with its reduction and points, each number of the working beside it
    PointEntry       points earned and spent: append-only, each entry with the balance after it
    Reward           what points are spent on
    Conversion       the reductions of a period as whole tonnes, with what is left over for the next one

Reductions are grams of CO2e, points whole numbers.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Floor
from django.utils.translation import gettext_lazy as _

from accounts.approvals.models import Request
from accounts.models import Organisation, User
from registry.credits.models import CreditIssue, Project
from registry.guards import append_only, never_deleted
from registry.inclusion import guards

F, Q = models.F, models.Q


class Scene(models.Model):
    class Methodology(models.TextChoices):
        METRO = "metro", _("Metro")
        BUS = "bus", _("Bus")
        CYCLING = "cycling", _("Cycling")
        EV_CHARGING = "ev_charging", _("Charging of electric cars")
        ROOFTOP_SOLAR = "rooftop_solar", _("Rooftop solar")
        HOUSEHOLD = "household_electricity", _("Electricity saved by households")
        GREEN = "green_electricity", _("Green electricity")

    #: names, owner and SHCER are the project's; its code is the scene's
    project = models.OneToOneField(Project, models.PROTECT, related_name="scene")
    methodology = models.CharField(max_length=32, choices=Methodology)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="scene_closes_after_opening",
            )
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return str(self.project)


class PersonalAccount(models.Model):
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="carbon_account")
    number = models.CharField(max_length=16, unique=True)
    opened_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.number


class Joining(models.Model):
    account = models.ForeignKey(PersonalAccount, models.PROTECT, related_name="joinings")
    scene = models.ForeignKey(Scene, models.PROTECT, related_name="joinings")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "scene"], condition=Q(left_on__isnull=True), name="joined_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="left_after_joining",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.account_id} {self.scene_id}"


class ActivityImport(models.Model):
    class State(models.TextChoices):
        REFUSED = "refused", _("Cannot be applied")
        CHECKED = "checked", _("Waiting to be sent")
        SENT = "sent", _("Waiting for approval")
        APPLIED = "applied", _("Applied")
        DROPPED = "dropped", _("Dropped")

    scene = models.ForeignKey(Scene, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    #: emptied once the file has served: what it says of persons is nobody else's
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    reduction_g = models.BigIntegerField(default=0)
    points = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)
    #: SHA-256 of all that it would do
    basis = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="activity_imports")
    uploaded_at = models.DateTimeField()
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="activity_import")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.file_name


def _floor_of(amount: models.expressions.Combinable) -> Floor:
    return Floor(models.ExpressionWrapper(amount, models.DecimalField()))


class ActivityRecord(models.Model):
    scene = models.ForeignKey(Scene, models.PROTECT, related_name="records")
    #: the operator's own id: no act is counted twice
    record = models.CharField(max_length=64)
    account = models.ForeignKey(PersonalAccount, models.PROTECT, related_name="records")
    day = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    #: kg CO2e a unit, as they held on the day
    baseline = models.DecimalField(max_digits=14, decimal_places=6)
    scene_factor = models.DecimalField(max_digits=14, decimal_places=6)
    points_a_kg = models.DecimalField(max_digits=14, decimal_places=6)
    reduction_g = models.BigIntegerField()
    points = models.BigIntegerField()
    source = models.ForeignKey(ActivityImport, models.PROTECT, related_name="records")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scene", "record"], name="no_act_twice"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, reduction_g__gte=0, points__gte=0)
                & Q(baseline__gt=F("scene_factor")),
                name="record_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(reduction_g=_floor_of(F("amount") * (F("baseline") - F("scene_factor")) * 1000)),
                name="reduction_as_worked_out",
            ),
            models.CheckConstraint(
                condition=Q(points=_floor_of(F("reduction_g") * F("points_a_kg") / 1000)),
                name="points_as_worked_out",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["scene", "day"], include=["reduction_g"], name="record_scene_day"),
            models.Index(fields=["account", "-day", "-id"], name="record_account_day"),
        ]
        triggers: ClassVar = [*append_only(), guards.counted_in_time_and_by_consent()]

    def __str__(self) -> str:
        return f"{self.scene_id} {self.record}"


class Reward(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    points = models.PositiveIntegerField()
    #: no longer to be had from this day on
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(points__gt=0), name="reward_costs_points"),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.code


class PointEntry(models.Model):
    class Kind(models.TextChoices):
        EARNED = "earned", _("Earned")
        SPENT = "spent", _("Spent")

    account = models.ForeignKey(PersonalAccount, models.PROTECT, related_name="points")
    #: 1, 2, 3 … of the account
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    #: above zero earned, below spent
    points = models.BigIntegerField()
    #: after this entry
    balance = models.BigIntegerField()
    source = models.ForeignKey(ActivityImport, models.PROTECT, null=True, related_name="point_entries")
    reward = models.ForeignKey(Reward, models.PROTECT, null=True, related_name="entries")
    #: the person's own id of a spending
    client_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="point_entries_are_numbered"),
            models.UniqueConstraint(
                fields=["account", "source"], condition=Q(source__isnull=False), name="points_earned_once"
            ),
            models.UniqueConstraint(
                fields=["account", "client_id"], condition=~Q(client_id=""), name="points_spent_once"
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_never_below_zero"),
            models.CheckConstraint(
                condition=Q(kind="earned", points__gt=0, source__isnull=False, reward__isnull=True)
                | Q(kind="spent", points__lt=0, source__isnull=True, reward__isnull=False),
                name="points_earned_or_spent",
            ),
        ]
        triggers: ClassVar = [*append_only(), guards.points_follow_each_other()]

    def __str__(self) -> str:
        return f"{self.account_id} {self.points:+}"


class Conversion(models.Model):
    #: period, quantity, serials, the two people: the issue's
    issue = models.OneToOneField(CreditIssue, models.PROTECT, related_name="conversion")
    records = models.PositiveIntegerField()
    reductions_g = models.BigIntegerField()
    carried_in_g = models.BigIntegerField()
    quantity_t = models.BigIntegerField()
    carried_out_g = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    carried_out_g=F("carried_in_g") + F("reductions_g") - F("quantity_t") * 1_000_000
                ),
                name="no_gram_lost_or_made",
            ),
            models.CheckConstraint(
                condition=Q(
                    records__gt=0, reductions_g__gte=0, quantity_t__gt=0, carried_in_g__gte=0,
                    carried_in_g__lt=1_000_000, carried_out_g__gte=0, carried_out_g__lt=1_000_000,
                ),
                name="conversion_in_bounds",
            ),
        ]  # fmt: skip
        triggers: ClassVar = [*append_only(), guards.converted_as_counted()]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.quantity_t}"
