"""Addresses of emitters, verified figures and objections in the API."""

from django.urls import path

from registry.api import emitters as api

urlpatterns = [
    path("emitters/", api.Emitters.as_view(), name="emitters-api"),
    path("emitters/<str:code>/", api.OneEmitter.as_view(), name="emitter-api"),
    path("emissions/", api.Emissions.as_view(), name="emissions-api"),
    path("objections/", api.Objections.as_view(), name="objections-api"),
    path("objections/<int:pk>/uphold/", api.Uphold.as_view(), name="objection-uphold"),
    path("objections/<int:pk>/dismiss/", api.Dismiss.as_view(), name="objection-dismiss"),
]
