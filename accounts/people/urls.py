"""Addresses of people."""

from django.urls import path

from accounts.people import arriving_views, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="people_invite"),
    path("people/changes/", views.changes, name="people_changes"),
    path("people/invitations/<int:pk>/resend/", views.resend, name="invitation_resend"),
    path("people/invitations/<int:pk>/withdraw/", views.withdraw, name="invitation_withdraw"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/remove/", views.remove, name="person_remove"),
    path("invitation/", arriving_views.invitation, name="invitation"),
]
