"""Addresses of the reports' pages; included under reports/."""

from django.urls import path

from market_data import download_views, report_proof_views, report_views

urlpatterns = [
    path("", report_views.archive, name="reports"),
    path("data/", report_views.data_guide, name="report_data"),
    path("check/", report_proof_views.check_file, name="report_check"),
    path("downloads/", download_views.downloads, name="downloads"),
    path("downloads/<uuid:download>/", download_views.state, name="download_state"),
    path("downloads/<uuid:download>/file/", download_views.file, name="download_file"),
    path("downloads/<uuid:download>/remove/", download_views.remove, name="download_remove"),
    path("<day:day>/", report_views.bulletin, name="report"),
    path("<day:day>/versions/", report_proof_views.versions, name="report_versions"),
    path("<day:day>/correct/", report_proof_views.ask_correction, name="report_correct"),
]
