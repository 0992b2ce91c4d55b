"""Addresses of the sockets."""

from django.urls import path

from market_data.feed.account import AccountStream
from market_data.feed.market import MarketStream, PriceStream

websocket_urlpatterns = [
    path("ws/market/<str:code>/", MarketStream.as_asgi()),
    path("ws/prices/", PriceStream.as_asgi()),
    path("ws/account/", AccountStream.as_asgi()),
]
