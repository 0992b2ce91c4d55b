"""Addresses: pages, reference data, API, health, docs."""

from django.urls import include, path

from market_data.reference import site

urlpatterns = [
    path("", include("market_data.urls")),
    path("", include("exchange.block.urls")),
    path("", include("exchange.auction.urls")),
    path("", include("registry.urls")),
    path("", include("accounts.approvals.urls")),
    path("", include("accounts.people.urls")),
    path("admin/", site.urls),
    path("accounts/", include("accounts.sign_in.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("accounts.api.urls")),
    path("api/v1/", include("accounts.approvals.api_urls")),
    path("api/v1/", include("accounts.people.api_urls")),
    path("api/v1/", include("registry.api.urls")),
    path("api/v1/", include("exchange.api.urls")),
    path("api/v1/", include("exchange.block.api.urls")),
    path("api/v1/", include("exchange.auction.api.urls")),
    path("api/v1/", include("market_data.api.urls")),
    path("", include("django_prometheus.urls")),
]
