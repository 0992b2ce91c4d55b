"""Addresses of plans and adjustments in the API."""

from django.urls import path

from registry.api import adjustments, allocations

urlpatterns = [
    path("allocations/", allocations.Allocations.as_view(), name="allocations"),
    path("allocations/<int:pk>/", allocations.OneAllocation.as_view(), name="allocation"),
    path("allocations/<int:pk>/rows/", allocations.Rows.as_view(), name="allocation-rows"),
    path("allocations/<int:pk>/rows/<str:code>/", allocations.OneRow.as_view(), name="allocation-row"),
    path("allocations/<int:pk>/send/", allocations.Send.as_view(), name="allocation-send"),
    path("allocations/<int:pk>/drop/", allocations.Drop.as_view(), name="allocation-drop"),
    path("allocations/<int:pk>/approve/", allocations.Approve.as_view(), name="allocation-approve"),
    path("allocations/<int:pk>/refuse/", allocations.Refuse.as_view(), name="allocation-refuse"),
    path("allocations/<int:pk>/withdraw/", allocations.Withdraw.as_view(), name="allocation-withdraw"),
    path(
        "allocations/<int:pk>/differentiate/",
        allocations.Differentiate.as_view(),
        name="allocation-differentiate",
    ),
    path("adjustments/", adjustments.Adjustments.as_view(), name="adjustments-api"),
    path("adjustments/<int:pk>/", adjustments.OneAdjustment.as_view(), name="adjustment-api"),
    path("adjustments/<int:pk>/approve/", adjustments.Approve.as_view(), name="adjustment-approve"),
    path("adjustments/<int:pk>/refuse/", adjustments.Refuse.as_view(), name="adjustment-refuse"),
    path("adjustments/<int:pk>/withdraw/", adjustments.Withdraw.as_view(), name="adjustment-withdraw"),
]
