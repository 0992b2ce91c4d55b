from django.apps import AppConfig


class MarketDataConfig(AppConfig):
    name = "market_data"

    def ready(self) -> None:
        """The first words on a page are looked up after this, so fresh catalogues are what they find."""
        from django.conf import settings

        from market_data.catalogues import compile_stale

        compile_stale(settings.LOCALE_PATHS)
