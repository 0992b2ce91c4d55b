"""Addresses of the inbox."""

from django.urls import path

from accounts.approvals import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/all/", views.everything, name="inbox_all"),
    path("inbox/notices/", views.notice_list, name="notices"),
    path("inbox/notices/read/", views.notices_read, name="notices_read"),
    path("inbox/<int:pk>/", views.one, name="inbox_request"),
    path("documents/<int:pk>/", views.document, name="document"),
]
