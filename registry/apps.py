from importlib import import_module

from django.apps import AppConfig

#: Modules that register what takes two people (accounts/approvals/kinds.py).
KINDS: tuple[str, ...] = ()


class RegistryConfig(AppConfig):
    name = "registry"

    def ready(self) -> None:
        for module in KINDS:
            import_module(module)
