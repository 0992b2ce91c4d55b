"""Addresses of this app's part of the API."""

from django.urls import include, path

from market_data.api import charts, market, replay, surveillance

urlpatterns = [
    path("instruments/", market.Instruments.as_view(), name="instruments"),
    path("instruments/<str:code>/quote/", market.Quote.as_view(), name="quote"),
    path("instruments/<str:code>/book/", market.Book.as_view(), name="book"),
    path("instruments/<str:code>/trades/", market.PublicTrades.as_view(), name="public-trades"),
    path("instruments/<str:code>/candles/", charts.Candles.as_view(), name="candles"),
    path("composite/", market.CompositeQuote.as_view(), name="composite"),
    path("comparison/", charts.Comparison.as_view(), name="comparison"),
    path("market-events/", charts.Marks.as_view(), name="market-events"),
    path("", include("market_data.api.report_urls")),
    path("surveillance/alerts/", surveillance.Alerts.as_view(), name="alerts-list"),
    path("surveillance/alerts/<int:pk>/", surveillance.OneAlert.as_view(), name="alerts-one"),
    path("surveillance/alerts/<int:pk>/steps/", surveillance.Steps.as_view(), name="alerts-steps"),
    path("surveillance/thresholds/", surveillance.Thresholds.as_view(), name="thresholds-list"),
    path("surveillance/replay/<date_text:day>/<str:code>/", replay.Replay.as_view(), name="replay-steps"),
]
