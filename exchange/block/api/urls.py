"""Addresses of blocks in the API."""

from django.urls import path

from exchange.block.api import groups, views

urlpatterns = [
    path("blocks/", views.Negotiations.as_view(), name="api-blocks"),
    path("blocks/groups/", groups.Groups.as_view(), name="api-block-groups"),
    path("blocks/groups/<int:pk>/", groups.OneGroup.as_view(), name="api-block-group"),
    path("blocks/groups/<int:pk>/members/", groups.Members.as_view(), name="api-block-group-members"),
    path("blocks/<int:pk>/", views.OneNegotiation.as_view(), name="api-block"),
    path("blocks/<int:pk>/counter/", views.Counter.as_view(), name="api-block-counter"),
    path("blocks/<int:pk>/accept/", views.Accept.as_view(), name="api-block-accept"),
    path("blocks/<int:pk>/refuse/", views.Refuse.as_view(), name="api-block-refuse"),
    path("blocks/<int:pk>/withdraw/", views.Withdraw.as_view(), name="api-block-withdraw"),
]
