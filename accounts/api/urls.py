"""Addresses of this app's part of the API."""

from django.urls import path

from accounts.api.docs import Docs, Schema
from accounts.api.health import Health, Readiness
from accounts.sign_in.key_api import Keys, OneKey

urlpatterns = [
    path("healthz", Health.as_view(), name="healthz"),
    path("readyz", Readiness.as_view(), name="readyz"),
    path("api/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", Docs.as_view(), name="docs"),
    path("api/v1/keys/", Keys.as_view(), name="api-keys"),
    path("api/v1/keys/<slug:key>/", OneKey.as_view(), name="api-key"),
]
