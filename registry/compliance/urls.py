"""Pages of compliance."""

from django.urls import path

from registry.compliance import landing, shortfall_views, views

urlpatterns = [
    path("registry/", landing.registry, name="registry"),
    path("registry/compliance/<int:year>/", views.year, name="compliance_year"),
    path("registry/compliance/<int:year>/surrender/", views.submit, name="compliance_submit"),
    path("registry/surrenders/<int:pk>/", views.one_surrender, name="surrender"),
    path("registry/shortfalls/", shortfall_views.listing, name="shortfalls"),
    path("registry/shortfalls/<int:pk>/", shortfall_views.one, name="shortfall"),
]
