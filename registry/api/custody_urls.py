"""Addresses of custody, carry-over and cancellation in the API."""

from django.urls import path

from registry.api import custody

urlpatterns = [
    *(pattern for resource in custody.RESOURCES for pattern in resource.urls()),
    path("freezes/<int:pk>/lift/", custody.Lift.as_view(), name="api-freezes-lift"),
    path("pledges/<int:pk>/release/", custody.Release.as_view(), name="api-pledges-release"),
    path("pledges/<int:pk>/dispose/", custody.Dispose.as_view(), name="api-pledges-dispose"),
    path("trusted/<int:pk>/remove/", custody.Remove.as_view(), name="api-trusted-remove"),
    path("movements/", custody.Movements.as_view(), name="api-movements"),
]
