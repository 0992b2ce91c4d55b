"""Addresses of carbon inclusion in the API."""

from django.urls import path

from registry.api import inclusion, inclusion_scenes

urlpatterns = [
    path("inclusion/", inclusion.Totals.as_view(), name="api-inclusion"),
    path("inclusion/methodologies/", inclusion.Methodologies.as_view(), name="api-inclusion-methodologies"),
    path("inclusion/rewards/", inclusion.Rewards.as_view(), name="api-inclusion-rewards"),
    path("inclusion/account/", inclusion.Account.as_view(), name="api-inclusion-account"),
    path("inclusion/records/", inclusion.Records.as_view(), name="api-inclusion-records"),
    path("inclusion/points/", inclusion.Points.as_view(), name="api-inclusion-points"),
    path("inclusion/scenes/", inclusion_scenes.Scenes.as_view(), name="api-inclusion-scenes"),
    path("inclusion/scenes/<str:code>/join/", inclusion.Join.as_view(), name="api-inclusion-join"),
    path("inclusion/scenes/<str:code>/leave/", inclusion.Leave.as_view(), name="api-inclusion-leave"),
    path(
        "inclusion/scenes/<str:code>/conversions/", inclusion_scenes.Conversions.as_view(),
        name="api-inclusion-conversions",
    ),
    path("inclusion/imports/", inclusion_scenes.Imports.as_view(), name="api-inclusion-imports"),
    path("inclusion/imports/<int:pk>/", inclusion_scenes.OneImport.as_view(), name="api-inclusion-import"),
    path("inclusion/imports/<int:pk>/send/", inclusion_scenes.Send.as_view(), name="api-inclusion-send"),
    path("inclusion/imports/<int:pk>/drop/", inclusion_scenes.Drop.as_view(), name="api-inclusion-drop"),
]  # fmt: skip
