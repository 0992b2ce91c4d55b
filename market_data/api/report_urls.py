"""Addresses of the reports."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from market_data.api import history, report_checks, reports


class DateText(StringConverter):
    """What looks like a date; whether it is one is the view's to say."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


class HexText(StringConverter):
    """A SHA-256 in hex, in small or capital letters."""

    regex = "[0-9a-fA-F]{64}"


register_converter(DateText, "date_text")
register_converter(HexText, "hex_text")

urlpatterns = [
    path("reports/history/", history.History.as_view(), name="report-history"),
    path("reports/check/<hex_text:sha256>/", report_checks.ReportCheck.as_view(), name="report-check"),
    path("reports/daily/", reports.DailyReports.as_view(), name="report-daily-list"),
    path("reports/daily/<date_text:day>/", reports.DailyReport.as_view(), name="report-daily"),
    path("reports/statement/", reports.Statements.as_view(), name="report-statement-list"),
    path("reports/statement/<date_text:day>/", reports.Statement.as_view(), name="report-statement"),
]
