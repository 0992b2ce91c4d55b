"""Addresses of obligations, surrenders and shortfalls in the API."""

from django.urls import path

from registry.api import obligations as api
from registry.api import shortfalls

urlpatterns = [
    path("obligations/", api.Obligations.as_view(), name="obligations"),
    path("obligations/<int:year>/", api.OneObligation.as_view(), name="obligation"),
    path("surrenders/", api.Surrenders.as_view(), name="surrenders"),
    path("surrenders/<int:surrender_id>/", api.OneSurrender.as_view(), name="surrender-read"),
    path("surrenders/<int:surrender_id>/approve/", api.ApproveSurrender.as_view(), name="surrender-approve"),
    path("surrenders/<int:surrender_id>/refuse/", api.RefuseSurrender.as_view(), name="surrender-refuse"),
    path(
        "surrenders/<int:surrender_id>/withdraw/", api.WithdrawSurrender.as_view(), name="surrender-withdraw"
    ),
    path("shortfalls/", shortfalls.Shortfalls.as_view(), name="shortfalls-list"),
    path("shortfalls/<int:pk>/", shortfalls.OneShortfall.as_view(), name="shortfall-read"),
    path("shortfalls/<int:pk>/propose/", shortfalls.Propose.as_view(), name="shortfall-propose"),
    path("shortfalls/<int:pk>/approve/", shortfalls.Approve.as_view(), name="shortfall-approve"),
    path("shortfalls/<int:pk>/refuse/", shortfalls.Refuse.as_view(), name="shortfall-refuse"),
    path("shortfalls/<int:pk>/withdraw/", shortfalls.Withdraw.as_view(), name="shortfall-withdraw"),
]
