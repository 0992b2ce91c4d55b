"""Addresses of the pages."""

import datetime as dt

from django.urls import include, path, register_converter
from django.urls.converters import get_converters

from market_data import operator_views, specification_views, views


class IsoDate:
    """A date as api.md writes it; a day that does not exist is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


if "day" not in get_converters():
    register_converter(IsoDate, "day")

urlpatterns = [
    path("", views.front, name="front"),
    path("prices/", views.front_prices, name="front_prices"),
    path("clock/", views.clock, name="clock"),
    path("desk/", views.desk, name="desk"),
    path("desk/<str:code>/", views.desk_of, name="desk_of"),
    path("desk/<str:code>/data/", views.desk_state, name="desk_state"),
    path("instruments/<str:code>/", specification_views.one, name="specification"),
    path("reports/", include("market_data.report_urls")),
    path("surveillance/", include("market_data.surveillance.urls")),
    path("operator/", operator_views.console, name="operator"),
    path("operator/state/", operator_views.state, name="operator_state"),
    path("operator/close/", operator_views.close_day, name="operator_close"),
    path("operator/next/", operator_views.open_next_day, name="operator_next"),
    path("operator/calendar/", operator_views.add_calendar_day, name="operator_calendar"),
    path("operator/<str:code>/halt/", operator_views.halt, name="operator_halt"),
    path("operator/<str:code>/resume/", operator_views.resume, name="operator_resume"),
]
