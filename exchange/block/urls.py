"""Addresses of the pages of blocks."""

from django.urls import path

from exchange.block import acting_views, group_views, views

urlpatterns = [
    path("blocks/", views.index, name="blocks"),
    path("blocks/lists/", views.lists, name="block_lists"),
    path("blocks/new/", acting_views.new, name="block_new"),
    path("blocks/groups/", group_views.index, name="block_groups"),
    path("blocks/groups/<int:pk>/", group_views.group, name="block_group"),
    path("blocks/<int:pk>/", views.negotiation, name="block"),
    path("blocks/<int:pk>/thread/", views.thread, name="block_thread"),
    path("blocks/<int:pk>/counter/", acting_views.counter, name="block_counter"),
    path("blocks/<int:pk>/accept/", acting_views.accept, name="block_accept"),
    path("blocks/<int:pk>/refuse/", acting_views.refuse, name="block_refuse"),
    path("blocks/<int:pk>/withdraw/", acting_views.withdraw, name="block_withdraw"),
]
