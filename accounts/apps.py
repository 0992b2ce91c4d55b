from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Organisations and people")

    def ready(self) -> None:
        from accounts import heartbeats
        from accounts.api import schema  # noqa: F401 - drf-spectacular finds extensions that are loaded
        from accounts.people import kinds  # noqa: F401 - registers what takes two people

        heartbeats.connect()
