"""What members asked for and what came of it.

    Command   one request as it was taken in, of any kind, phases included; decided once, kept for ever
    Order     an accepted order and where it stands (same key as its command)
    Trade     one fill
    Event     what the engine said, in order; the feed, the account stream and replays read it

Trade and Event are partitioned by month (see the migration) and append-only.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from exchange.models.instrument import Instrument
from registry.guards import append_only, never_deleted

TONNES_AND_PRICE_POSITIVE = models.Q(price_fen__gt=0, qty_t__gt=0)


class Command(models.Model):
    """A stored request. Undecided while `decided_event` is null; the engine decides it once.

    `body` is the command as replay-format.md writes it, so that a day can be replayed from this table.
    """

    class Kind(models.TextChoices):
        LIST = "list", _("List")
        TAKE = "take", _("Take")
        BLOCK = "block", _("Block offer")
        BLOCK_ACCEPT = "block_accept", _("Block acceptance")
        AUCTION = "auction", _("Auction")
        BID = "bid", _("Bid")
        AUCTION_CLOSE = "auction_close", _("Auction close")
        CANCEL = "cancel", _("Cancel")
        PHASE = "phase", _("Phase")
        CLOSE_DAY = "close_day", _("Close of the day")

    #: Kinds that become an order when accepted, and whose client id must be free.
    ORDERS = (Kind.LIST, Kind.TAKE, Kind.BLOCK, Kind.BLOCK_ACCEPT, Kind.AUCTION, Kind.BID)

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="commands")
    kind = models.CharField(max_length=16, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="commands")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_id = models.CharField(max_length=64, blank=True)
    body = models.JSONField()
    #: SHA-256 of what the client sent: the same id with the same digest is the same order sent again
    digest = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    #: number of the first event that the decision gave
    decided_event = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    #: refusal code; empty when accepted or carried out
    reason = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "client_id"],
                condition=models.Q(
                    decided_event__isnull=True,
                    kind__in=["list", "take", "block", "block_accept", "auction", "bid"],
                ),
                name="one_undecided_order_per_client_id",
            ),
            models.UniqueConstraint(
                models.F("instrument"),
                KeyTextTransform("date", "body"),
                condition=models.Q(kind="close_day"),
                name="one_close_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["instrument", "id"],
                condition=models.Q(decided_event__isnull=True),
                name="command_undecided",
            ),
            models.Index(fields=["organisation", "client_id"], name="command_client_id"),
            models.Index(fields=["organisation", "-id"], name="command_of_organisation"),
            # Bids are few among a member's orders, and asked for by themselves.
            models.Index(
                fields=["organisation", "-id"],
                condition=models.Q(kind="bid"),
                name="command_bid_of_organisation",
            ),
        ]
        triggers: ClassVar = [
            *never_deleted(),
            pgtrigger.Trigger(
                name="decided_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=(
                    "IF OLD.decided_event IS NOT NULL OR (NEW.body, NEW.kind, NEW.client_id) IS DISTINCT FROM"
                    " (OLD.body, OLD.kind, OLD.client_id) OR (NEW.instrument_id, NEW.organisation_id, NEW.received_at)"
                    " IS DISTINCT FROM (OLD.instrument_id, OLD.organisation_id, OLD.received_at) THEN"
                    " RAISE EXCEPTION 'a command is decided once and its content never changes'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id or self.pk}"


class Order(models.Model):
    """An accepted order. Its key is its command's, and is also the public number of the listing (№)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        FILLED = "filled", _("Filled")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    class Side(models.TextChoices):
        BUY = "buy", _("Buy")
        SELL = "sell", _("Sell")

    command = models.OneToOneField(Command, models.PROTECT, primary_key=True, related_name="order")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="orders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="orders")
    client_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=Command.Kind)
    side = models.CharField(max_length=4, choices=Side)
    price_fen = models.BigIntegerField()
    qty_t = models.BigIntegerField()
    leaves_t = models.BigIntegerField()
    filled_t = models.BigIntegerField(default=0)
    #: money traded so far, in fen, and the fee charged on it
    traded_fen = models.BigIntegerField(default=0)
    fee_fen = models.BigIntegerField(default=0)
    status = models.CharField(max_length=9, choices=Status)
    #: a block's named counterparty, if it is one; several stand in the command's body
    counterparty = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    #: of a bid, its auction; of a block acceptance, the offer
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    #: of an auction: uniform or pay_as_bid
    model = models.CharField(max_length=10, blank=True)
    day = models.DateField()
    #: number of the event that accepted it: its age in the book
    accepted_event = models.BigIntegerField()
    #: number of the last event that changed it, so that a book can catch up
    changed_event = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "client_id"], name="client_id_accepted_once"),
            models.CheckConstraint(
                condition=TONNES_AND_PRICE_POSITIVE
                & models.Q(
                    leaves_t__gte=0, filled_t__gte=0, qty_t__gte=models.F("leaves_t") + models.F("filled_t")
                ),
                name="order_leaves_within_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", leaves_t__gt=0)
                | (~models.Q(status="open") & models.Q(leaves_t=0)),
                name="open_order_has_leaves",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["instrument", "accepted_event"], condition=models.Q(status="open"), name="order_open"
            ),
            models.Index(fields=["instrument", "changed_event"], name="order_changed"),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"№ {self.pk}"


class Trade(models.Model):
    """One fill. `no` counts the instrument's trades without a gap; the database key is (day, instrument, no)."""

    class Kind(models.TextChoices):
        LISTED = "listed", _("Listed")
        BLOCK = "block", _("Block")
        AUCTION = "auction", _("Auction")

    id = models.BigAutoField(primary_key=True)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, db_constraint=False, db_index=False, related_name="trades"
    )
    no = models.BigIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind)
    price_fen = models.BigIntegerField()
    qty_t = models.BigIntegerField()
    buyer = models.ForeignKey(Organisation, models.PROTECT, db_constraint=False, related_name="+")
    seller = models.ForeignKey(Organisation, models.PROTECT, db_constraint=False, related_name="+")
    #: the listing, block offer or auction that was met, and the take, acceptance or bid that met it
    listing = models.ForeignKey(Order, models.PROTECT, db_constraint=False, related_name="+")
    taker = models.ForeignKey(Order, models.PROTECT, db_constraint=False, related_name="+")
    buyer_fee_fen = models.BigIntegerField()
    seller_fee_fen = models.BigIntegerField()
    event = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "no", "day"], name="trade_number_once"),
            models.CheckConstraint(condition=TONNES_AND_PRICE_POSITIVE, name="trade_above_zero"),
            models.CheckConstraint(condition=~models.Q(buyer=models.F("seller")), name="nobody_trades_alone"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.instrument_id} #{self.no}"

    @property
    def turnover_fen(self) -> int:
        return self.price_fen * self.qty_t


class Event(models.Model):
    """What the engine said (replay-format.md: Events). Numbers rise within an instrument, in commit order."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Refused")
        TRADE = "trade", _("Trade")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")
        PHASE = "phase", _("Phase")
        CLOSED = "closed", _("Day closed")

    no = models.BigIntegerField(primary_key=True)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, db_constraint=False, db_index=False, related_name="events"
    )
    day = models.DateField()
    kind = models.CharField(max_length=9, choices=Kind)
    #: the command whose decision this is
    command = models.ForeignKey(
        Command, models.PROTECT, db_constraint=False, db_index=False, related_name="events"
    )
    #: the order that changed, where it is another one than the command's (a listing taken, an order expired)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    #: whom it concerns; of a trade the taker, and `other` the one whose listing was met
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    other = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    qty_t = models.BigIntegerField(null=True)
    trade_no = models.BigIntegerField(null=True)
    #: refusal code of a rejection, phase of a phase event
    reason = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["instrument", "no"], name="event_of_instrument"),
            models.Index(fields=["organisation", "no"], name="event_of_organisation"),
            models.Index(
                fields=["other", "no"], condition=models.Q(other__isnull=False), name="event_of_other"
            ),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.no} {self.kind}"
