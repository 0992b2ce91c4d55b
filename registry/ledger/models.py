"""The ledger's tables.

    Asset       CNY, CEA21, CCER …: what can be held
    Account     (holder, asset, purpose) with its balance
    Batch       one posting: some transfers that came into the books together, for one cause
    Transfer    a positive amount from one account to another; one row is a whole double entry
    LedgerDay   a day's seal: the head of the hash chain over its transfers

Money is fen, allowances and credits are tonnes, all of them integers. Transfers are partitioned by month
(the migration makes the partitions) and append-only. A sealed day takes no more transfers.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from registry.guards import append_only, never_deleted


class Asset(models.Model):
    """Something that can be held: money, a vintage of allowances, or a kind of credit."""

    class Kind(models.TextChoices):
        MONEY = "money", _("Money")
        ALLOWANCE = "allowance", _("Allowance")
        CREDIT = "credit", _("Credit")

    CNY = "CNY"

    code = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    """A holder's balance of one asset for one purpose. Changed by `post` alone."""

    class Purpose(models.TextChoices):
        REGISTRY = "registry", _("Registry holding")
        TRADING = "trading", _("Available for trading")
        ORDER = "order", _("Locked by open orders")
        UNSETTLED = "unsettled", _("Bought today")
        PLEDGED = "pledged", _("Pledged")
        FROZEN = "frozen", _("Frozen")
        PENDING = "pending", _("Awaiting approval")
        SOURCE = "source", _("Source")
        SURRENDERED = "surrendered", _("Surrendered")
        CANCELLED = "cancelled", _("Cancelled")
        CONVERTED = "converted", _("Converted")

    #: Purposes that count as held; the others are where units come from and where they end.
    HELD = (
        Purpose.REGISTRY,
        Purpose.TRADING,
        Purpose.ORDER,
        Purpose.UNSETTLED,
        Purpose.PLEDGED,
        Purpose.FROZEN,
        Purpose.PENDING,
    )

    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="ledger_accounts")
    asset = models.ForeignKey(Asset, models.PROTECT)
    purpose = models.CharField(max_length=16, choices=Purpose)
    #: fen for CNY, tonnes otherwise
    balance = models.BigIntegerField(default=0)
    #: of a registry holding, the tonnes that can only be surrendered (registry/ledger/tied.py)
    surrender_only_t = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "asset", "purpose"], name="one_account_per_purpose"),
            # The target of the composite keys of Transfer: a transfer cannot change its asset on the way.
            models.UniqueConstraint(fields=["id", "asset"], name="account_id_and_asset"),
            models.CheckConstraint(
                condition=models.Q(balance__gte=0) | models.Q(purpose="source"),
                name="balance_never_below_zero",
            ),
            models.CheckConstraint(
                condition=models.Q(surrender_only_t=0)
                | models.Q(
                    purpose="registry", surrender_only_t__gt=0, surrender_only_t__lte=models.F("balance")
                ),
                name="surrender_only_stays_held",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    purpose__in=[
                        "registry",
                        "trading",
                        "order",
                        "unsettled",
                        "pledged",
                        "frozen",
                        "pending",
                        "source",
                        "surrendered",
                        "cancelled",
                        "converted",
                    ]
                ),
                name="account_purpose_is_known",
            ),
        ]
        triggers: ClassVar = never_deleted()

    def __str__(self) -> str:
        return f"{self.holder_id}:{self.asset_id}:{self.purpose}"


class Batch(models.Model):
    """One posting. `cause` is unique: what has been posted once can not be posted again."""

    cause = models.CharField(max_length=120, unique=True)
    day = models.DateField()
    posted_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return self.cause


class Transfer(models.Model):
    """A positive whole amount of one asset from the debited to the credited account.

    In the database the key is (day, id), because the table is partitioned by month of `day`; composite
    foreign keys (debit, asset) and (credit, asset) hold both ends to one asset.
    """

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("Deposit")
        WITHDRAWAL = "withdrawal", _("Withdrawal")
        ISSUANCE = "issuance", _("Issuance")
        RECALL = "recall", _("Recall")
        MOVE = "move", _("Move between registry and trading")
        LOCK = "lock", _("Locked for an order")
        RELEASE = "release", _("Released from an order")
        TRADE = "trade", _("Trade")
        PAYMENT = "payment", _("Payment of a trade")
        FEE = "fee", _("Trading fee")
        SETTLE = "settle", _("Settled at the close")
        SURRENDER = "surrender", _("Surrender")
        CANCELLATION = "cancellation", _("Cancellation")
        PENDING = "pending", _("Named in a request")
        RETURN = "return", _("Returned by a request")
        CARRY_OVER = "carry_over", _("Carried over")
        FREEZE = "freeze", _("Frozen")
        UNFREEZE = "unfreeze", _("Unfrozen")
        PLEDGE = "pledge", _("Pledged")
        UNPLEDGE = "unpledge", _("Pledge released")
        TRANSFER = "transfer", _("Transfer without a trade")

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    asset = models.ForeignKey(Asset, models.PROTECT, db_constraint=False, db_index=False)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits", db_constraint=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits", db_constraint=False)
    #: fen for CNY, tonnes otherwise; always positive
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    #: what caused it, such as `order:4711` or `trade:CEA21:12`
    cause = models.CharField(max_length=80)
    batch = models.ForeignKey(Batch, models.PROTECT, db_constraint=False, db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_amount_is_positive"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="transfer_moves"),
        ]
        indexes: ClassVar = [
            # What came in and went out of an asset, without reading its trades (oversight/vintages.py).
            models.Index(
                fields=["asset", "kind"],
                include=["amount"],
                condition=models.Q(kind__in=["issuance", "recall", "deposit", "withdrawal"]),
                name="transfer_brought_in",
            ),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.asset_id}"


class LedgerDay(models.Model):
    """The seal of one business day (registry-rules.md 1, point 6)."""

    day = models.DateField(primary_key=True)
    transfers = models.BigIntegerField()
    #: SHA-256 in hex over the day's canonical lines, begun with the previous sealed day's head
    head = models.CharField(max_length=64)
    previous_head = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.day} {self.head[:12]}"
