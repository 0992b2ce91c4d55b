"""Pages for everybody."""

from django.urls import path

from registry.public import views

urlpatterns = [
    path("public/", views.overview, name="public"),
    path("public/emitters/", views.emitters, name="public_emitters"),
    path("public/vintages/", views.totals, name="public_vintages"),
    path("public/projects/", views.projects, name="public_projects"),
    path("public/projects/<str:code>/", views.project, name="public_project"),
    path("public/certificates/", views.certificates, name="public_certificates"),
]
