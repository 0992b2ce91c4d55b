"""Addresses of surveillance and replay."""

from django.urls import path

from market_data.replay import views as replay
from market_data.surveillance import views

urlpatterns = [
    path("", views.alerts, name="alerts"),
    path("<int:pk>/", views.alert, name="alert"),
    path("<int:pk>/step/", views.step, name="alert_step"),
    path("thresholds/", views.thresholds, name="thresholds"),
    path("replay/", replay.choose, name="replays"),
    path("replay/<day:day>/<str:code>/", replay.replay, name="replay"),
]
