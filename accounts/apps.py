from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import heartbeats
        from accounts.api import schema  # noqa: F401 - drf-spectacular finds extensions that are loaded

        heartbeats.connect()
