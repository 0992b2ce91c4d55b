from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

#: Modules that register what takes two people (accounts/approvals/kinds.py).
KINDS: tuple[str, ...] = (
    "registry.custody.kinds",
    "registry.carryover.kinds",
    "registry.cancellation.kinds",
    "registry.allocation.kinds",
    "registry.compliance.kinds",
    "registry.credits.kinds",
    "registry.factors.kinds",
    "registry.inclusion.kinds",
)


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        self._expect_refusals()
        for module in KINDS:
            import_module(module)

    @staticmethod
    def _expect_refusals() -> None:
        """Errors of the ledger that tell a decider why nothing happened (accounts/approvals/kinds.py)."""
        from accounts.approvals.kinds import expect
        from registry.ledger.post import InsufficientBalance

        expect(
            InsufficientBalance,
            "INSUFFICIENT_HOLDINGS",
            _("Nothing happened: a balance that this needs is no longer there. Look at the holdings first."),
        )
