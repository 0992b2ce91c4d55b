"""Addresses of the registry's pages; each concern brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("registry.allocation.urls")),
    path("", include("registry.certificates.urls")),
    path("", include("registry.compliance.urls")),
    path("", include("registry.custody.urls")),
    path("", include("registry.emitters.urls")),
    path("", include("registry.oversight.urls")),
    path("", include("registry.factors.urls")),
    path("", include("registry.inclusion.urls")),
    path("", include("registry.credits.urls")),
    path("", include("registry.public.urls")),
]
