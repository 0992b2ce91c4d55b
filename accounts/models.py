"""Who is on the platform: organisations, the people of each, and the keys their programs use.

An organisation holds and trades; a person belongs to one organisation and acts for it in one or more
roles (registry-rules.md 2). What an organisation holds is in `registry`, never here.
"""

from typing import ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from accounts.people.guards import same_human_for_ever


class Organisation(models.Model):
    """A legal person or an office that the registry knows; `code` is its short name in files and replays."""

    class Kind(models.TextChoices):
        EMITTER = "emitter", _("Emitter")
        INSTITUTION = "institution", _("Institution")
        INDIVIDUAL = "individual", _("Individual")
        PROVINCE = "province", _("Province authority")
        NATIONAL = "national", _("National authority")
        REGISTRY = "registry", _("Registry operator")
        EXCHANGE = "exchange", _("Exchange operator")
        VERIFIER = "verifier", _("Verifier")
        BANK = "bank", _("Settlement bank")
        ANALYST = "analyst", _("Analyst")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    #: Insiders never trade (registry-rules.md 2).
    TRADING_KINDS = frozenset({Kind.EMITTER, Kind.INSTITUTION, Kind.INDIVIDUAL})
    #: They allocate, against payment too (有偿分配): the only insiders that may sell, and only by auction.
    ALLOCATING_KINDS = frozenset({Kind.PROVINCE, Kind.NATIONAL})

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    #: GB/T 2260, such as "310000"; see accounts/provinces.py
    province = models.CharField(max_length=6, blank=True, default="")
    #: unified social credit code (统一社会信用代码)
    credit_code = models.CharField(max_length=18, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(code=""), name="organisation_has_a_code"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="credit_code_is_unique"
            ),
            # Whose approval a request of the province needs must never be in doubt.
            models.UniqueConstraint(
                fields=["province"],
                condition=models.Q(kind="province") & ~models.Q(province=""),
                name="one_authority_a_province",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def may_trade(self) -> bool:
        return self.kind in self.TRADING_KINDS and self.status == self.Status.ACTIVE


class UserManager(BaseUserManager["User"]):
    """People sign in by e-mail; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):  # type: ignore[django-manager-missing] # knox's own manager has no types
    """A person of one organisation."""

    class Role(models.TextChoices):
        VIEWER = "viewer", _("Viewer")
        TRADER = "trader", _("Trader")
        INITIATOR = "initiator", _("Compliance initiator")
        APPROVER = "approver", _("Approver")
        ADMINISTRATOR = "administrator", _("Administrator of the organisation")
        REGULATOR = "regulator", _("Regulator")
        ISSUER = "issuer", _("Issuer")
        CHECKER = "checker", _("Checker")
        OPERATOR = "operator", _("Exchange operator")
        ANALYST = "analyst", _("Analyst")

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    roles = ArrayField(models.CharField(max_length=16, choices=Role), default=list)
    #: Which natural person this account is of: the same value on two accounts is the same human.
    person = models.CharField(max_length=64, blank=True, default="")
    #: Made by the demo, with a password that everybody knows; see accounts/demo_guard.py.
    is_demo = models.BooleanField(default=False)

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta(AbstractUser.Meta):
        triggers: ClassVar = [same_human_for_ever()]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    def is_same_person(self, other: "User") -> bool:
        """Whether both accounts are one human's, so that they are no two people (registry-rules.md 2)."""
        return self.pk == other.pk or (self.person != "" and self.person == other.person)


class ApiKey(AbstractAuthToken):
    """A key for one person's programs: shown once, kept as a digest, with scopes and an optional address list."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        TRADE = "trade", _("Trade")
        REGISTRY = "registry", _("Registry")

    name = models.CharField(max_length=80, blank=True)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope), default=list)
    allowed_ips = ArrayField(models.GenericIPAddressField(), default=list, blank=True)
    #: noted at most once a minute; see accounts/api/keys.py
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["token_key"], name="apikey_token_key")]


# Django finds the models of an app through its module `models`; this one needs those above.
from accounts.approvals.models import Decision, Document, Notice, Request  # noqa: E402
from accounts.people.models import Change, Invitation, Letter  # noqa: E402
from accounts.sign_in.models import GuessBucket, SignIn  # noqa: E402

__all__ = [
    "ApiKey",
    "Change",
    "Decision",
    "Document",
    "GuessBucket",
    "Invitation",
    "Letter",
    "Notice",
    "Organisation",
    "Request",
    "SignIn",
    "User",
    "UserManager",
]
