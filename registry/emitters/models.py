"""Who is covered, with which units, and what was verified.

    Emitter         a covered organisation: its sector, and whether it is a made-up one of the demo
    Unit            a generating unit, a line or a process of an emitter
    ActivityReport  what a unit did and emitted in a year, as verified; corrected by a new version, never changed
    Objection       an emitter's word against a verified figure, and the province's answer
    RecordChange    what was changed of an emitter or a unit itself: who, when, why, before and after
    ImportJob       a file of emitters or of verified figures: read, shown, and applied whole when confirmed

In which years an emitter is covered is `registry.compliance.models.ComplianceYear`. Energy and output are
Decimal as measured; emissions are whole tonnes.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, User
from registry.guards import append_only, never_deleted


class Sector(models.TextChoices):
    POWER = "power", _("Power")
    STEEL = "steel", _("Steel")
    CEMENT = "cement", _("Cement")
    ALUMINIUM = "aluminium", _("Aluminium")
    #: covered by Shanghai's scheme, not by the national market (registry/compliance/rules.py: PILOTS)
    PILOT = "shanghai_pilot", _("Shanghai pilot")


#: What the national market covers, and so what is allocated, carried over and summed up nationally.
NATIONAL_SECTORS = tuple(sector for sector in Sector if sector != Sector.PILOT)
INDUSTRY = frozenset({Sector.STEEL, Sector.CEMENT, Sector.ALUMINIUM})
PILOT_PROVINCE = "310000"


class Emitter(models.Model):
    """A covered organisation; its province is `organisation.province`."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="emitter"
    )
    sector = models.CharField(max_length=16, choices=Sector)
    #: Made up, and shown as such on every page that names it.
    synthetic = models.BooleanField(default=False)

    class Meta:
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.organisation.code


class Unit(models.Model):
    """A generating unit of class I to IV; in other sectors a line or process, without a class."""

    class UnitClass(models.TextChoices):
        I = "I", _("Conventional coal, 400 MW and above")  # noqa: E741 - the plan's own name
        II = "II", _("Conventional coal, below 400 MW")
        III = "III", _("Non-conventional coal")
        IV = "IV", _("Gas")

    class Cooling(models.TextChoices):
        WATER = "water", _("Water-cooled")
        AIR = "air", _("Air-cooled")
        BACK_PRESSURE = "back_pressure", _("Back-pressure")

    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="units")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    unit_class = models.CharField(max_length=4, choices=UnitClass, blank=True)
    capacity_mw = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    cooling = models.CharField(max_length=16, choices=Cooling, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emitter", "code"], name="unit_code_once_an_emitter"),
            models.CheckConstraint(
                condition=models.Q(capacity_mw__isnull=True) | models.Q(capacity_mw__gt=0),
                name="unit_capacity_is_positive",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.emitter_id}/{self.code}"


class ActivityReport(models.Model):
    """One version of a unit's verified year; the highest version holds.

    `load_factor` and `heat_ratio` are fractions. `output_t` and `intensity` are of steel, cement and aluminium.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    generation_mwh = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    supply_mwh = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    heat_gj = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    load_factor = models.DecimalField(max_digits=12, decimal_places=10, default=0)
    heat_ratio = models.DecimalField(max_digits=12, decimal_places=10, default=0)
    cooling = models.CharField(max_length=16, choices=Unit.Cooling, blank=True)
    output_t = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    intensity = models.DecimalField(max_digits=14, decimal_places=8, null=True)
    verified_t = models.BigIntegerField()
    entered_by = models.ForeignKey(User, models.PROTECT, null=True)
    at = models.DateTimeField()
    #: why this version exists; a first version may say where it came from
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year", "version"], name="one_report_a_version"),
            models.CheckConstraint(condition=models.Q(verified_t__gte=0), name="verified_not_negative"),
            models.CheckConstraint(
                condition=models.Q(load_factor__gte=0, load_factor__lte=1), name="load_factor_is_a_fraction"
            ),
            models.CheckConstraint(
                condition=models.Q(heat_ratio__gte=0, heat_ratio__lte=1), name="heat_ratio_is_a_fraction"
            ),
            models.CheckConstraint(
                condition=models.Q(generation_mwh__gte=0, supply_mwh__gte=0, heat_gj__gte=0),
                name="activity_not_negative",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "unit"], name="report_year_unit")]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.unit} {self.year} v{self.version}"


class Objection(models.Model):
    """An emitter's objection to a verified figure (domain.md 8.1: within 7 working days; answered within 10)."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("objection", "Open")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    report = models.ForeignKey(ActivityReport, models.PROTECT, related_name="objections")
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    words = models.TextField()
    claimed_t = models.BigIntegerField(null=True)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="objections")
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="answered_objections")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(state="open"), name="one_open_objection_a_report"
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.report}: {self.state}"


class RecordChange(models.Model):
    """One change of an emitter's or a unit's own record; `before` is empty where it was new."""

    emitter = models.ForeignKey(Emitter, models.PROTECT, related_name="changes")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="changes")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.emitter_id} {self.after}"


class ImportJob(models.Model):
    """An uploaded file. Nothing of it is in force before it is applied, and then all of it is.

    `problems` lists every bad row, `changes` what it would do; `basis` tells whether that is still so.
    """

    class Kind(models.TextChoices):
        EMITTERS = "emitters", _("Emitters and units")
        ACTIVITY = "activity", _("Activity data and verified emissions")

    class State(models.TextChoices):
        REFUSED = "refused", _("Cannot be applied")
        CHECKED = "checked", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Being applied")
        APPLIED = "applied", _("Applied")
        DROPPED = "dropped", _("Dropped")

    kind = models.CharField(max_length=16, choices=Kind)
    #: of activity data: their year; of emitters: the year in which they are listed, if any
    year = models.PositiveSmallIntegerField(null=True)
    province = models.CharField(max_length=6)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    #: SHA-256 of all that it would do
    basis = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    #: the data have changed since the preview was made; it was made anew
    stale = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="imports")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="confirmed_imports")
    confirmed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["province", "-uploaded_at"], name="import_province_time")]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
