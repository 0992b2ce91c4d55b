"""Addresses of this app's part of the API."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
