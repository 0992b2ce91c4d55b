"""Negotiations, and what was said in them.

    BlockGroup, BlockGroupMember    whom a member makes offers to together (群组); its owner's alone
    Negotiation                     begun by one, with another, or open to a group or to all
    Invitation                      whom an offer to a group was for when it was made
    Turn                            who said what, when: terms, acceptance, refusal, withdrawal
    Standing                        where a negotiation stands: a view, not a table

Negotiations, invitations and turns are written once. Nothing here says that something has traded, was cancelled
or has expired: that is read from the orders (exchange_order), so the two can never disagree. A turn whose command
the engine refused is kept, and counts for nothing.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from exchange.models.instrument import Instrument
from exchange.models.orders import Command, Order
from registry.guards import append_only, never_deleted

LONGEST_WORDS = 500
LONGEST_NAME = 80


class BlockGroup(models.Model):
    """A named set of members; its name and who is in it are known to its owner alone."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="block_groups")
    name = models.CharField(max_length=LONGEST_NAME)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: no offer can be made to it from then on; offers made before stay what they are
    closed_at = models.DateTimeField(null=True)
    members: "models.ManyToManyField[Organisation, BlockGroupMember]" = models.ManyToManyField(
        Organisation, through="BlockGroupMember", related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=models.Q(closed_at=None), name="one_group_of_a_name"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="block_group_has_a_name"),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return self.name


class BlockGroupMember(models.Model):
    """One member of a group. Taken out, the row goes: to whom an offer went is kept by its invitations."""

    group = models.ForeignKey(BlockGroup, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "organisation"], name="in_a_group_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.group_id}"


class Negotiation(models.Model):
    """One negotiation; its key is its public number.

    With one other it is between the two. Open to a group or to all it has no other: each who answers gets a
    negotiation of its own with the opener, whose `posting` this is, and which begins with the posted terms.
    """

    class Audience(models.TextChoices):
        DIRECTED = "directed", pgettext_lazy("block", "One member")
        GROUP = "group", pgettext_lazy("block", "A group")
        PUBLIC = "public", pgettext_lazy("block", "All members")

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="negotiations")
    day = models.DateField()
    opener = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    other = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience)
    group = models.ForeignKey(BlockGroup, models.PROTECT, null=True, related_name="+")
    posting = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    #: the opener's; the other side is the answerer's
    side = models.CharField(max_length=4, choices=Order.Side)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(opener=models.F("other")), name="nobody_negotiates_alone"
            ),
            models.CheckConstraint(
                condition=models.Q(audience="directed") | models.Q(other=None, posting=None),
                name="a_posting_has_no_other",
            ),
            models.CheckConstraint(
                condition=models.Q(group=None) | models.Q(audience="group"), name="only_a_groups_has_a_group"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opener", "-id"], name="negotiation_of_opener"),
            models.Index(fields=["other", "-id"], name="negotiation_of_other"),
            models.Index(fields=["day", "audience"], name="negotiation_of_day"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def side_of(self, organisation_id: int) -> str:
        """Buy or sell, as this organisation would: the opener's own, the opposite for whoever answers."""
        if organisation_id == self.opener_id:
            return self.side
        return Order.Side.SELL if self.side == Order.Side.BUY else Order.Side.BUY


class Invitation(models.Model):
    """One of those whom an offer to a group is for."""

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "negotiation"], name="invited_once"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.organisation_id} to {self.negotiation_id}"


class Turn(models.Model):
    """What one party said. `firm` terms bind: they are the order of `command`, and lock from its acceptance on."""

    class Kind(models.TextChoices):
        OPEN = "open", pgettext_lazy("block", "Offer")
        COUNTER = "counter", pgettext_lazy("block", "Counter-offer")
        AGREE = "agree", pgettext_lazy("block", "Agreement, binding")
        ACCEPT = "accept", pgettext_lazy("block", "Acceptance")
        REFUSE = "refuse", pgettext_lazy("block", "Refusal")
        WITHDRAW = "withdraw", pgettext_lazy("block", "Withdrawal")

    #: Kinds that name a price and a quantity.
    TERMS = (Kind.OPEN, Kind.COUNTER, Kind.AGREE)

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="turns")
    no = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    price_fen = models.BigIntegerField(null=True)
    qty_t = models.BigIntegerField(null=True)
    firm = models.BooleanField(default=False)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    #: the offer that these terms are, the acceptance, or the cancel of the offer that this turn ends
    command = models.ForeignKey(Command, models.PROTECT, null=True, related_name="+")
    client_id = models.CharField(max_length=64, blank=True)
    #: SHA-256 of what was asked: the same id with the same digest is the same turn sent again
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["negotiation", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["negotiation", "no"], name="one_turn_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["open", "counter", "agree"], price_fen__gt=0, qty_t__gt=0)
                | models.Q(kind__in=["accept", "refuse", "withdraw"], price_fen=None, qty_t=None, firm=False),
                name="terms_have_price_and_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(firm=False, kind__in=["open", "counter", "refuse", "withdraw"])
                | models.Q(command__isnull=False),
                name="what_binds_has_a_command",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "client_id"], name="turn_client_id"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.negotiation_id}.{self.no} {self.kind}"

    @property
    def amount_fen(self) -> int:
        """Price × quantity of terms."""
        return (self.price_fen or 0) * (self.qty_t or 0)

    @property
    def is_pending(self) -> bool:
        """Whether the exchange has not decided its command yet."""
        return self.command is not None and self.command.decided_event is None

    @property
    def is_void(self) -> bool:
        """Whether the exchange refused its command, so that it counts for nothing."""
        return self.command is not None and self.command.reason != ""


class State(models.TextChoices):
    """Where a negotiation stands."""

    PENDING = "pending", pgettext_lazy("block", "Being decided")
    OPEN = "open", pgettext_lazy("block", "Open")
    AGREED = "agreed", pgettext_lazy("block", "Agreed, to be confirmed")
    TRADED = "traded", pgettext_lazy("block", "Traded")
    REFUSED = "refused", pgettext_lazy("block", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("block", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("block", "Expired")
    GONE = "gone", pgettext_lazy("block", "Taken by another")
    REJECTED = "rejected", pgettext_lazy("block", "Not accepted by the exchange")


#: States in which somebody may still answer.
LIVE = (State.OPEN, State.AGREED)


class Standing(models.Model):
    """Where a negotiation stands: a view, made by a migration (0004); whoever changes it makes it anew in another.

    Of the turns only those count whose command the engine did not refuse. What the last of them began is then
    asked of the order that it is:

        its command is undecided                        pending
        an acceptance                                   traded
        a refusal, a withdrawal                         refused, withdrawn
        firm terms, their order filled                  traded; gone, where it is a posted offer's and somebody
                                                        else accepted that
        firm terms, their order cancelled, expired      withdrawn, expired
        the day or its last session is over             expired (15:00; locks come back with the close)
        else                                            open; agreed, where the terms agree to the other's
    """

    negotiation = models.OneToOneField(
        Negotiation, models.DO_NOTHING, primary_key=True, related_name="standing"
    )
    state = models.CharField(max_length=9, choices=State)
    #: the last turn that counts; none where the exchange refused the opening itself
    turn = models.ForeignKey(Turn, models.DO_NOTHING, null=True, related_name="+")
    #: the last terms that count
    terms = models.ForeignKey(Turn, models.DO_NOTHING, null=True, related_name="+")
    #: who may answer; None where nobody in particular may
    awaits = models.ForeignKey(Organisation, models.DO_NOTHING, null=True, related_name="+")
    first_price_fen = models.BigIntegerField()
    first_qty_t = models.BigIntegerField()
    final_price_fen = models.BigIntegerField()
    final_qty_t = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "exchange_standing"

    def __str__(self) -> str:
        return f"{self.negotiation_id} {self.state}"

    @property
    def final_fen(self) -> int:
        """Price × quantity of the last terms."""
        return self.final_price_fen * self.final_qty_t
