from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

#: Modules that register what takes two people (accounts/approvals/kinds.py).
KINDS: tuple[str, ...] = ("exchange.auction.kinds",)


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Exchange")

    def ready(self) -> None:
        for module in KINDS:
            import_module(module)
