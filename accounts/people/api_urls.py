"""Addresses of people in the API."""

from django.urls import path

from accounts.people import api

urlpatterns = [
    path("people/", api.People.as_view(), name="api-people"),
    path("people/invitations/", api.Invitations.as_view(), name="api-invitations"),
    path(
        "people/invitations/<int:invitation_id>/resend/",
        api.InvitationResend.as_view(),
        name="api-invitation-resend",
    ),
    path(
        "people/invitations/<int:invitation_id>/withdraw/",
        api.InvitationWithdraw.as_view(),
        name="api-invitation-withdraw",
    ),
    path("people/changes/", api.Changes.as_view(), name="api-people-changes"),
    path("people/<int:person_id>/", api.OnePerson.as_view(), name="api-person"),
    path("people/<int:person_id>/roles/", api.PersonRoles.as_view(), name="api-person-roles"),
    path("people/<int:person_id>/remove/", api.PersonRemove.as_view(), name="api-person-remove"),
]
