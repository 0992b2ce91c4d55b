"""Tables of what the world sees.

    Report           a published market report or member statement; never changed, corrected by a new version
    Download         a range of reports as one file, made in the background, kept for a day
    SettlementStep   how far a day's settlement is; a page polls it
    Candle           minute candles, folded from listed trades
    CandleMark       how far an instrument's trades are folded
    CompositeSoFar   the composite of an open day, folded likewise

Alerts and their thresholds stand in `surveillance/models.py`.

Everything of those above but reports and steps is derived, and `manage.py rebuild_market_data` makes it anew.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from exchange.models import Instrument
from registry.guards import append_only


class Report(models.Model):
    """One version of a day's market report, or of an organisation's statement.

    `sha256` is over the canonical JSON of `content` (reports/publish.py), which is also what is downloaded:
    `sha256sum` of the file gives the number on the page.
    """

    class Kind(models.TextChoices):
        MARKET = "market", _("Market report")
        MEMBER = "member", _("Member statement")

    kind = models.CharField(max_length=8, choices=Kind)
    day = models.DateField()
    #: null for the market report
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="statements")
    #: 1, and one more with each correction
    version = models.PositiveIntegerField(default=1)
    #: why there is a later version; empty in the first
    reason = models.CharField(max_length=400, blank=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "day", "organisation", "version"],
                name="report_version_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(kind="market", organisation__isnull=True)
                | models.Q(kind="member", organisation__isnull=False),
                name="report_belongs_to_a_member_or_the_market",
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, reason="") | (models.Q(version__gt=1) & ~models.Q(reason="")),
                name="report_correction_has_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-day"], name="report_of_organisation"),
            models.Index(fields=["sha256"], name="report_by_hash"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.day} v{self.version}"


class Download(models.Model):
    """A range of published reports as one file, asked for by a person and made by a worker (reports/downloads.py).

    The file lies in DownloadPart until `expires_at`: web and workers may run on machines without a common disk.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Shape(models.TextChoices):
        ZIP = "zip", _("ZIP archive")
        PARQUET = "parquet", _("One Parquet file")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="downloads")
    #: whose statements; null for market reports
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Report.Kind)
    first = models.DateField()
    last = models.DateField()
    shape = models.CharField(max_length=8, choices=Shape)
    #: of a ZIP: the formats in it
    forms = ArrayField(models.CharField(max_length=8), default=list)
    #: of a Parquet file: the table
    table = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    #: reports in it, and how many of them are written
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    #: why it failed, for its person
    detail = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=100)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    #: of the worker that makes it, by the world's clock: whose is old died
    alive_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-asked_at"], name="download_of_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="market", organisation__isnull=True)
                | models.Q(kind="member", organisation__isnull=False),
                name="download_of_the_market_or_a_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class DownloadPart(models.Model):
    """A piece of a download's file, at most a megabyte, in the order of `no`."""

    download = models.ForeignKey(Download, models.CASCADE, related_name="parts")
    no = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["download", "no"], name="download_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.download_id} {self.no}"


class SettlementStep(models.Model):
    """One step of a day's settlement: when it began, when it was done, and what it said."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    day = models.DateField()
    name = models.CharField(max_length=16)
    #: place in the order of steps, from 1
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    detail = models.CharField(max_length=400, blank=True)
    #: who asked for it; null where the clock did
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["day", "rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name"], name="settlement_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name} {self.state}"


class Candle(models.Model):
    """Listed trades of one instrument in one minute, in fen and tonnes; `start` is the minute's first instant."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="candles")
    start = models.DateTimeField()
    open_fen = models.BigIntegerField()
    high_fen = models.BigIntegerField()
    low_fen = models.BigIntegerField()
    close_fen = models.BigIntegerField()
    volume_t = models.BigIntegerField()
    turnover_fen = models.BigIntegerField()
    trades = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "start"], name="one_candle_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.start}"


class CandleMark(models.Model):
    """The last trade number of an instrument that its candles hold; the row is also the lock of who folds."""

    instrument = models.OneToOneField(
        Instrument, models.PROTECT, primary_key=True, related_name="candle_mark"
    )
    trade_no = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.instrument_id} up to {self.trade_no}"


class CompositeSoFar(models.Model):
    """The composite of one day as far as its trades are folded (composite_now.py), in fen; the row is the lock too."""

    day = models.DateField(primary_key=True)
    #: instrument code → the last trade number that is folded in, and its latest price
    marks = models.JSONField(default=dict)
    prices = models.JSONField(default=dict)
    prev_close_fen = models.BigIntegerField()
    #: null before the first trade
    open_fen = models.BigIntegerField(null=True)
    high_fen = models.BigIntegerField()
    low_fen = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day}"


# Django finds the models of an app through its module `models`; this one needs those above.
from market_data.surveillance.models import (  # noqa: E402
    Alert,
    AlertParty,
    AlertStep,
    SurveillanceRun,
    ThresholdRow,
)

__all__ = [
    "Alert",
    "AlertParty",
    "AlertStep",
    "Candle",
    "CandleMark",
    "CompositeSoFar",
    "Download",
    "DownloadPart",
    "Report",
    "SettlementStep",
    "SurveillanceRun",
    "ThresholdRow",
]
