"""Addresses of requests and documents in the API."""

from django.urls import path

from accounts.approvals import api

urlpatterns = [
    path("requests/", api.Requests.as_view(), name="requests"),
    path("requests/<int:request_id>/", api.OneRequest.as_view(), name="request"),
    path("requests/<int:request_id>/approve/", api.Approve.as_view(), name="request-approve"),
    path("requests/<int:request_id>/refuse/", api.Refuse.as_view(), name="request-refuse"),
    path("requests/<int:request_id>/withdraw/", api.Withdraw.as_view(), name="request-withdraw"),
    path("documents/", api.Documents.as_view(), name="documents"),
    path("documents/<int:document_id>/", api.OneDocument.as_view(), name="document-read"),
]
