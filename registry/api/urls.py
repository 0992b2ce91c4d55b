"""Addresses of this app's part of the API."""

from django.urls import path

from registry.api import accounts

urlpatterns = [
    path("accounts/", accounts.Balances.as_view(), name="balances"),
    path("positions/move/", accounts.Move.as_view(), name="positions-move"),
]
