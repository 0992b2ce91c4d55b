"""Addresses of this app's part of the API."""

from django.urls import include, path

from registry.api import accounts

urlpatterns = [
    path("", include("registry.api.custody_urls")),
    path("", include("registry.api.allocation_urls")),
    path("", include("registry.api.emitter_urls")),
    path("", include("registry.api.obligation_urls")),
    path("", include("registry.api.oversight_urls")),
    path("", include("registry.api.inclusion_urls")),
    path("accounts/", accounts.Balances.as_view(), name="balances"),
    path("positions/move/", accounts.Move.as_view(), name="positions-move"),
]
