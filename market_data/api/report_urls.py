"""Addresses of the reports."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from market_data.api import reports


class DateText(StringConverter):
    """What looks like a date; whether it is one is the view's to say."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


register_converter(DateText, "date_text")

urlpatterns = [
    path("reports/daily/", reports.DailyReports.as_view(), name="report-daily-list"),
    path("reports/daily/<date_text:day>/", reports.DailyReport.as_view(), name="report-daily"),
    path("reports/statement/", reports.Statements.as_view(), name="report-statement-list"),
    path("reports/statement/<date_text:day>/", reports.Statement.as_view(), name="report-statement"),
]
