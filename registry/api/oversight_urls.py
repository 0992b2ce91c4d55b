"""Addresses of credits, factors, of what everybody may see, and of oversight."""

from django.urls import path

from registry.api import credits as credit_views
from registry.api import factors, oversight, public

urlpatterns = [
    path("credits/projects/", credit_views.Projects.as_view(), name="credit-projects"),
    path("credits/projects/<str:code>/", credit_views.OneProject.as_view(), name="credit-projects-one"),
    path("credits/issues/", credit_views.Issues.as_view(), name="credit-issues"),
    path("credits/issues/<int:pk>/", credit_views.OneIssue.as_view(), name="credit-issues-one"),
    path("credits/issues/<int:pk>/approve/", credit_views.Approve.as_view(), name="credit-issues-approve"),
    path("credits/issues/<int:pk>/refuse/", credit_views.Refuse.as_view(), name="credit-issues-refuse"),
    path("factors/", factors.Factors.as_view(), name="factors"),
    path("public/emitters/", public.Emitters.as_view(), name="public-emitters"),
    path("public/years/", public.Years.as_view(), name="public-years"),
    path("public/vintages/", public.Vintages.as_view(), name="public-vintages"),
    path("public/certificates/", public.Certificates.as_view(), name="public-certificates"),
    path("oversight/", oversight.Overview.as_view(), name="oversight"),
    path("oversight/emitters/", oversight.Emitters.as_view(), name="oversight-emitters"),
]
