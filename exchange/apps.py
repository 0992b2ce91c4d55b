from importlib import import_module

from django.apps import AppConfig

#: Modules that register what takes two people (accounts/approvals/kinds.py).
KINDS: tuple[str, ...] = ("exchange.auction.kinds",)


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        for module in KINDS:
            import_module(module)
