"""Pages of allocation and adjustments."""

from django.urls import path

from registry.allocation import acts, adjustment_views, views

urlpatterns = [
    path("registry/allocation/", views.index, name="allocation"),
    path("registry/allocation/make/", acts.make, name="allocation_make"),
    path("registry/allocation/upload/", acts.upload, name="allocation_upload"),
    path("registry/allocation/<int:pk>/", views.plan, name="allocation_plan"),
    path("registry/allocation/<int:pk>/act/", acts.act, name="allocation_act"),
    path("registry/allocation/<int:pk>/state/", views.state, name="allocation_state"),
    path("registry/allocation/<int:pk>/rows/<str:code>/", views.row, name="allocation_row"),
    path(
        "registry/allocation/<int:pk>/rows/<str:code>/province/",
        acts.differentiate,
        name="allocation_differentiate",
    ),
    path("registry/adjustments/", adjustment_views.listing, name="adjustments"),
    path("registry/adjustments/<int:pk>/", adjustment_views.one, name="adjustment"),
]
