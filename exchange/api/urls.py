"""Addresses of this app's part of the API."""

from django.urls import path

from exchange.api import orders

urlpatterns = [
    path("orders/", orders.Orders.as_view(), name="orders"),
    path("orders/batch/", orders.OrderBatch.as_view(), name="order-batch"),
    path("orders/<str:client_id>/", orders.OneOrder.as_view(), name="order"),
    path("trades/", orders.OwnTrades.as_view(), name="own-trades"),
]
