"""The tables of signing in. allauth keeps its own of authenticators and sessions."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import append_only


class SignIn(models.Model):
    """One sign-in that succeeded. Append-only: what is new is told by what was before."""

    class Factor(models.TextChoices):
        NONE = "", _("Password only")
        TOTP = "totp", _("Password and app code")
        WEBAUTHN = "webauthn", _("Passkey")
        RECOVERY = "recovery_codes", _("Password and recovery code")

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="sign_ins")
    #: the world's time, not the demo's
    at = models.DateTimeField()
    address = models.GenericIPAddressField()
    agent = models.CharField(max_length=200, blank=True)
    #: digest of the browser's device cookie
    device = models.CharField(max_length=64)
    factor = models.CharField(max_length=16, choices=Factor, blank=True, default=Factor.NONE)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="sign_in_latest"),
            models.Index(fields=["user", "device"], name="sign_in_device"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"


class GuessBucket(models.Model):
    """When a bucket of guesses is full again (accounts/sign_in/guesses.py). Who it is of is a digest."""

    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
