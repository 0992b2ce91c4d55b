"""Pages of factors."""

from django.urls import path

from registry.factors import views

urlpatterns = [
    path("public/factors/", views.public, name="public_factors"),
    path("registry/factors/new/", views.new, name="factor_new"),
]
