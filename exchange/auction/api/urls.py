"""Addresses of auctions in the API."""

from django.urls import path

from exchange.auction.api import views

urlpatterns = [
    path("auctions/", views.Auctions.as_view(), name="api-auctions"),
    path("auctions/<int:pk>/", views.OneAuction.as_view(), name="api-auction"),
    path("auctions/<int:pk>/bids/", views.Bids.as_view(), name="api-auction-bids"),
    path("auctions/<int:pk>/bids/<str:client_id>/", views.OneBid.as_view(), name="api-auction-bid"),
]
