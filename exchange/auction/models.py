"""An auction as it was announced, and how far it is. What it sold is in orders and trades, nowhere twice."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.approvals.models import Request
from accounts.models import Organisation
from exchange.models.instrument import Instrument
from exchange.models.orders import Command
from registry.compliance.models import Certificate
from registry.guards import never_deleted

TERMS = [
    "origin", "seller", "instrument", "quantity_t", "floor_rule", "price_model", "bidders", "province",
    "named", "surrender_only", "opens_at", "closes_at", "asked_at",
]  # fmt: skip


class Auction(models.Model):
    """A seller's offer of tonnes of one instrument, for a window of one trading day; its key is its public number.

    Quantities in tonnes, prices in fen a tonne. `floor_fen` and `cap_fen` are known when it opens: they hang on
    the previous close of that day.
    """

    class Origin(models.TextChoices):
        APPLICATION = "application", _("Application of the seller")
        ANNOUNCEMENT = "announcement", _("Announcement of the exchange")
        PAID_ALLOCATION = "paid_allocation", _("Paid allocation")

    class Floor(models.TextChoices):
        CLOSE = "close", _("Previous close")
        LESS_TENTH = "less_tenth", _("Previous close less 10 %")

    class Price(models.TextChoices):
        UNIFORM = "uniform", _("Uniform price")
        PAY_AS_BID = "pay_as_bid", _("Pay as bid")

    class Bidders(models.TextChoices):
        MEMBERS = "members", _("All trading members")
        EMITTERS = "emitters", _("Key emitters")
        NAMED = "named", _("Named organisations")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("auction", "Waiting for approval")
        REFUSED = "refused", pgettext_lazy("auction", "Not approved")
        ANNOUNCED = "announced", pgettext_lazy("auction", "Announced")
        OPEN = "open", pgettext_lazy("auction", "Open for bids")
        ENDED = "ended", pgettext_lazy("auction", "Ended")
        FAILED = "failed", pgettext_lazy("auction", "Not held")

    origin = models.CharField(max_length=16, choices=Origin)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="auctions")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="auctions")
    quantity_t = models.BigIntegerField()
    floor_rule = models.CharField(max_length=16, choices=Floor)
    price_model = models.CharField(max_length=16, choices=Price)
    bidders = models.CharField(max_length=16, choices=Bidders)
    #: of emitters: only those of this province (GB/T 2260)
    province = models.CharField(max_length=6, blank=True, default="")
    #: codes of the organisations that may bid, where they are named
    named = ArrayField(models.CharField(max_length=64), default=list)
    surrender_only = models.BooleanField(default=False)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="auction")
    state = models.CharField(max_length=16, choices=State, default=State.ASKED)
    #: the tonnes lie in the seller's `pending` until it opens
    set_aside = models.BooleanField(default=False)
    floor_fen = models.BigIntegerField(null=True)
    cap_fen = models.BigIntegerField(null=True)
    #: the command that opened it, and the one that closed it
    command = models.OneToOneField(Command, models.PROTECT, null=True, related_name="auction")
    close_command = models.OneToOneField(Command, models.PROTECT, null=True, related_name="closed_auction")
    #: why it was not held: a refusal code of the engine, or NOT_OPENED
    why = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    certificate = models.OneToOneField(Certificate, models.PROTECT, null=True, related_name="auction")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity_t__gt=0, opens_at__lt=F("closes_at")), name="auction_offers_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(floor_fen__isnull=True, cap_fen__isnull=True)
                | Q(floor_fen__gt=0, cap_fen__gte=F("floor_fen")),
                name="auction_floor_below_cap",
            ),
            models.CheckConstraint(
                condition=Q(bidders="named") & ~Q(named=[]) | ~Q(bidders="named") & Q(named=[]),
                name="auction_names_bidders_or_none",
            ),
            # What is open or has ended was opened by the engine.
            models.CheckConstraint(
                condition=~Q(state__in=["open", "ended"]) | Q(command__isnull=False, floor_fen__isnull=False),
                name="open_auction_has_a_command",
            ),
            models.CheckConstraint(
                condition=Q(close_command__isnull=True) | Q(command__isnull=False),
                name="auction_opens_before_it_closes",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["opens_at"], condition=Q(state__in=["announced", "open"]), name="auction_under_way"
            ),
        ]
        triggers: ClassVar = [
            *never_deleted(),
            pgtrigger.ReadOnly(name="auction_terms_stay", fields=TERMS),
            pgtrigger.Trigger(
                name="auction_only_goes_on",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=(
                    "IF OLD.state IN ('refused', 'ended', 'failed') AND NEW.state <> OLD.state"
                    " OR OLD.command_id IS NOT NULL AND NEW.command_id IS DISTINCT FROM OLD.command_id"
                    " OR OLD.close_command_id IS NOT NULL AND NEW.close_command_id IS DISTINCT FROM OLD.close_command_id"
                    " THEN RAISE EXCEPTION 'an auction opens once, closes once, and does not come back'; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"auction {self.pk}"

    @property
    def client_id(self) -> str:
        """Its name among the seller's orders; no member can have given it to one of its own."""
        return f"auction:{self.pk}"

    @property
    def pays_for_allocation(self) -> bool:
        return self.origin == self.Origin.PAID_ALLOCATION
