"""Pages of auctions."""

from django.urls import path

from exchange.auction import ask_views, views

urlpatterns = [
    path("auctions/", views.listing, name="auctions"),
    path("auctions/new/", ask_views.new, name="new_auction"),
    path("auctions/<int:pk>/", views.one, name="auction"),
    path("auctions/<int:pk>/state/", views.state, name="auction_state"),
    path("auctions/<int:pk>/bid/", ask_views.bid, name="auction_bid"),
    path("auctions/<int:pk>/bids/<str:client_id>/withdraw/", ask_views.withdraw, name="withdraw_bid"),
]
