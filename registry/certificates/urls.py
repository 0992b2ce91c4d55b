"""Public pages of certificates."""

from django.urls import path

from registry.certificates import views

urlpatterns = [
    path("certificates/", views.look_up, name="certificates"),
    path("certificates/<str:number>/", views.one, name="certificate"),
    path("certificates/<str:number>/pdf/", views.download, name="certificate_pdf"),
]
