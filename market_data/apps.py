from django.apps import AppConfig

#: Modules that register what takes two people (accounts/approvals/kinds.py).
KINDS: tuple[str, ...] = ("market_data.reports.corrections",)


class MarketDataConfig(AppConfig):
    name = "market_data"

    def ready(self) -> None:
        """The first words on a page are looked up after this, so fresh catalogues are what they find."""
        from importlib import import_module

        from django.conf import settings

        from market_data.catalogues import compile_stale

        for module in KINDS:
            import_module(module)
        compile_stale(settings.LOCALE_PATHS)
