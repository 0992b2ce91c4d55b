"""Pages of compliance."""

from django.urls import path

from registry.compliance import views

urlpatterns = [
    path("registry/surrenders/<int:pk>/", views.one_surrender, name="surrender"),
]
