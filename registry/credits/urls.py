"""Pages of credit projects."""

from django.urls import path

from registry.credits import views

urlpatterns = [
    path("registry/credits/", views.index, name="credits"),
    path("registry/credits/new/", views.new, name="credit_project_new"),
    path("registry/credits/projects/<str:code>/", views.project, name="credit_project"),
]
