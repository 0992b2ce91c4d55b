"""Addresses of emitters, verified figures and objections in the API."""

from django.urls import path

from registry.api import emitters as api
from registry.api import records

urlpatterns = [
    path("emitters/", records.Emitters.as_view(), name="emitters-api"),
    path("emitters/<str:code>/", records.OneEmitter.as_view(), name="emitter-api"),
    path("emitters/<str:code>/units/", records.Units.as_view(), name="emitter-units"),
    path("emitters/<str:code>/units/<path:unit>/", records.OneUnit.as_view(), name="emitter-unit-api"),
    path("emitters/<str:code>/years/", records.Years.as_view(), name="emitter-years-api"),
    path("emitters/<str:code>/changes/", records.Changes.as_view(), name="emitter-changes"),
    path("emissions/", api.Emissions.as_view(), name="emissions-api"),
    path("objections/", api.Objections.as_view(), name="objections-api"),
    path("objections/<int:pk>/uphold/", api.Uphold.as_view(), name="objection-uphold"),
    path("objections/<int:pk>/dismiss/", api.Dismiss.as_view(), name="objection-dismiss"),
]
